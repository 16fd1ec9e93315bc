"""The forms of logging in, of accounts that begin, and of one's own password and codes."""

from __future__ import annotations

from typing import ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import Field, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from queue_app.services.access.password_rules import PASSWORD_MAX
from queue_app.services.access.passwords import Proof
from queue_app.web.access.passwords import verified
from queue_app.web.forms.office_form import OfficeForm, PasswordInput
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.site.language import lazy_gettext as _l


class LogInForm(OfficeForm):
    username = StringField(
        _l("Nama pengguna"), filters=[trimmed], validators=[InputRequired(), Length(max=200)], widget=GovTextInput()
    )
    password = PasswordField(
        _l("Kata sandi"), validators=[InputRequired(), Length(max=PASSWORD_MAX)], widget=PasswordInput()
    )


def chosen_username() -> StringField:
    return StringField(
        _l("Nama pengguna"),
        description=_l("Untuk masuk, misalnya budi.santoso"),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=40)],
        widget=GovTextInput(),
    )


def chosen_password(label: _l) -> PasswordField:
    return PasswordField(
        label,
        description=_l(
            "Paling sedikit 12 karakter. Beberapa kata yang panjang lebih baik daripada satu kata yang rumit."
        ),
        validators=[InputRequired(), Length(max=PASSWORD_MAX)],
        widget=PasswordInput(),
    )


def repeated_password() -> PasswordField:
    return PasswordField(
        _l("Ulangi kata sandi"),
        validators=[InputRequired(), EqualTo("password", _l("Kedua kata sandi tidak sama."))],
        widget=PasswordInput(),
    )


class PresentPasswordForm(OfficeForm):
    """Who is logged in shows that it is still they who sit there."""

    refusal_fields: ClassVar[dict[str, str]] = {"wrong_credentials": "present", "too_many_attempts": "present"}

    present = PasswordField(
        _l("Kata sandi sekarang"), validators=[InputRequired(), Length(max=PASSWORD_MAX)], widget=PasswordInput()
    )
    proof: Proof

    def prove(self, username: str) -> Proof:
        """Raises WrongCredentials, TooManyAttempts."""
        self.proof = verified(username, self.present.data or "")
        return self.proof


class OwnPasswordForm(PresentPasswordForm):
    refusal_fields: ClassVar[dict[str, str]] = {**PresentPasswordForm.refusal_fields, "weak_password": "password"}

    password = chosen_password(_l("Kata sandi baru"))
    repeat = repeated_password()


class LinkForm(LogInForm):
    """Whose account somebody is whom the provider knows."""

    refusal_fields: ClassVar[dict[str, str]] = {"wrong_code": "time_code", "wrong_credentials": "password"}

    time_code = StringField(
        _l("Kode masuk"),
        description=_l("Enam angka dari aplikasi di HP Anda, atau satu kode cadangan. Kosongkan bila tidak dipasang."),
        validators=[Optional(), Length(max=40)],
        widget=GovTextInput(),
    )


class CodeForm(OfficeForm):
    """Of the second step: of the authenticator, or a recovery code."""

    refusal_fields: ClassVar[dict[str, str]] = {"wrong_code": "time_code", "too_many_attempts": "time_code"}

    time_code = StringField(
        _l("Kode"),
        description=_l("Enam angka dari aplikasi di HP Anda, atau satu kode cadangan."),
        validators=[InputRequired(), Length(max=40)],
        widget=GovTextInput(),
    )


class FirstCodeForm(CodeForm):
    time_code = StringField(
        _l("Kode dari aplikasi"),
        description=_l("Enam angka, berganti tiap setengah menit."),
        validators=[InputRequired(), Length(max=40)],
        widget=GovTextInput(),
    )


class NewPasswordForm(OfficeForm):
    """Behind a one-time link."""

    refusal_fields: ClassVar[dict[str, str]] = {"weak_password": "password"}

    password = chosen_password(_l("Kata sandi baru"))
    repeat = repeated_password()


class InvitedForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {
        "invalid_username": "username",
        "username_taken": "username",
        "weak_password": "password",
    }

    username = chosen_username()
    password = chosen_password(_l("Kata sandi"))
    repeat = repeated_password()


class FirstAdministratorForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {
        "invalid_username": "username",
        "username_taken": "username",
        "weak_password": "password",
    }

    name = StringField(
        _l("Nama lengkap"), filters=[trimmed], validators=[InputRequired(), Length(max=100)], widget=GovTextInput()
    )
    username = chosen_username()
    password = chosen_password(_l("Kata sandi"))
    repeat = repeated_password()

    def validate_name(self, field: Field) -> None:
        if not any(character.isalpha() for character in field.data):
            field.errors = [*field.errors, str(_l("Tulis nama lengkap."))]
