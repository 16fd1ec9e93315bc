"""An e-mail address that may be left out, as citizens and programs of partners send it."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from govuk_frontend_wtf.wtforms_widgets import GovInput

from queue_app.domain.typed_text import means_none
from queue_app.domain.typing_errors import InvalidEmail

EMAIL_MAX = 254  # characters


class EmailInput(GovInput):
    input_type = "email"


def read_email(typed: str, *, confirmed: bool = False) -> str | None:
    """The address as it is written to; None for nothing, a dash, or words that say so. Raise InvalidEmail.

    Letters outside ASCII before the @ need a mail server of RFC 6531 on both sides, which few have: they are mostly a
    slip, and are taken only when ``confirmed``. Behind the @ they are no trouble.
    """
    typed = typed.strip()
    if means_none(typed):
        return None
    try:
        address = validate_email(typed, check_deliverability=False)
    except EmailNotValidError:
        raise InvalidEmail(reason="shape") from None
    if not address.local_part.isascii() and not confirmed:
        signs = dict.fromkeys(sign for sign in address.local_part if not sign.isascii())
        raise InvalidEmail(reason="unusual", signs=" ".join(signs))
    return address.normalized
