"""Kiosks: their names, the one-time code that enrols one, and the token that it holds from then on."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from .errors import InvalidDeviceName
from .identity import holds_personal_number
from .tickets import new_booking_code, read_code, show_code

# Long enough to walk from the office to the hall, short enough that 40 random bits and a plain hash are plenty.
CODE_LIFETIME = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)
NAME_MAX = 60

new_enrolment_code, show_enrolment_code, read_enrolment_code = new_booking_code, show_code, read_code


def new_device_token() -> str:
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """What is stored of a code or token."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def read_device_name(typed: str) -> str:
    """Trim; raise InvalidDeviceName. The name goes into lists and the audit."""
    name = " ".join(typed.split())
    if not name or len(name) > NAME_MAX or not name.isprintable() or holds_personal_number(name):
        raise InvalidDeviceName()
    return name
