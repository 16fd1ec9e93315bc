"""The form for many days' quotas: which days, which hours of them, which services, and the new quota."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSelect, GovTextInput
from wtforms import SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional

from queue_app.domain.calendar import QUOTA_MAX, Share
from queue_app.domain.errors import DomainError
from queue_app.domain.quota_change import InvalidQuotaChange, NewQuota, QuotaUnit
from queue_app.models import OfficeService
from queue_app.web.admin.forms import ClockField, reason_field
from queue_app.web.forms.days import DayField
from queue_app.web.forms.office_form import IntegerField, OfficeForm
from queue_app.web.forms.second_person import AgreedForm
from queue_app.web.site.language import in_language
from queue_app.web.site.language import lazy_gettext as _l
from queue_app.web.site.weekdays import WEEKDAYS

from .schedule_form import SHARES

PLACES, MORE, LESS = "places", "more", "less"  # nobody has to find the minus of a telephone's keys
FIELD_OF_REASON = {
    "date_range": "last_day",
    "past_date": "first_day",
    "too_long": "last_day",
    "hours": "ends_at",
    "amount": "amount",
    "nothing": "amount",
}


class QuotaChangeForm(OfficeForm):
    first_day = DayField(_l("Dari hari"), validators=[InputRequired()])
    last_day = DayField(
        _l("Sampai hari (boleh kosong)"),
        description=_l("Kosongkan kalau hanya satu hari."),
        validators=[Optional()],
    )
    weekdays = SelectMultipleField(
        _l("Hanya pada hari"),
        description=_l("Tidak ada yang dicentang berarti semua hari."),
        coerce=int,
        choices=[SelectChoice(number, text) for number, text in enumerate(WEEKDAYS)],
        validators=[Optional()],
        widget=GovCheckboxesInput(),
    )
    starts_at = ClockField(
        _l("Dari pukul (boleh kosong)"),
        description=_l("Kosongkan kedua jam untuk seluruh hari. Yang diubah: jam kedatangan yang mulai di antaranya."),
        validators=[Optional()],
        widget=GovTextInput(),
    )
    ends_at = ClockField(_l("Sampai pukul (boleh kosong)"), validators=[Optional()], widget=GovTextInput())
    services = SelectMultipleField(
        _l("Layanan"),
        coerce=int,
        validators=[InputRequired(_l("Pilih paling sedikit satu layanan."))],
        widget=GovCheckboxesInput(),
    )
    share = SelectField(
        _l("Jatah"),
        choices=[SelectChoice(share, text) for share, text in SHARES.items()],
        default=Share.PUBLIC,
        widget=GovSelect(),
    )
    unit = SelectField(
        _l("Kuota baru sebagai"),
        choices=[
            SelectChoice(PLACES, _l("Jumlah tempat tiap hari dan layanan")),
            SelectChoice(MORE, _l("Persen lebih banyak dari sekarang")),
            SelectChoice(LESS, _l("Persen lebih sedikit dari sekarang")),
        ],
        default=PLACES,
        widget=GovSelect(),
    )
    amount = IntegerField(_l("Angka"), validators=[InputRequired(), NumberRange(0, QUOTA_MAX)], widget=GovTextInput())

    def new_quota(self) -> NewQuota:
        amount = -self.amount.data if self.unit.data == LESS else self.amount.data
        return NewQuota(
            first_day=self.first_day.data,
            last_day=self.last_day.data or self.first_day.data,
            services=frozenset(self.services.data or ()),
            unit=QuotaUnit.PLACES if self.unit.data == PLACES else QuotaUnit.PERCENT,
            amount=amount,
            weekdays=frozenset(self.weekdays.data or ()),
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            share=Share(self.share.data),
        )

    def refuse(self, error: DomainError, field: str | None = None, zone: str | None = None) -> None:
        if isinstance(error, InvalidQuotaChange):
            field = FIELD_OF_REASON.get(error.details["reason"])
        super().refuse(error, field, zone)


class ConfirmQuotaChangeForm(AgreedForm, QuotaChangeForm):
    refusal_fields: ClassVar[dict[str, str]] = {**AgreedForm.refusal_fields, "reason_required": "reason"}

    reason = reason_field()


class AgreedReasonForm(AgreedForm):
    refusal_fields: ClassVar[dict[str, str]] = {**AgreedForm.refusal_fields, "reason_required": "reason"}

    reason = reason_field()


class LimitForm(AgreedReasonForm):
    places = IntegerField(
        _l("Tempat yang boleh diubah sekaligus oleh satu orang"),
        description=_l("Ditambah atau dikurangi dalam satu perubahan. Menaikkannya disetujui petugas kedua."),
        validators=[InputRequired(), NumberRange(0, 100_000)],
        widget=GovTextInput(),
    )


def quota_change_form(
    offerings: Sequence[OfficeService], present: dict[str, Any] | None = None, *, confirming: bool = False
) -> QuotaChangeForm:
    """``present``: what stands in it when it is opened."""
    kind = ConfirmQuotaChangeForm if confirming else QuotaChangeForm
    form = kind(data=present) if present else kind()
    form.services.choices = [(one.service_id, in_language(one.service, "name")) for one in offerings]
    return form
