"""Priority among people of the same hour, and the channel by which a booking came about."""

from __future__ import annotations

from enum import StrEnum

from .calendar import Share


class Priority(StrEnum):
    """A coarse class and never more: which need somebody has is health data (`docs/rules.md` R-PRIORITY-1)."""

    VULNERABLE = "vulnerable"  # lansia, disabilitas, ibu hamil, sakit: one class for all four
    FIRST_TIMER = "first_timer"  # pemula
    URGENT = "urgent"  # mendesak


class Channel(StrEnum):
    """How a booking came about."""

    ONLINE = "online"
    PARTNER = "partner"  # a program with an API key
    DESK = "desk"
    VILLAGE = "village"
    KIOSK = "kiosk"


def shares_open_to(priority: Priority | None, *, walk_in: bool, released: bool) -> tuple[Share, ...]:
    """The shares from which somebody who is helped may have a place, the one kept for them first.

    For a later day they have the same right to a public place as those who book themselves. Who came without an
    appointment gets what is kept for that; and once the day's hour of release has come, whatever nobody claimed.
    """
    kept = (Share.PRIORITY, Share.ASSISTED) if priority else (Share.ASSISTED,)
    if not walk_in:
        return (*kept, Share.PUBLIC)
    if not released:
        return kept
    return kept + tuple(share for share in Share if share not in kept)
