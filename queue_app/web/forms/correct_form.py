"""Name and contact as they should have been typed: for whoever it is about, and for those who mend it at the desk."""

from __future__ import annotations

from typing import ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextInput
from wtforms import BooleanField, StringField, TelField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from queue_app.domain.identity import parse_name
from queue_app.domain.phones import parse_phone
from queue_app.domain.typing_errors import InvalidEmail
from queue_app.services.booking.correct import Correction
from queue_app.web.forms.email_field import EMAIL_MAX, EmailInput, read_email
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.person_fields import NAME_MISSING, PersonChecks, PhoneInput, check_phone
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.refusals.people import message_for
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l


class CorrectForm(PersonChecks, OfficeForm):
    """The contact is not shown here: an empty field keeps it, a tick takes it away."""

    refusal_fields: ClassVar[dict[str, str]] = {"invalid_name": "name", "invalid_phone": "phone"}

    name = StringField(
        _l("Nama lengkap"),
        description=_l("Seperti pada Kartu Keluarga"),
        filters=[trimmed],
        validators=[InputRequired(NAME_MISSING)],
        widget=GovTextInput(),
    )
    phone = TelField(_l("Nomor HP yang benar"), filters=[trimmed], validators=[Optional()], widget=PhoneInput())
    without_phone = BooleanField(_l("Hapus nomor HP"), widget=GovCheckboxInput())
    email = StringField(
        _l("Alamat email yang benar"),
        filters=[trimmed],
        validators=[Optional(), Length(max=EMAIL_MAX)],
        widget=EmailInput(),
    )
    email_confirmed = BooleanField(_l("Alamat email ini memang begini"), widget=GovCheckboxInput())
    asks_about_email = False
    without_email = BooleanField(_l("Hapus alamat email"), widget=GovCheckboxInput())

    def validate_phone(self, field: TelField) -> None:
        check_phone(field.data)
        if self.without_phone.data:
            raise ValidationError(_("Tulis nomor yang benar, atau hapus nomornya; jangan keduanya."))

    def validate_email(self, field: StringField) -> None:
        if self.without_email.data:
            raise ValidationError(_("Tulis alamat yang benar, atau hapus alamatnya; jangan keduanya."))
        try:
            read_email(field.data, confirmed=self.email_confirmed.data)
        except InvalidEmail as refusal:
            self.asks_about_email = refusal.details["reason"] == "unusual"
            raise ValidationError(message_for(refusal)) from None

    def correction(self) -> Correction:
        """Only after validation."""
        return Correction(
            name=parse_name(self.name.data, confirmed=self.name_confirmed.data),
            phone=_right(parse_phone(self.phone.data) if self.phone.data else None, self.without_phone.data),
            email=_right(read_email(self.email.data or "", confirmed=True), self.without_email.data),
        )


def _right(typed: str | None, gone: bool) -> str | None:
    return "" if gone else typed
