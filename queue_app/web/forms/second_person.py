"""A second member of the staff agrees: the two fields for it, and whose password it was."""

from __future__ import annotations

from typing import Any, ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import PasswordField, StringField
from wtforms.validators import Length, Optional

from queue_app.services.access.password_rules import PASSWORD_MAX
from queue_app.web.access.passwords import verified
from queue_app.web.site.language import lazy_gettext as _l

from .office_form import OfficeForm, PasswordInput
from .typed_text import trimmed


def username_field(*validators: Any) -> StringField:
    return StringField(
        _l("Nama pengguna petugas kedua"),
        filters=[trimmed],
        validators=[*validators, Length(max=200)],
        widget=GovTextInput(),
    )


def password_field(*validators: Any) -> PasswordField:
    return PasswordField(
        _l("Kata sandi petugas kedua"), validators=[*validators, Length(max=PASSWORD_MAX)], widget=PasswordInput()
    )


class AgreedForm(OfficeForm):
    """A form to which a second person agrees, where the service asks for one: not before are the fields shown."""

    refusal_fields: ClassVar[dict[str, str]] = {
        "agreement_needed": "username",
        "wrong_credentials": "username",
        "too_many_attempts": "username",
    }

    username = username_field(Optional())
    password = password_field(Optional())

    @property
    def asks_second(self) -> bool:
        return bool(self.username.data or self.username.errors or self.password.errors)

    def second_id(self) -> int | None:
        """Who has typed their own password; None where nobody did. Raises what `verified` raises."""
        if not self.username.data and not self.password.data:
            return None
        return verified(self.username.data or "", self.password.data or "").staff_id
