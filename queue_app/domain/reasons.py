"""The reasons that staff give for what they do. They stay in the audit log, so they must name nobody."""

from __future__ import annotations

from enum import StrEnum

from .errors import ReasonRequired
from .identity import holds_personal_number

REASON_MIN = 3
REASON_MAX = 300


class ContactPurpose(StrEnum):
    """What a whole telephone number or address is shown for."""

    REACH = "reach"  # to call or write to its holder
    COMPARE = "compare"  # with what somebody says or shows who stands there
    RESTORE = "restore"  # what a restored database lacks


def read_purpose(sent: str) -> ContactPurpose:
    """Raise ReasonRequired (``why``: missing) for what nobody at an office may name."""
    if sent not in (ContactPurpose.REACH, ContactPurpose.COMPARE):
        raise ReasonRequired(why="missing")
    return ContactPurpose(sent)


def read_reason(typed: str) -> str:
    """Trim and collapse white space; raise ReasonRequired (``why``: missing | personal | length)."""
    reason = " ".join(typed.split())
    if len(reason) < REASON_MIN:
        raise ReasonRequired(why="missing")
    if len(reason) > REASON_MAX:
        raise ReasonRequired(why="length")
    if holds_personal_number(reason):
        raise ReasonRequired(why="personal")
    return reason
