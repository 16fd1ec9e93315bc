"""A nonce that a page gives a press along, so that the same one sent twice changes nothing more."""

from __future__ import annotations

import secrets
from typing import Any

from wtforms import Field, Form, HiddenField
from wtforms.validators import InputRequired, Regexp, ValidationError

from queue_app.domain.identity import holds_personal_number

from .office_form import OfficeForm


def new_nonce() -> str:
    """Of a scan, a press or a request: random, and the same when the form is sent again."""
    return secrets.token_urlsafe(16)


def _names_nobody(_form: Form, field: Field) -> None:
    if holds_personal_number(field.data):
        raise ValidationError()  # it is stored, and no page of ours makes such a one


class NonceField(HiddenField):
    def __init__(self, **options: Any) -> None:
        shape = Regexp(r"^[A-Za-z0-9_-]{16,64}\Z")
        super().__init__(validators=[InputRequired(), shape, _names_nobody], **options)


class OnceForm(OfficeForm):
    """Made anew with each page; sent again, it carries the same nonce and changes nothing.

    Where the field has another name in the page: ``nonce = NonceField(name="request_key")``.
    """

    nonce = NonceField()
