"""The regency, city or kecamatan of the office, with its code."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, g, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.models import Office
from queue_app.services.setup.region import change_region
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ReasonForm
from queue_app.web.forms.printed_text import can_be_printed
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l


class RegionForm(ReasonForm):
    refusal_fields: ClassVar[dict[str, str]] = {**ReasonForm.refusal_fields, "invalid_setup": "region_name"}

    region_name = StringField(
        _l("Kabupaten, kota, atau distrik"),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=100), can_be_printed],
        widget=GovTextInput(),
    )
    region_code = StringField(
        _l("Kode wilayah"),
        description=_l("Kode Kemendagri, misalnya 33.14 atau 33.14.10. Boleh kosong."),
        filters=[trimmed],
        validators=[Length(max=8)],
        widget=GovTextInput(),
    )


@bp.route("/kantor/wilayah", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def office_region() -> str | Response | tuple[str, int]:
    found = db.session().get_one(Office, g.staff.office_id)
    form = RegionForm(data={"region_name": found.region_name, "region_code": found.region_code})
    if form.validate_on_submit():
        typed = form.region_name.data, form.region_code.data or ""
        try:
            with unit_of_work() as session:
                reason = form.reason.data
                changed = change_region(session, g.staff.office_id, *typed, reason=reason, actor=actor(), now=now())
            flash(_("Perubahan disimpan.") if changed else _("Tidak ada yang berubah."), "success")
            return redirect(url_for(".office_region"), 303)
        except DomainError as refusal:
            form.refuse(refusal, "region_code" if refusal.details.get("reason") == "region" else None)
    return render_template("admin/setup/region.html", form=form), 422 if form.is_submitted() else 200
