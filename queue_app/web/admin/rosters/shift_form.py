"""A shift as it is planned: who, where, when; the choices are those of the office."""

from __future__ import annotations

from datetime import date

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovSelect, GovTextInput
from wtforms import BooleanField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional

from queue_app.adapters.language import format_short_day
from queue_app.db import db
from queue_app.domain.errors import DomainError
from queue_app.domain.rosters import KITS_MAX, Shift
from queue_app.models import RosterShift
from queue_app.queries.rosters.week import people_to_plan
from queue_app.queries.visits.counters import counters_of
from queue_app.web.admin.forms import ClockField
from queue_app.web.forms.office_form import IntegerField, OfficeForm
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

FIELDS_OF_REASONS = {"times": "ends_at", "officer": "officer", "counter": "counter", "days": "days"}


class ShiftForm(OfficeForm):
    counter = SelectField(_l("Loket"), coerce=int, validators=[InputRequired()], widget=GovSelect())
    officer = SelectField(_l("Petugas"), coerce=int, validators=[InputRequired()], widget=GovSelect())
    starts_at = ClockField(_l("Mulai"), validators=[InputRequired()], widget=GovTextInput())
    ends_at = ClockField(_l("Selesai"), validators=[InputRequired()], widget=GovTextInput())

    def offer(self, office_id: int) -> None:
        """What can be chosen: counters in use, and whoever serves there."""
        self.counter.choices = [
            SelectChoice(one.id, _("Loket %(number)s") % {"number": one.number})
            for one in counters_of(db.session(), office_id)
        ]
        self.officer.choices = [SelectChoice(one.id, one.name) for one in people_to_plan(db.session(), office_id)]

    def keep(self, shift: RosterShift) -> None:
        """A shift of somebody who has left, or of a counter that is closed, is shown as it is until it is changed."""
        number = _("Loket %(number)s") % {"number": shift.counter.number}
        for field, value, name in (
            (self.counter, shift.counter_id, number),
            (self.officer, shift.staff_id, shift.staff.name),
        ):
            if value not in {choice.value for choice in field.choices}:
                field.choices = [*field.choices, SelectChoice(value, name)]

    def shift(self, day: date) -> Shift:
        return Shift(self.counter.data, self.officer.data, day, self.starts_at.data, self.ends_at.data)

    def refuse(self, error: DomainError, field: str | None = None, zone: str | None = None) -> None:
        by_reason = FIELDS_OF_REASONS.get(str(error.details.get("reason")))
        field = "starts_at" if error.code == "shift_overlaps" else field or by_reason
        super().refuse(error, field if field in self else None, zone)


class NewShiftForm(ShiftForm):
    days = SelectMultipleField(
        _l("Hari"),
        validators=[InputRequired(_l("Pilih paling sedikit satu hari."))],
        widget=GovCheckboxesInput(),
    )

    def offer_days(self, days: list[date]) -> None:
        language = current_language()
        self.days.choices = [SelectChoice(day.isoformat(), format_short_day(day, language)) for day in days]

    def shifts(self) -> list[Shift]:
        return [self.shift(date.fromisoformat(day)) for day in self.days.data or ()]


class ChangedShiftForm(ShiftForm):
    absent = BooleanField(
        _l("Berhalangan"),
        description=_l("Orangnya tidak datang, dan loket dapat diisi orang lain. Sebabnya tidak dicatat."),
        widget=GovCheckboxInput(),
    )


class KitsForm(OfficeForm):
    kits = IntegerField(
        _l("Perangkat perekaman"),
        description=_l("Yang dapat dipakai bersamaan. Kosongkan bila setiap loket perekaman punya sendiri."),
        validators=[Optional(), NumberRange(0, KITS_MAX)],
        widget=GovTextInput(),
    )
