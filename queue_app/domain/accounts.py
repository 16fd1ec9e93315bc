"""Accounts of staff: how long their one-time links are good, and who needs a second factor."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from .attempts import CLOCKS_APART
from .roles import Role
from .tickets import new_booking_code, read_code, show_code
from .typed_text import folded

INVITATION_LIFETIME = timedelta(hours=72)
RESET_LIFETIME = timedelta(hours=24)
# Those who decide for an office, and those who read what was decided, held at whatever office.
SECOND_FACTOR_ROLES = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
SECOND_STEP_LIFETIME = timedelta(minutes=10)  # between the password and the code
PENDING_LIFETIME = timedelta(hours=1)  # of a secret that is shown, until its first right code
CODE_DIGITS = 6
STEP = timedelta(seconds=30)  # of RFC 6238
TOLERATED_STEPS = 1  # before the present one and after it
# A step further ahead than this was written by a clock that has been set back since.
FARTHEST_STEP = TOLERATED_STEPS + CLOCKS_APART // STEP
RECOVERY_CODES = 10
TOKEN_BYTES = 32


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """``roles``: all that somebody holds, at all offices."""
    return not SECOND_FACTOR_ROLES.isdisjoint(roles)


def new_token() -> str:
    """Of a one-time link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_recovery_codes() -> list[str]:
    """As they are printed: ``7KX9-2MQA``, 40 bits each."""
    codes: set[str] = set()
    while len(codes) < RECOVERY_CODES:
        codes.add(show_code(new_booking_code()))
    return sorted(codes)


def read_time_code(typed: str) -> str | None:
    """The six digits of an authenticator, however they were grouped; None for anything else."""
    digits = "".join(folded(typed).split()).replace("-", "")
    return digits if len(digits) == CODE_DIGITS and digits.isascii() and digits.isdigit() else None


def read_recovery_code(typed: str) -> str | None:
    """A recovery code, whatever its case, dashes and look-alikes; None when it cannot be one."""
    code = read_code(typed)
    return show_code(code) if code else None
