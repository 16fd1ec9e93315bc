"""The reasons that staff give for what they do. They stay in the audit log, so they must name nobody."""

from __future__ import annotations

from .errors import ReasonRequired
from .identity import holds_personal_number

REASON_MIN = 3
REASON_MAX = 300


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
