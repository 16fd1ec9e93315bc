"""The weekly schedule as a table to fill in: one row for each window, empty rows at the end."""

from __future__ import annotations

from datetime import date

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from queue_app.domain.calendar import QUOTA_MAX, Share, Window
from queue_app.domain.errors import InvalidSchedule
from queue_app.models import Schedule
from queue_app.services.calendar.schedule import NewSchedule
from queue_app.web.admin.forms import ClockField, reason_field
from queue_app.web.forms.days import DayField
from queue_app.web.forms.office_form import IntegerField, OfficeForm, RowForm
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.refusals.people import message_for
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l
from queue_app.web.site.weekdays import WEEKDAYS

SHARES = {Share.PUBLIC: _l("Umum"), Share.ASSISTED: _l("Dampingan"), Share.PRIORITY: _l("Prioritas")}
EMPTY_ROWS = 5
ROWS_MAX = 150  # seven days of ten windows in two shares


class WindowForm(RowForm):
    """One row. A row without times and places, or marked to go, is left out."""

    weekday = SelectField(
        choices=[SelectChoice(str(number), text) for number, text in enumerate(WEEKDAYS)], default="0"
    )
    starts_at = ClockField()
    ends_at = ClockField()
    share = SelectField(choices=[SelectChoice(share, text) for share, text in SHARES.items()], default=Share.PUBLIC)
    places = IntegerField(validators=[Optional(), NumberRange(0, QUOTA_MAX)])
    leave_out = BooleanField()

    def validate(self, extra_validators: object = None) -> bool:
        if self.is_left_out():
            return True
        valid = bool(super().validate(extra_validators))
        for field in (self.starts_at, self.ends_at, self.places):
            if field.data is None and not field.errors:
                field.errors = [_("Lengkapi baris ini: jam mulai, jam selesai, dan tempat.")]
                valid = False
        return valid

    def is_left_out(self) -> bool:
        typed = [
            field.raw_data[0].strip() if field.raw_data else "" for field in (self.starts_at, self.ends_at, self.places)
        ]
        return bool(self.leave_out.data) or not any(typed)

    def window(self) -> Window:
        return Window(
            int(self.weekday.data), self.starts_at.data, self.ends_at.data, Share(self.share.data), self.places.data
        )


class ScheduleForm(OfficeForm):
    name = StringField(
        _l("Nama jadwal"),
        description=_l("Misalnya: Biasa, atau Ramadan 2027"),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=80)],
        widget=GovTextInput(),
    )
    valid_from = DayField(_l("Mulai berlaku"), validators=[InputRequired()])
    valid_until = DayField(
        _l("Sampai dengan (boleh kosong)"),
        description=_l("Sesudah tanggal ini jadwal sebelumnya berlaku lagi dengan sendirinya."),
        validators=[Optional()],
    )
    windows = FieldList(FormField(WindowForm), max_entries=ROWS_MAX)

    def fill(self, schedule: Schedule | None, start: date) -> None:
        """Start from the schedule in force."""
        self.valid_from.data = start
        for window in schedule.windows if schedule else ():
            self.windows.append_entry(
                {
                    "weekday": str(window.weekday),
                    "starts_at": window.starts_at,
                    "ends_at": window.ends_at,
                    "share": window.share,
                    "places": window.capacity,
                }
            )
        self.add_rows()

    def add_rows(self) -> None:
        for _number in range(min(EMPTY_ROWS, ROWS_MAX - len(self.windows))):
            self.windows.append_entry({})

    def rows(self) -> list[WindowForm]:
        return [entry.form for entry in self.windows if not entry.form.is_left_out()]

    def schedule(self) -> NewSchedule:
        windows = tuple(row.window() for row in self.rows())
        return NewSchedule(self.name.data, self.valid_from.data, self.valid_until.data, windows)

    def refuse_schedule(self, refusal: InvalidSchedule) -> None:
        """Put a refusal where it belongs: at the date, or at the row it speaks of."""
        reason, details = refusal.details.get("reason"), refusal.details
        if reason in {"past_date", "date_range"}:
            field = self.valid_from if reason == "past_date" else self.valid_until
            field.errors = [*field.errors, message_for(refusal)]
            return
        for row in self.rows():
            window = row.window()
            if (window.weekday, window.starts_at) == (details.get("weekday"), details.get("starts_at")):
                at = row.places if reason == "capacity" else row.ends_at if reason == "empty_window" else row.starts_at
                at.errors = [*at.errors, message_for(refusal)]
                return
        self.complain(message_for(refusal))


class ConfirmScheduleForm(ScheduleForm):
    reason = reason_field()
