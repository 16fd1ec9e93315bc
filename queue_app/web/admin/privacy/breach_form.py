"""The form of a breach, with texts for those concerned that are there to be edited."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovTextArea
from wtforms import DateField, SelectChoice, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from queue_app.domain.breaches import TEXT_MAX, BreachedData
from queue_app.domain.clock import office_date
from queue_app.models import Breach, OfficeService
from queue_app.services.privacy.breaches import BreachFacts
from queue_app.web.admin.forms import ClockField
from queue_app.web.forms.office_form import DayInput, OfficeForm, TimeInput
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language
from queue_app.web.site.language import lazy_gettext as _l

DATA: dict[str, Any] = {
    BreachedData.NAME: _l("Nama"),
    BreachedData.NIK: _l("NIK"),
    BreachedData.PHONE: _l("Nomor HP"),
    BreachedData.EMAIL: _l("Alamat email"),
    BreachedData.BOOKING: _l("Pemesanan: hari, jam, layanan, hasil"),
}
# What Pasal 46 wants told: the data, when and how it was disclosed, and what is done about it.
NOTICE_ID = """Data: [nama, nomor HP]
Kapan dan bagaimana: [pada tanggal ... data ini ... oleh ...]
Yang kami lakukan: [akses ditutup; kata sandi diganti; ...]
Yang sebaiknya Anda lakukan: [waspadai telepon yang mengaku dari kantor; jangan berikan kode kepada siapa pun]
Pertanyaan: [telepon dan jam kantor]"""
NOTICE_EN = """Data: [name, phone number]
When and how: [on ... this data was ... by ...]
What we have done: [access closed; passwords changed; ...]
What you should do: [be careful with calls or messages that claim to come from the office; give no code to anybody]
Questions: [telephone and hours of the office]"""
FIRST_YEAR = 2000
MISSING = _l("Bagian ini harus diisi.")


class BreachForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"invalid_breach": "happened"}
    FIELD_OF_REASON: ClassVar[dict[str, str]] = {"dates": "last_day", "future": "noticed_on", "data": "data"}

    happened = TextAreaField(
        _l("Apa yang terjadi"),
        description=_l("Untuk catatan kantor. Jangan tulis nama, NIK, atau nomor HP orang."),
        filters=[trimmed],
        validators=[InputRequired(MISSING), Length(max=TEXT_MAX)],
        widget=GovTextArea(),
    )
    noticed_on = DateField(_l("Diketahui pada hari"), validators=[InputRequired(MISSING)], widget=DayInput())
    noticed_at = ClockField(_l("Pukul"), validators=[InputRequired(MISSING)], widget=TimeInput())
    data = SelectMultipleField(
        _l("Data yang terkena"),
        choices=[SelectChoice(one.value, DATA[one]) for one in BreachedData],
        validators=[InputRequired(_l("Centang data yang terkena."))],
        widget=GovCheckboxesInput(),
    )
    first_day = DateField(
        _l("Kedatangan dari hari"),
        description=_l("Yang terkena: pemesanan dengan kedatangan pada hari-hari ini di kantor ini."),
        validators=[InputRequired(MISSING)],
        widget=DayInput(),
    )
    last_day = DateField(_l("Sampai hari"), validators=[InputRequired(MISSING)], widget=DayInput())
    services = SelectMultipleField(
        _l("Hanya layanan ini (kosong berarti semua)"),
        coerce=int,
        validators=[Optional()],
        widget=GovCheckboxesInput(),
    )
    notice_id = TextAreaField(
        _l("Yang disampaikan kepada yang terkena"),
        description=_l("Ganti semua yang di dalam kurung siku. Jangan tulis nama, NIK, atau nomor HP orang."),
        filters=[trimmed],
        validators=[InputRequired(MISSING), Length(max=TEXT_MAX)],
        widget=GovTextArea(),
    )
    notice_en = TextAreaField(
        _l("Yang sama dalam bahasa Inggris (boleh kosong)"),
        filters=[trimmed],
        validators=[Optional(), Length(max=TEXT_MAX)],
        widget=GovTextArea(),
    )

    def validate_noticed_on(self, field: DateField) -> None:
        # In the calendar\'s own first hours there is no such instant in UTC.
        if field.data is not None and field.data.year < FIRST_YEAR:
            raise ValidationError(_("Tulis tanggal yang benar."))

    def facts(self, zone: str) -> BreachFacts:
        """Only after validation."""
        noticed = datetime.combine(self.noticed_on.data, self.noticed_at.data or time(0), ZoneInfo(zone))
        return BreachFacts(
            happened=self.happened.data,
            noticed_at=noticed.astimezone(UTC),
            data=tuple(BreachedData(one) for one in self.data.data),
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            services=tuple(self.services.data or ()),
            notice_id=self.notice_id.data,
            notice_en=self.notice_en.data or "",
        )


def breach_form(offerings: list[OfficeService], zone: str, breach: Breach | None = None) -> BreachForm:
    form = BreachForm(data=_values(breach, zone) if breach else {"notice_id": NOTICE_ID, "notice_en": NOTICE_EN})
    form.services.choices = [SelectChoice(one.service_id, in_language(one.service, "name")) for one in offerings]
    return form


def _values(breach: Breach, zone: str) -> dict[str, Any]:
    same = ("happened", "first_day", "last_day", "notice_id", "notice_en")
    return {
        **{name: getattr(breach, name) for name in same},
        "noticed_on": office_date(breach.noticed_at, zone),
        "noticed_at": breach.noticed_at.astimezone(ZoneInfo(zone)).time(),
        "data": breach.data.split(","),
        "services": [one.service_id for one in breach.services],
    }
