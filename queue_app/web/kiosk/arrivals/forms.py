"""The forms of the kiosk."""

from __future__ import annotations

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.once import NonceField, OnceForm
from queue_app.web.forms.person_fields import check_nik
from queue_app.web.forms.typed_text import printable, trimmed


class TicketForm(OnceForm):
    nonce = NonceField(name="key")
    code = StringField(filters=[printable], validators=[InputRequired(), Length(max=200)])


class CodeForm(OfficeForm):
    """A scanned or typed ticket; asking twice changes nothing."""

    code = StringField(filters=[printable], validators=[InputRequired(), Length(max=200)])


class NumberForm(OnceForm):
    nonce = NonceField(name="key")
    nik = StringField(filters=[trimmed], validators=[InputRequired(), Length(max=40)])
    priority = BooleanField()

    def validate_nik(self, field: StringField) -> None:
        check_nik(field.data)


class EnrolmentForm(OfficeForm):
    code = StringField(filters=[printable], validators=[InputRequired(), Length(max=40)])
