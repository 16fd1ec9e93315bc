"""The citizen's other forms."""

from __future__ import annotations

import re
from typing import ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import DateField, Field, HiddenField, RadioField, StringField, TelField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from queue_app.models.base import LARGEST_ID
from queue_app.web.forms.office_form import IntegerField, OfficeForm, RadioInput
from queue_app.web.forms.person_fields import NIK_MISSING, PhoneInput, check_nik
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

# "A-012", "a 12", "12": the large number on the ticket, which opens nothing.
QUEUE_NUMBER = re.compile(r"[A-Za-z]?[\s.\-\u2010-\u2015]*[0-9]{1,4}")
ALREADY_BOOKED = "sudah-punya"  # the part of the page that says what can be done then


class PlaceForm(OfficeForm):
    """The chosen time, and the day of the page on which it was chosen.

    `offering`, `request_key` and `details` tell whose details belong to it; rescheduling needs none of them.
    """

    slot_id = IntegerField(validators=[Optional(), NumberRange(1, LARGEST_ID)])
    day = DateField(name="hari", validators=[Optional()])
    details = HiddenField(validators=[Optional()])
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
        about_hours = self.leads_to.startswith("#") and not self.is_already_booked
        return self.problem if about_hours else ""

    @property
    def is_already_booked(self) -> bool:
        return self.leads_to == f"#{ALREADY_BOOKED}"

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

    def validate_code(self, field: Field) -> None:
        if QUEUE_NUMBER.fullmatch(field.data or ""):
            raise ValidationError(
                _("Itu nomor antrean. Tulis kode pemesanan: 8 huruf dan angka di bawah kode QR, misalnya 7KX9-2MQA.")
            )

    phone = TelField(
        _l("Nomor HP"),
        description=_l("Nomor yang ditulis waktu memesan"),
        filters=[trimmed],
        validators=[InputRequired(_l("Tulis nomor HP yang dipakai waktu memesan.")), Length(max=40)],
        widget=PhoneInput(),
    )


class CodeLostForm(OfficeForm):
    """Only to know whose code is to be sent; the answer shows nothing."""

    nik = StringField(
        _l("NIK (Nomor Induk Kependudukan)"),
        description=_l("NIK orang yang akan datang: 16 angka pada Kartu Keluarga"),
        filters=[trimmed],
        validators=[InputRequired(NIK_MISSING)],
        widget=GovTextInput(),
    )

    def validate_nik(self, field: StringField) -> None:
        check_nik(field.data)


class ConfirmForm(OfficeForm):
    """Nothing but the proof that the page was ours."""


class CancelForm(OfficeForm):
    """Of a party: who will not come. The choices are the page's: ``all``, or a person's position."""

    ALL: ClassVar[str] = "all"
    who = RadioField(
        _l("Siapa yang batal datang?"),
        validators=[InputRequired(_l("Pilih siapa yang batal datang."))],
        widget=RadioInput(),
    )
