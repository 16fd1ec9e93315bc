"""Time codes of an authenticator (RFC 6238): six digits, a new one every half minute."""

from __future__ import annotations

from datetime import datetime

import pyotp
from pyotp.exceptions import OTPVerificationError

from queue_app.domain.accounts import STEP, TOLERATED_STEPS


def new_secret() -> str:
    """32 letters and digits (160 bits), as an authenticator takes them."""
    return pyotp.random_base32()


def address_of(secret: str, *, username: str, issuer: str) -> str:
    """What its QR code says. A colon parts the issuer from the name there, so the issuer has none."""
    plain = " ".join(issuer.replace(":", " ").split())
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=plain or None)


def present_step(now: datetime) -> int:
    return int(now.timestamp()) // int(STEP.total_seconds())


def step_of(secret: str, digits: str, now: datetime) -> int | None:
    """The step that this is the code of, the present one or one beside it; None for a wrong code.

    Also for a clock that begins at 1970, where the library counts below nought and fails.
    """
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(digits, for_time=now, valid_window=TOLERATED_STEPS)
    except (OTPVerificationError, ValueError):
        return None
