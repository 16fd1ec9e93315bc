"""The second step: which services of the catalogue the office gives, and services of its own."""

from __future__ import annotations

from typing import ClassVar

from flask import g, request
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from queue_app.db import db, unit_of_work
from queue_app.domain.catalogue import CATALOGUE
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.queries.access.staff import administers_every_office
from queue_app.queries.calendar.offices import services_of
from queue_app.services.setup.offered import OwnService, offer_own_service, offer_services
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.calendar.holidays import refuse_unless_all_offices
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.printed_text import can_be_printed
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.request import actor, now
from queue_app.web.site.contact import forget_contacts
from queue_app.web.site.language import current_language, ngettext
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .steps import on_to_next, step_page

EVERYTHING = "all"  # the button that takes the whole catalogue


class ServicesForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"invalid_setup": "codes"}

    codes = SelectMultipleField(_l("Centang yang diberikan kantor ini"), widget=GovCheckboxesInput())


def _text(label: _l, most: int) -> StringField:
    return StringField(
        label, filters=[trimmed], validators=[InputRequired(), Length(max=most), can_be_printed], widget=GovTextInput()
    )


class OwnServiceForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"invalid_setup": "name_id"}

    name_id = _text(_l("Nama layanan"), 80)
    name_en = _text(_l("Nama layanan, dalam bahasa Inggris"), 80)
    summary_id = _text(_l("Untuk apa, dalam satu kalimat"), 200)
    summary_en = _text(_l("Untuk apa, dalam bahasa Inggris"), 200)


@bp.route("/persiapan/layanan", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def setup_services() -> str | Response | tuple[str, int]:
    given = services_of(db.session(), g.staff.office_id)
    missing = [entry for entry in CATALOGUE if entry.code not in {one.service.code for one in given}]
    form = ServicesForm()
    form.codes.choices = [(entry.code, entry.name[current_language() == "en"]) for entry in missing]
    if form.validate_on_submit():
        everything = request.form.get("step") == EVERYTHING
        codes = [entry.code for entry in missing] if everything else form.codes.data or []
        try:
            with unit_of_work() as session:
                added = len(offer_services(session, g.staff.office_id, codes, actor=actor(), now=now()))
            forget_contacts()
            said = ngettext("Satu layanan ditambahkan.", "%(n)s layanan ditambahkan.", added) % {"n": added}
            return on_to_next("services", said if added else _("Tidak ada yang berubah."))
        except DomainError as refusal:
            form.refuse(refusal)
    may_add = administers_every_office(db.session(), g.staff.staff_id)
    page = step_page("services", form=form, given=given, missing=missing, may_add=may_add)
    return page, 422 if form.is_submitted() else 200


@bp.route("/layanan/baru", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def new_service() -> str | Response | tuple[str, int]:
    """A service that the catalogue does not know. Its name is the same at all offices, so who answers for all."""
    refuse_unless_all_offices()
    form = OwnServiceForm()
    if form.validate_on_submit():
        own = OwnService((form.name_id.data, form.name_en.data), (form.summary_id.data, form.summary_en.data))
        try:
            with unit_of_work() as session:
                offer_own_service(session, g.staff.office_id, own, actor=actor(), now=now())
            forget_contacts()
            return on_to_next("services", _("Layanan baru dibuat."))
        except DomainError as refusal:
            form.refuse(refusal)
    return step_page("services", "own_service", form=form), 422 if form.is_submitted() else 200
