"""The citizen's other forms."""

from __future__ import annotations

from typing import ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import DateField, HiddenField, RadioField, StringField, TelField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from queue_app.models.base import LARGEST_ID
from queue_app.web.forms.office_form import IntegerField, OfficeForm, RadioInput
from queue_app.web.forms.person_fields import PhoneInput
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.site.language import lazy_gettext as _l


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


class CancelForm(OfficeForm):
    """Of a party: who will not come. The choices are the page's: ``all``, or a person's position."""

    ALL: ClassVar[str] = "all"
    who = RadioField(
        _l("Siapa yang batal datang?"),
        validators=[InputRequired(_l("Pilih siapa yang batal datang."))],
        widget=RadioInput(),
    )
