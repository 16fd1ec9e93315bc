"""The name of the office in addresses: choose, see what it changes, confirm; and give up one that it had."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, g, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.roles import Permission
from queue_app.domain.setup import SLUG_MAX
from queue_app.models import Office
from queue_app.queries.calendar.offices import former_addresses
from queue_app.services.setup.addresses import change_address, check_address, give_up_address
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ReasonForm, reason_field
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.request import actor, now
from queue_app.web.site.contact import forget_contacts
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l


class AddressForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"invalid_setup": "slug"}

    slug = StringField(
        _l("Nama dalam alamat"),
        description=_l("Huruf kecil, angka, dan tanda hubung, misalnya disdukcapil-kota-jayapura."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=SLUG_MAX)],
        widget=GovTextInput(),
    )


class ConfirmAddressForm(AddressForm):
    refusal_fields: ClassVar[dict[str, str]] = {**AddressForm.refusal_fields, "reason_required": "reason"}

    reason = reason_field()


@bp.route("/kantor/alamat-halaman", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def office_address() -> str | Response | tuple[str, int]:
    confirming = request.form.get("step") == "confirm"
    form = ConfirmAddressForm() if confirming else AddressForm(data={"slug": g.staff.office_slug})
    if not form.is_submitted():
        return _page(form)
    valid = form.validate()
    if form.slug.errors:
        return _page(form), 422
    try:
        if not confirming:
            return _preview(ConfirmAddressForm(reason=None))
        if not valid:
            return _preview(form), 422
        with unit_of_work() as session:
            reason = form.reason.data
            change_address(session, g.staff.office_id, form.slug.data, reason=reason, actor=actor(), now=now())
    except DomainError as refusal:
        form.refuse(refusal)
        return (_preview(form) if refusal.code == "reason_required" else _page(form)), 422
    forget_contacts()
    flash(_("Alamat halaman diubah. Alamat lama mengantar ke alamat baru."), "success")
    return redirect(url_for(".office_address"), 303)


@bp.route("/kantor/alamat-halaman/<slug:former>/lepas", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def give_up_office_address(former: str) -> str | Response | tuple[str, int]:
    """What was printed with it leads nowhere afterwards."""
    if former not in {one.slug for one in former_addresses(db.session(), g.staff.office_id)}:
        raise NotFound()
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                reason = form.reason.data
                give_up_address(session, g.staff.office_id, former, reason=reason, actor=actor(), now=now())
            flash(_("Alamat lama dilepas."), "success")
            return redirect(url_for(".office_address"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    page = render_template(
        "admin/with_reason.html",
        form=form,
        title=_("Lepas alamat lama"),
        back=url_for(".office_address"),
        caption=f"/{former}",
        explanation=_(
            "Poster, kode QR, dan tautan dengan alamat ini tidak berlaku lagi, dan kantor lain boleh memakainya."
        ),
        button=_("Lepas alamat ini"),
        kind="warning",
    )
    return page, 422 if form.is_submitted() else 200


def _page(form: AddressForm) -> str:
    former = former_addresses(db.session(), g.staff.office_id)
    return render_template("admin/setup/address.html", form=form, former=former)


def _preview(form: AddressForm) -> str:
    slug = check_address(db.session(), g.staff.office_id, form.slug.data)
    before = db.session().get_one(Office, g.staff.office_id).slug
    return render_template("admin/setup/address_preview.html", form=form, before=before, slug=slug)
