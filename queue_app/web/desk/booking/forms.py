"""The forms around one person's booking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from queue_app.domain.scanners import LONGEST
from queue_app.web.desk.assisted.form import OTHER, hour_chosen
from queue_app.web.forms.office_form import OfficeForm, RadioInput
from queue_app.web.forms.once import OnceForm
from queue_app.web.forms.typed_text import printable
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

EVERYBODY = "semua"


def _reason() -> StringField:
    return StringField(
        _l("Alasan"),
        description=_l("Tercatat dalam jejak audit. Jangan tulis nama, NIK, atau nomor HP orang."),
        filters=[printable],
        validators=[InputRequired(_l("Tulis alasannya, supaya kelak jelas mengapa ini diubah.")), Length(max=300)],
        widget=GovTextInput(),
    )


class FindForm(OfficeForm):
    """Posted, so that nothing of a person stands in an address or a log."""

    q = StringField(_l("Cari orang"), filters=[printable], validators=[Length(max=LONGEST)], widget=GovTextInput())


class HourForm(OnceForm):
    """An arrival window: one of the next ones, or ``later`` of all others."""

    refusal_fields: ClassVar[dict[str, str]] = dict.fromkeys(
        ("slot_full", "day_closed", "not_open_yet", "booking_closed", "not_found"), "when"
    )

    when = StringField(_l("Kapan?"))
    later = StringField(_l("Hari dan jam lain"))

    @property
    def starts_at(self) -> datetime | None:
        return hour_chosen(self.when.data or (OTHER if self.later.data else ""), self.later.data)

    def validate_when(self, field: StringField) -> None:
        if field.data not in (None, "", OTHER) and self.later.data:
            raise ValidationError(_("Ada dua waktu yang dipilih. Pilih satu saja."))
        if self.starts_at is None:
            raise ValidationError(_("Pilih waktu kedatangan."))


class TakeBackForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "reason"}

    reason = _reason()


class CancelForm(OfficeForm):
    """``who``: a place within the party, or `EVERYBODY`; asked only where several still hold a ticket."""

    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "reason"}

    who = RadioField(_l("Siapa yang tidak jadi datang?"), validators=[InputRequired()], widget=RadioInput())
    reason = _reason()

    def __init__(self, choices: Sequence[tuple[str, str]], **given: Any) -> None:
        super().__init__(**given)
        self.who.choices = [SelectChoice(value, text) for value, text in choices]

    @property
    def position(self) -> int | None:
        return None if self.who.data == EVERYBODY else int(self.who.data)
