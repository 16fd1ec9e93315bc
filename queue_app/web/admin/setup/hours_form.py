"""A week of opening hours, entered once, and the places a day of each service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any, ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import FieldList, FormField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from queue_app.domain.calendar import QUOTA_MAX, Window
from queue_app.domain.errors import DomainError
from queue_app.domain.setup import DayHours, hours_of_windows
from queue_app.models import OfficeService
from queue_app.services.setup.offered import OF_CATALOGUE
from queue_app.web.admin.forms import ClockField, reason_field
from queue_app.web.forms.days import DayField
from queue_app.web.forms.office_form import IntegerField as ShortIntegerField
from queue_app.web.forms.office_form import OfficeForm, RowForm
from queue_app.web.refusals.people import message_for
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l
from queue_app.web.site.weekdays import WEEKDAYS

USUAL_QUOTA = 20  # of a service that the catalogue does not know
# As most offices have it; nobody has to type a whole week to change one day.
USUAL_WEEK = {day: DayHours(day, time(8), time(15), time(12), time(13)) for day in range(4)}
USUAL_WEEK[4] = DayHours(4, time(8), time(11))
BY_LENGTH = "by_length"
LENGTHS = (
    SelectChoice(15, _l("15 menit")),
    SelectChoice(30, _l("30 menit")),
    SelectChoice(60, _l("1 jam")),
    SelectChoice(120, _l("2 jam")),
    SelectChoice(240, _l("4 jam")),
)


class DayForm(RowForm):
    """A weekday; without hours the office is closed."""

    opens = ClockField()
    closes = ClockField()
    break_from = ClockField()
    break_until = ClockField()

    @property
    def fields(self) -> tuple[Any, ...]:
        return self.opens, self.closes, self.break_from, self.break_until

    def validate(self, extra_validators: object = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if any(field.data for field in self.fields) and valid:
            for field in (self.opens, self.closes):
                if field.data is None:
                    field.errors = [_("Tulis jam buka dan jam tutup, atau kosongkan barisnya.")]
                    return False
        return valid


class QuotaRow(RowForm):
    """``offering``: the service at the office. Without places it keeps the hours that it has."""

    offering = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    places = ShortIntegerField(validators=[Optional(), NumberRange(0, QUOTA_MAX)])


class WeekForm(OfficeForm):
    """A week of hours, and from when on."""

    days = FieldList(FormField(DayForm), min_entries=7, max_entries=7)
    length = SelectField(_l("Panjang satu jam kedatangan"), coerce=int, default=60, choices=LENGTHS, widget=GovSelect())
    valid_from = DayField(_l("Mulai berlaku"), validators=[InputRequired()])

    def fill_week(self, week: Mapping[int, DayHours]) -> None:
        for weekday, row in enumerate(self.days):
            if day := week.get(weekday):
                times = (day.opens, day.closes, day.break_from, day.break_until)
                for field, at in zip(row.form.fields, times, strict=True):
                    field.data = at

    def hours(self) -> tuple[DayHours, ...]:
        filled = ((weekday, row.form) for weekday, row in enumerate(self.days))
        return tuple(
            DayHours(weekday, *(field.data for field in row.fields)) for weekday, row in filled if row.opens.data
        )

    def refuse_hours(self, refusal: DomainError) -> None:
        """At the day of the week or the date that it is about."""
        reason, weekday = refusal.details.get("reason"), refusal.details.get("weekday")
        if reason in {"past_date", "date_range"}:
            self.refuse(refusal, "valid_from")
        elif isinstance(weekday, int) and reason in {"hours", "break"}:
            row = self.days[weekday].form
            at = row.closes if reason == "hours" else row.break_from
            at.errors = [*at.errors, message_for(refusal)]
        else:
            self.complain(message_for(refusal))


class HoursForm(WeekForm):
    shorter_days = SelectField(
        _l("Kuota pada hari yang lebih pendek"),
        choices=[
            SelectChoice(BY_LENGTH, _l("Lebih sedikit, menurut panjang jam pelayanan")),
            SelectChoice("same", _l("Sama dengan hari lain")),
        ],
        default=BY_LENGTH,
        widget=GovSelect(),
    )
    quotas = FieldList(FormField(QuotaRow), max_entries=200)

    def fill(
        self, offerings: Sequence[OfficeService], windows: Mapping[int, Sequence[Window]], today: date, start: date
    ) -> None:
        """``windows``: of the services that have some, which are left alone unless somebody types a quota. The week is
        theirs, as the first of them has it.
        """
        first = _first_week(offerings, windows)
        week = {day.weekday: day for day in hours_of_windows(first)} or USUAL_WEEK
        self.fill_week(week)
        if first:
            self.length.data = _usual_length(first)
        for one in offerings:
            entry = OF_CATALOGUE.get(one.service.code)
            usual_quota = entry.quota if entry else USUAL_QUOTA
            self.quotas.append_entry({"offering": one.id, "places": None if one.id in windows else usual_quota})
        self.valid_from.data = start if windows else today

    def has_week_of(self, offerings: Sequence[OfficeService], windows: Mapping[int, Sequence[Window]]) -> bool:
        """Whether nothing of the week that `fill` showed was changed."""
        return self.hours() == hours_of_windows(_first_week(offerings, windows))

    def is_by_length(self) -> bool:
        return bool(self.shorter_days.data == BY_LENGTH)

    def places(self) -> dict[int, int]:
        rows = (row.form for row in self.quotas)
        return {row.offering.data: row.places.data for row in rows if row.places.data is not None}


class ConfirmHoursForm(HoursForm):
    """Who changes hours that people know says why."""

    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "reason"}

    reason = reason_field()


def _first_week(offerings: Sequence[OfficeService], windows: Mapping[int, Sequence[Window]]) -> Sequence[Window]:
    return next((windows[one.id] for one in offerings if one.id in windows), ())


def _usual_length(windows: Sequence[Window]) -> int:
    """Of most of the windows, in minutes; an hour where the page does not offer it."""
    lengths = Counter(
        (one.ends_at.hour - one.starts_at.hour) * 60 + one.ends_at.minute - one.starts_at.minute for one in windows
    )
    (usual, _times), *_others = lengths.most_common(1)
    return usual if usual in {choice.value for choice in LENGTHS} else 60


def weekday_rows(form: WeekForm) -> list[tuple[str, Any]]:
    return [(str(name), row.form) for name, row in zip(WEEKDAYS, form.days, strict=True)]
