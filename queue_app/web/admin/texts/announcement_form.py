"""The form of an announcement: what is said, where, and from when until when by the office's clock."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextArea, GovTextInput
from wtforms import BooleanField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from queue_app.domain.announcements import TEXT_MAX, Announcing, Level
from queue_app.domain.clock import office_instant
from queue_app.domain.errors import DomainError
from queue_app.models import Announcement
from queue_app.web.admin.forms import ClockField
from queue_app.web.forms.days import DayField
from queue_app.web.forms.office_form import OfficeForm, RadioInput
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.site.language import lazy_gettext as _l

LEVELS = {Level.INFO: _l("Info"), Level.IMPORTANT: _l("Penting: mengubah yang harus dilakukan warga")}
FIELD_OF_REASON = {
    **dict.fromkeys(("text", "personal"), "text_id"),
    **dict.fromkeys(("times", "past", "too_long"), "last_day"),
    "nowhere": "on_pages",
}


class AnnouncementForm(OfficeForm):
    text_id = TextAreaField(
        _l("Pengumuman"),
        description=_l("Satu atau dua kalimat, paling banyak 200 karakter. Semua orang membacanya."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=TEXT_MAX)],
        widget=GovTextArea(),
    )
    text_en = TextAreaField(
        _l("Pengumuman dalam bahasa Inggris (boleh kosong)"),
        filters=[trimmed],
        validators=[Optional(), Length(max=TEXT_MAX)],
        widget=GovTextArea(),
    )
    level = SelectField(
        _l("Seberapa penting"),
        choices=[SelectChoice(level.value, text) for level, text in LEVELS.items()],
        default=Level.INFO.value,
        widget=RadioInput(),
    )
    on_pages = BooleanField(_l("Di halaman warga"), default=True, widget=GovCheckboxInput())
    on_display = BooleanField(_l("Di layar panggilan"), default=True, widget=GovCheckboxInput())
    everywhere = BooleanField(_l("Untuk semua kantor"), widget=GovCheckboxInput())
    first_day = DayField(_l("Mulai tanggal"), description=_l("Kosong berarti sekarang juga."), validators=[Optional()])
    first_at = ClockField(_l("Mulai pukul"), validators=[Optional()], widget=GovTextInput())
    last_day = DayField(_l("Sampai tanggal"), validators=[InputRequired(_l("Isi tanggal terakhir pengumuman."))])
    last_at = ClockField(_l("Sampai pukul"), default=time(16), validators=[InputRequired()], widget=GovTextInput())

    def announcing(self, zone: str, *, now: datetime) -> Announcing:
        """Without a first day it begins now; without a first hour at midnight."""
        begins = now.replace(second=0, microsecond=0)
        if self.first_day.data:
            begins = office_instant(self.first_day.data, self.first_at.data or time(), zone)
        return Announcing(
            text_id=self.text_id.data or "",
            text_en=self.text_en.data or "",
            level=Level(self.level.data),
            on_pages=bool(self.on_pages.data),
            on_display=bool(self.on_display.data),
            starts_at=begins,
            ends_at=office_instant(self.last_day.data, self.last_at.data, zone),
        )

    def refuse_announcement(self, refusal: DomainError) -> None:
        self.refuse(refusal, FIELD_OF_REASON.get(str(refusal.details.get("reason"))))


def present(row: Announcement, zone: str) -> dict[str, Any]:
    """The fields as they are for one that stands, by the clock of the office."""
    begins, ends = (at.astimezone(ZoneInfo(zone)) for at in (row.starts_at, row.ends_at))
    columns = {name: getattr(row, name) for name in ("text_id", "text_en", "on_pages", "on_display")}
    times = {"first_day": begins.date(), "first_at": begins.time(), "last_day": ends.date(), "last_at": ends.time()}
    return {**columns, **times, "level": row.level.value}
