"""The forms of the administrator: shape only, the domain decides."""

from __future__ import annotations

from collections import UserString
from datetime import time
from typing import Any, ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovTextArea, GovTextInput
from wtforms import Field, SelectChoice, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import TextInput

from queue_app.domain.calendar import QUOTA_MAX
from queue_app.domain.identity import holds_personal_number
from queue_app.domain.roles import Role
from queue_app.services.calendar.offerings import MINUTES_MAX, WALK_INS_MAX
from queue_app.web.access.role_names import ROLE_NAMES
from queue_app.web.forms.office_form import IntegerField, OfficeForm
from queue_app.web.forms.printed_text import can_be_printed
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l


def has_letters(_form: Any, field: Field) -> None:
    if not any(character.isalpha() for character in field.data):
        raise ValidationError(_("Tulis nama lengkap."))
    if holds_personal_number(field.data):
        raise ValidationError(_("Tulis nama saja, tanpa NIK atau nomor HP."))


def reason_field(hint: str | UserString = "") -> StringField:
    return StringField(
        _l("Alasan"),
        description=hint or _l("Tercatat dalam jejak audit. Jangan tulis nama, NIK, atau nomor HP orang."),
        filters=[trimmed],
        validators=[InputRequired(_l("Tulis alasannya, supaya kelak jelas mengapa ini diubah.")), Length(max=300)],
        widget=GovTextInput(),
    )


class ClockField(Field):
    """A wall-clock time typed as 08.00, 8:00 or 8: browsers' own time fields speak the language of the machine."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%H.%M") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: Any = None
        if not valuelist or not valuelist[0]:
            return
        typed = valuelist[0].strip()  # blanks alone are a wrong time: "required" takes them for an answer
        hours, _dot, minutes = typed.replace(":", ".").replace(",", ".").partition(".")
        try:
            if not (hours.isascii() and hours.isdigit() and (not minutes or (minutes.isascii() and minutes.isdigit()))):
                raise ValueError
            self.data = time(int(hours), int(minutes or 0))
        except (ValueError, OverflowError):  # time() overflows where a number has no end
            raise ValueError(_("Tulis jam yang benar, misalnya 08.00.")) from None


class QuotaForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"quota_below_booked": "quota", "invalid_schedule": "quota"}

    quota = IntegerField(
        _l("Kuota baru"), validators=[InputRequired(), NumberRange(0, QUOTA_MAX)], widget=GovTextInput()
    )


class ConfirmQuotaForm(QuotaForm):
    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "reason"}

    reason = reason_field()


class ReasonForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "reason"}

    reason = reason_field()


def _lines_field(label: UserString) -> TextAreaField:
    return TextAreaField(
        label,
        description=_l("Satu langkah satu baris. Boleh kosong."),
        filters=[trimmed],
        validators=[Optional(), Length(max=3000), can_be_printed],
        widget=GovTextArea(),
    )


class OfferingForm(ReasonForm):
    """Texts and times of a service at the office."""

    who_id = StringField(
        _l("Siapa yang boleh datang"),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=500), can_be_printed],
        widget=GovTextInput(),
    )
    who_en = StringField(
        _l("Siapa yang boleh datang, dalam bahasa Inggris"),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=500), can_be_printed],
        widget=GovTextInput(),
    )
    requirements_id = TextAreaField(
        _l("Yang harus dibawa"),
        description=_l("Satu syarat satu baris."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=3000), can_be_printed],
        widget=GovTextArea(),
    )
    requirements_en = TextAreaField(
        _l("Yang harus dibawa, dalam bahasa Inggris"),
        description=_l("Satu syarat satu baris."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=3000), can_be_printed],
        widget=GovTextArea(),
    )
    steps_id = _lines_field(_l("Langkah pelayanan"))
    steps_en = _lines_field(_l("Langkah pelayanan, dalam bahasa Inggris"))
    minutes = IntegerField(validators=[InputRequired(), NumberRange(0, MINUTES_MAX)])
    legal_basis = StringField(
        _l("Dasar hukum"),
        description=_l("Misalnya Perpres 96/2018 dan Permendagri 108/2019."),
        filters=[trimmed],
        validators=[Optional(), Length(max=500), can_be_printed],
        widget=GovTextInput(),
    )
    opens_days = IntegerField(validators=[InputRequired(), NumberRange(1, 366)])
    opens_at = ClockField(validators=[InputRequired()])
    closes_days = IntegerField(validators=[InputRequired(), NumberRange(0, 366)])
    closes_at = ClockField(validators=[InputRequired()])
    changes_days = IntegerField(validators=[InputRequired(), NumberRange(0, 366)])
    changes_at = ClockField(validators=[InputRequired()])
    early_minutes = IntegerField(validators=[InputRequired(), NumberRange(0, MINUTES_MAX)])
    late_minutes = IntegerField(validators=[InputRequired(), NumberRange(0, MINUTES_MAX)])
    walk_ins_per_day = IntegerField(validators=[InputRequired(), NumberRange(0, WALK_INS_MAX)])
    releases_at = ClockField(validators=[InputRequired()])


class PersonForm(OfficeForm):
    name = StringField(
        _l("Nama lengkap"),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=100), has_letters],
        widget=GovTextInput(),
    )

    def whole_name(self) -> str:
        return " ".join(str(self.name.data).split())


class InvitationForm(PersonForm):
    """Who somebody is, and what they do: the same at each office that is chosen."""

    roles = SelectMultipleField(
        _l("Peran"),
        choices=[SelectChoice(role.value, text) for role, text in ROLE_NAMES.items()],
        validators=[InputRequired(_l("Pilih paling sedikit satu peran."))],
        widget=GovCheckboxesInput(),
    )
    offices = SelectMultipleField(
        _l("Bekerja di"),
        coerce=int,
        validators=[InputRequired(_l("Pilih paling sedikit satu kantor."))],
        widget=GovCheckboxesInput(),
    )

    def chosen(self) -> dict[str, Any]:
        """As the services take it."""
        roles = [Role(role) for role in self.roles.data or ()]
        return {"name": self.whole_name(), "roles": roles, "office_ids": self.offices.data or ()}


class HolidayNameForm(ReasonForm):
    name_id = StringField(
        _l("Nama hari libur"),
        filters=[trimmed],
        validators=[InputRequired(), Length(min=3, max=100), can_be_printed],
        widget=GovTextInput(),
    )
    name_en = StringField(
        _l("Nama dalam bahasa Inggris (boleh kosong)"),
        filters=[trimmed],
        validators=[Optional(), Length(max=100), can_be_printed],
        widget=GovTextInput(),
    )
    reason = reason_field(_l("Misalnya nomor keputusan bersama. Tercatat dalam jejak audit."))


class HolidayProposalsForm(ReasonForm):
    """Which of a year's proposed dates, in ISO 8601, are holidays."""

    dates = SelectMultipleField(
        _l("Centang yang memang libur menurut keputusan bersama"),
        widget=GovCheckboxesInput(),
    )
    reason = reason_field(_l("Misalnya nomor keputusan bersama. Tercatat dalam jejak audit."))
