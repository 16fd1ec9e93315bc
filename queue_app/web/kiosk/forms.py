"""The forms of the kiosk."""

from __future__ import annotations

import secrets

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from queue_app.domain.identity import holds_personal_number
from queue_app.web.forms import OfficeForm
from queue_app.web.person_fields import check_nik, trimmed


def printable(typed: str | None) -> str:
    """Without the control characters that some scanners send around a code."""
    return "".join(character for character in typed or "" if character.isprintable()).strip()


def new_key() -> str:
    """Of a scan or a request: random, and the same when the form is sent again."""
    return secrets.token_urlsafe(16)


class KeyedForm(OfficeForm):
    key = HiddenField(validators=[InputRequired(), Regexp(r"^[A-Za-z0-9_-]{16,64}\Z")])

    def validate_key(self, field: HiddenField) -> None:
        if holds_personal_number(field.data):
            raise ValidationError()  # it is stored, and no page of ours makes such a one


class TicketForm(KeyedForm):
    code = StringField(filters=[printable], validators=[InputRequired(), Length(max=200)])


class NumberForm(KeyedForm):
    nik = StringField(filters=[trimmed], validators=[InputRequired(), Length(max=40)])
    priority = BooleanField()

    def validate_nik(self, field: StringField) -> None:
        check_nik(field.data)


class EnrolmentForm(OfficeForm):
    code = StringField(filters=[printable], validators=[InputRequired(), Length(max=40)])
