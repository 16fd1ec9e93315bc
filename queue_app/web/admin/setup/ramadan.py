"""The hours of Ramadan for several services at once: proposed by the decree, previewed, with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import ClassVar

from flask import flash, g, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSelect
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from queue_app.adapters.holiday_library import next_idul_fitri
from queue_app.db import db, unit_of_work
from queue_app.domain.calendar import Window
from queue_app.domain.errors import DomainError, ReasonRequired
from queue_app.domain.opening_hours import hours_of_office, is_seated
from queue_app.domain.roles import Permission
from queue_app.domain.special_hours import ramadan_before, ramadan_week
from queue_app.models import OfficeService
from queue_app.queries.calendar.offices import services_of
from queue_app.queries.calendar.schedules import windows_in_force
from queue_app.services.setup.ranged_hours import RangedHours
from queue_app.services.setup.weeks import set_weeks
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.forms import reason_field
from queue_app.web.forms.days import DayField
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language, ngettext
from queue_app.web.site.language import lazy_gettext as _l

from .hours import LATER
from .hours_form import WeekForm, weekday_rows
from .weeks_preview import weeks_preview

KEPT, SCALED = "kept", "scaled"


class RamadanForm(WeekForm):
    valid_until = DayField(_l("Sampai dengan"), validators=[InputRequired()])
    services = SelectMultipleField(
        _l("Layanan"),
        coerce=int,
        validators=[InputRequired(_l("Pilih paling sedikit satu layanan."))],
        widget=GovCheckboxesInput(),
    )
    quota = SelectField(
        _l("Kuota"),
        choices=[
            SelectChoice(SCALED, _l("Menurut panjang jam pelayanan")),
            SelectChoice(KEPT, _l("Tetap seperti sekarang")),
        ],
        default=SCALED,
        widget=GovSelect(),
    )

    def propose(self, windows: Mapping[int, Sequence[Window]], start: date) -> None:
        """Dates and hours to look at, from ``start`` on, for the services that people sit for."""
        first, last = ramadan_before(next_idul_fitri(start))
        self.valid_from.data, self.valid_until.data = max(first, start), last
        self.services.data = [one for one, week in windows.items() if is_seated(week)]
        self.fill_week({day.weekday: day for day in ramadan_week(hours_of_office(windows.values()))})

    def ranged(self) -> RangedHours:
        name = f"Ramadan {self.valid_from.data.year}"
        range_ = (self.valid_from.data, self.valid_until.data)
        return RangedHours(name, *range_, self.hours(), self.length.data, self.quota.data == SCALED)


class ConfirmRamadanForm(RamadanForm):
    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "reason"}

    reason = reason_field()


@bp.route("/kalender/ramadan", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def ramadan() -> str | Response | tuple[str, int]:
    """Three steps on one address, as of a schedule."""
    given = services_of(db.session(), g.staff.office_id)
    known = windows_in_force(db.session(), [one.id for one in given], today() + LATER)
    offerings = [one for one in given if one.id in known]
    step = request.form.get("step")
    form = ConfirmRamadanForm() if step == "confirm" else RamadanForm()
    form.services.choices = [(one.id, in_language(one.service, "name")) for one in offerings]
    if not form.is_submitted():
        form.propose(known, today() + timedelta(days=1))
        return _page(form)
    if step == "edit" or not (form.validate() or set(form.errors) == {"reason"}):
        return _page(form), 422 if form.errors else 200
    try:
        if form.errors or step != "confirm":
            return _preview(form, offerings), 422 if form.errors else 200
        return _set(form)
    except ReasonRequired as refusal:
        form.refuse(refusal)
        return _preview(form, offerings), 422
    except DomainError as refusal:
        form.refuse_hours(refusal)
        return _page(form), 422


def _page(form: RamadanForm) -> str:
    return render_template("admin/setup/ramadan.html", form=form, days=weekday_rows(form))


def _preview(form: RamadanForm, offerings: Sequence[OfficeService]) -> str:
    """Raises InvalidSetup, InvalidSchedule."""
    shown = form if isinstance(form, ConfirmRamadanForm) else ConfirmRamadanForm(reason=None)
    weeks = form.ranged().weeks(db.session(), form.services.data or ())
    return weeks_preview(shown, offerings, weeks, title=_("Dampak jam Ramadan"), button=_("Tetapkan jam Ramadan"))


def _set(form: ConfirmRamadanForm) -> Response:
    """Raises InvalidSetup, InvalidSchedule, NotFound, ReasonRequired."""
    with unit_of_work() as session:
        weeks = form.ranged().weeks(session, form.services.data or ())
        set_weeks(session, g.staff.office_id, weeks, reason=form.reason.data or "", actor=actor(), now=now())
    said = ngettext("Jam Ramadan satu layanan disimpan.", "Jam Ramadan %(n)s layanan disimpan.", len(weeks))
    flash(said % {"n": len(weeks)}, "success")
    return redirect(url_for(".calendar", bulan=f"{form.valid_from.data:%Y-%m}"), 303)
