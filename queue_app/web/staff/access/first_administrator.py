"""The one-time link: the first administrator, and on an empty installation the first office."""

from __future__ import annotations

import hmac
from typing import ClassVar

from flask import render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from queue_app.adapters.holiday_library import known_holidays
from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.setup_plan import SitePlan
from queue_app.queries.calendar.offices import any_office
from queue_app.services.access.staff import administrator_exists, start_session
from queue_app.services.calendar.proposals import propose_holidays, years_ahead
from queue_app.services.setup.founding import found
from queue_app.services.setup.offices import NewOffice
from queue_app.web.access.rules import public
from queue_app.web.forms.printed_text import can_be_printed
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.forms.zones import zone_field
from queue_app.web.request import keyring, now
from queue_app.web.site.head import forget_site, site
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .forms import FirstAdministratorForm
from .log_in import bp, enter


class FoundingForm(FirstAdministratorForm):
    """On an empty installation: nobody can be an administrator of nothing."""

    refusal_fields: ClassVar[dict[str, str]] = {**FirstAdministratorForm.refusal_fields, "invalid_setup": "office"}

    office = StringField(
        _l("Nama kantor"),
        description=_l("Misalnya Disdukcapil Kota Jayapura. Kantor dan titik layanan lain ditambahkan nanti."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=100), can_be_printed],
        widget=GovTextInput(),
    )
    zone = zone_field()


@bp.route("/admin-pertama/<token>", methods=["GET", "POST"])
@public
def first_administrator(token: str) -> str | Response | tuple[str, int]:
    """Gone as soon as there is an administrator. Leads on to the set-up."""
    expected = keyring().first_administrator_token()
    genuine = hmac.compare_digest(token.encode(), expected.encode())
    if not genuine or administrator_exists(db.session()):
        raise NotFound()
    form = FirstAdministratorForm() if any_office(db.session()) else FoundingForm()
    if form.validate_on_submit():
        try:
            return _found(form)
        except DomainError as refusal:
            if refusal.code == NotFound.code:
                raise
            form.refuse(refusal)
    status = 422 if form.is_submitted() else 200
    return render_template("staff/first_administrator.html", title=_("Administrator pertama"), form=form), status


def _found(form: FirstAdministratorForm) -> Response:
    """Raises InvalidSetup, and as `create_staff` does."""
    moment, head = now(), site()
    office, subtitle = None, head.subtitle
    if isinstance(form, FoundingForm):
        office, subtitle = NewOffice(form.office.data, form.zone.data), form.office.data
    with unit_of_work() as unit:
        staff = found(
            unit,
            office,
            SitePlan(head.title, subtitle, head.brand_colour),
            username=form.username.data,
            name=form.name.data,
            password=form.password.data,
            now=moment,
        )
        propose_holidays(unit, known_holidays(years_ahead(moment)), now=moment)
        staff_token, staff_id = start_session(unit, staff.id, now=moment), staff.id
    forget_site()
    return enter(staff_token, staff_id, url_for("admin.setup") if office else url_for(".home"))
