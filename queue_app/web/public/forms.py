"""The citizen's forms."""

from __future__ import annotations

import re
from collections.abc import Callable

from govuk_frontend_wtf.wtforms_widgets import GovInput, GovTextInput
from wtforms import EmailField, HiddenField, StringField, TelField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from queue_app.domain.errors import DomainError
from queue_app.domain.identity import parse_name, parse_nik, parse_phone
from queue_app.web.forms import IntegerField, OfficeForm
from queue_app.web.language import gettext as _
from queue_app.web.language import lazy_gettext as _l
from queue_app.web.refusals import message_for

from .blueprint import LARGEST_ID
from .draft import Draft

EMAIL_MAX = 254


def trimmed(typed: str | None) -> str:
    return (typed or "").replace("\0", "").strip()


class PhoneInput(GovInput):
    input_type = "tel"


class EmailInput(GovInput):
    input_type = "email"


class DetailsForm(OfficeForm):
    """Who comes, and how to reach them."""

    name = StringField(
        _l("Nama lengkap"),
        description=_l("Seperti pada Kartu Keluarga"),
        filters=[trimmed],
        validators=[InputRequired(_l("Tulis nama lengkap orang yang akan datang."))],
        widget=GovTextInput(),
    )
    nik = StringField(
        _l("NIK (Nomor Induk Kependudukan)"),
        description=_l("16 angka pada Kartu Keluarga. Boleh memakai spasi."),
        filters=[trimmed],
        validators=[InputRequired(_l("Tulis NIK orang yang akan datang."))],
        widget=GovTextInput(),
    )
    phone = TelField(
        _l("Nomor HP"),
        description=_l("Misalnya 0812 3456 7890. Nomor ini dipakai untuk membuka tiket Anda lagi."),
        filters=[trimmed],
        validators=[InputRequired(_l("Tulis nomor HP yang dapat dihubungi."))],
        widget=PhoneInput(),
    )
    email = EmailField(
        _l("Surel (tidak wajib)"),
        description=_l("Untuk bukti pemesanan dan pengingat, misalnya nama@contoh.id"),
        filters=[trimmed],
        validators=[
            Optional(),
            Length(max=EMAIL_MAX),
            Email(_l("Tulis alamat surel yang benar, misalnya nama@contoh.id.")),
        ],
        widget=EmailInput(),
    )

    def validate_name(self, field: StringField) -> None:
        _check(parse_name, field.data)

    def validate_nik(self, field: StringField) -> None:
        digits = re.sub(r"[\s.\-\u2010-\u2015]", "", field.data)
        if digits.isdecimal() and len(digits) != 16:
            message = _("NIK harus 16 angka, tetapi yang tertulis %(count)s angka. Periksa yang kurang atau lebih.")
            raise ValidationError(message % {"count": len(digits)})
        _check(parse_nik, field.data)

    def validate_phone(self, field: TelField) -> None:
        _check(parse_phone, field.data)

    def draft(self) -> Draft:
        """What was typed, in its stored form; only after validation."""
        return Draft(
            name=parse_name(self.name.data),
            nik=parse_nik(self.nik.data).digits,
            phone=parse_phone(self.phone.data),
            email=self.email.data or None,
        )


class PlaceForm(OfficeForm):
    """The chosen time. `offering` and `request_key` tell whose details belong to it; rescheduling needs neither."""

    slot_id = IntegerField(validators=[Optional(), NumberRange(1, LARGEST_ID)])
    offering = IntegerField(validators=[Optional(), NumberRange(1, LARGEST_ID)])
    request_key = HiddenField(validators=[Optional(), Regexp(r"^[A-Za-z0-9_-]{16,64}$")])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.problem = ""
        self.leads_to = ""

    def complain_about(self, message: str, leads_to: str) -> None:
        """The line of the error summary, and the address where it can be mended."""
        self.problem, self.leads_to = message, leads_to

    def error_items(self) -> list[dict[str, str]]:
        return [{"text": self.problem, "href": self.leads_to}] if self.problem else []

    @property
    def field_error(self) -> str:
        """The same words for the radios, unless it is not about them."""
        return self.problem if self.leads_to.startswith("#") else ""

    @classmethod
    def empty(cls) -> PlaceForm:
        """Without what was posted: the page asks anew."""
        return cls(formdata=None)


class LookUpForm(OfficeForm):
    """Booking code and phone number: never the NIK, which others know too."""

    code = StringField(
        _l("Kode pemesanan"),
        description=_l("8 huruf dan angka, misalnya 7KX9-2MQA"),
        filters=[trimmed],
        validators=[InputRequired(_l("Tulis kode pemesanan Anda.")), Length(max=40)],
        widget=GovTextInput(),
    )
    phone = TelField(
        _l("Nomor HP"),
        description=_l("Nomor yang ditulis waktu memesan"),
        filters=[trimmed],
        validators=[InputRequired(_l("Tulis nomor HP yang dipakai waktu memesan.")), Length(max=40)],
        widget=PhoneInput(),
    )


class ConfirmForm(OfficeForm):
    """Nothing but the proof that the page was ours."""


def local_phone(phone: str) -> str:
    """``0812…`` of ``+62812…``: as people write their own number."""
    return "0" + phone.removeprefix("+62") if phone.startswith("+62") else phone


def _check(parse: Callable[[str], object], typed: str) -> None:
    try:
        parse(typed)
    except DomainError as refusal:
        raise ValidationError(message_for(refusal)) from None
