"""A failure of data protection (UU 27/2022 Pasal 46): what it concerned, and by when people are told."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

from .errors import DomainError
from .identity import holds_personal_number

TELL_WITHIN = timedelta(hours=72)  # Pasal 46: those concerned and the authority, in writing
TEXT_MAX = 2000  # characters


class BreachedData(StrEnum):
    """What was disclosed, lost or changed."""

    NAME = "name"
    NIK = "nik"
    PHONE = "phone"
    EMAIL = "email"
    BOOKING = "booking"  # day, hour, service, and what came of it


class InvalidBreach(DomainError):
    """``details['reason']``: text | personal | dates | future | data | template | told."""

    code = "invalid_breach"


def read_breach_text(typed: str) -> str:
    """Several lines, trimmed. They are kept and go to many, so they must name nobody. Raises InvalidBreach."""
    text = "\n".join(line.rstrip() for line in typed.strip().splitlines())
    if not text or len(text) > TEXT_MAX:
        raise InvalidBreach(reason="text")
    if holds_personal_number(text):
        raise InvalidBreach(reason="personal")
    return text


def unfilled(text: str) -> bool:
    """Whether it has a place in square brackets, as the texts that the form proposes."""
    return re.search(r"\[[^\]]*\]", text) is not None


def check_breach(first_day: date, last_day: date, noticed_at: datetime, *, now: datetime) -> None:
    """Raises InvalidBreach."""
    if last_day < first_day:
        raise InvalidBreach(reason="dates")
    if noticed_at > now:
        raise InvalidBreach(reason="future")
