"""Copy the hours of a service or a weekday to others, or of another office: what is copied is seen first."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, g, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSelect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.queries.access.office_rows import office_service_at
from queue_app.queries.calendar.offices import services_of
from queue_app.services.setup.copied_weeks import week_of_service, weekdays_copied, weeks_of_office
from queue_app.services.setup.weeks import Weeks, set_weeks
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import ReasonForm
from queue_app.web.forms.days import DayField
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language, ngettext
from queue_app.web.site.language import lazy_gettext as _l
from queue_app.web.site.weekdays import WEEKDAYS

from .hours import LATER
from .weeks_preview import weeks_preview

OF_WEEK = [SelectChoice(number, text) for number, text in enumerate(WEEKDAYS)]


class CopiedWeeksForm(ReasonForm):
    refusal_fields: ClassVar[dict[str, str]] = {
        "reason_required": "reason",
        "invalid_schedule": "valid_from",
        "invalid_setup": "services",
    }

    services = SelectMultipleField(
        _l("Untuk layanan"),
        coerce=int,
        validators=[InputRequired(_l("Pilih paling sedikit satu layanan."))],
        widget=GovCheckboxesInput(),
    )
    valid_from = DayField(_l("Mulai berlaku"), validators=[InputRequired()])

    def weeks(self, session: Session) -> Weeks:
        """What is copied: each of the forms below says from where."""
        raise NotImplementedError


class CopyServiceForm(CopiedWeeksForm):
    source: int

    def weeks(self, session: Session) -> Weeks:
        return week_of_service(session, self.services.data or (), self.source, self.valid_from.data)


class CopyWeekdayForm(CopiedWeeksForm):
    source = SelectField(_l("Jam hari"), coerce=int, choices=OF_WEEK, default=0, widget=GovSelect())
    targets = SelectMultipleField(
        _l("Disalin ke hari"),
        coerce=int,
        choices=OF_WEEK,
        validators=[InputRequired(_l("Pilih paling sedikit satu hari."))],
        widget=GovCheckboxesInput(),
    )

    def weeks(self, session: Session) -> Weeks:
        chosen = self.services.data or ()
        return weekdays_copied(session, chosen, self.source.data, self.targets.data or (), self.valid_from.data)


class CopyOfficeHoursForm(CopiedWeeksForm):
    office = SelectField(_l("Dari kantor"), coerce=int, validators=[InputRequired()], widget=GovSelect())

    def weeks(self, session: Session) -> Weeks:
        return weeks_of_office(session, self.services.data or (), self.office.data, self.valid_from.data)


@bp.route("/jadwal/<int:office_service_id>/salin", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def copy_schedule(office_service_id: int) -> str | Response | tuple[str, int]:
    """To all others of the office, unless some are unticked; each keeps its quota."""
    source = office_service_at(db.session(), office_service_id, g.staff.office_id)
    start = {"valid_from": today() + LATER, "reason": f"Jam disamakan dengan {source.service.name_id}"}
    form = CopyServiceForm(data=start)
    form.source = source.id
    title = _("Salin jam %(service)s ke layanan lain") % {"service": in_language(source.service, "name")}
    return _three_steps(form, title, without=source.id)


@bp.route("/kalender/salin-hari", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def copy_weekday() -> str | Response | tuple[str, int]:
    start = {"valid_from": today() + LATER, "targets": [1, 2, 3]}
    return _three_steps(CopyWeekdayForm(data=start), _("Salin jam ke hari lain"))


@bp.route("/kalender/salin-kantor", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def copy_office_hours() -> str | Response | tuple[str, int]:
    """From offices where one works as well."""
    form = CopyOfficeHoursForm(data={"valid_from": today() + LATER})
    form.office.choices = [SelectChoice(id_, name) for id_, name in g.staff.offices if id_ != g.staff.office_id]
    return _three_steps(form, _("Salin jam dari kantor lain"))


def _three_steps(form: CopiedWeeksForm, title: str, *, without: int = 0) -> str | Response | tuple[str, int]:
    """Fill in, see what is copied, say why, on one address."""
    offerings = [one for one in services_of(db.session(), g.staff.office_id) if one.id != without]
    form.services.choices = [(one.id, in_language(one.service, "name")) for one in offerings]
    step = request.form.get("step")
    form.validate_on_submit()
    if step != "confirm":
        form.reason.errors = []
    if not form.is_submitted():
        asked = request.args.get("layanan", type=int)
        form.services.data = [one.id for one in offerings if asked in (None, one.id)]
        return render_template("admin/setup/copied_weeks.html", form=form, title=title)
    if step == "edit" or set(form.errors) - {"reason"}:
        page = render_template("admin/setup/copied_weeks.html", form=form, title=title)
        return page, 200 if step == "edit" else 422
    try:
        if step == "confirm" and not form.errors:
            return _set(form)
        shown = weeks_preview(form, offerings, form.weeks(db.session()), title=title, button=_("Salin jam"))
        return shown, 422 if step == "confirm" else 200
    except DomainError as refusal:
        form.refuse(refusal)
        return render_template("admin/setup/copied_weeks.html", form=form, title=title), 422


def _set(form: CopiedWeeksForm) -> Response:
    """Raises InvalidSetup, InvalidSchedule, ReasonRequired."""
    with unit_of_work() as session:
        weeks = form.weeks(session)
        set_weeks(session, g.staff.office_id, weeks, reason=form.reason.data or "", actor=actor(), now=now())
    number = len(weeks)
    said = ngettext("Jam disalin ke satu layanan.", "Jam disalin ke %(n)s layanan.", number) % {"n": number}
    flash(said, "success")
    return redirect(url_for(".quota"), 303)
