"""Whether the machine's clock may be believed by what cannot be undone (`docs/rules.md` R-CLOCK-1).

A clock that stood 37 hours ahead once made a whole day's people absent before their day had come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

JUMP = timedelta(hours=1)  # more than any clock is put right by in the ordinary way
SECOND_CLOCK_WITHIN = timedelta(minutes=5)
LONGEST_OFF = timedelta(days=14)  # more than an office is closed, at Lebaran with the collective leave
WAITS = "waits: the clock is doubted"  # how the end of a run is told that did nothing for it


class Doubt(StrEnum):
    JUMPED = "jumped"  # the clock moved on by more or less than the time that passed
    UNSEEN = "unseen"  # the machine was off, and how long nobody can say: no time server either
    DATABASE = "database"  # the database's own clock tells another time


@dataclass(frozen=True)
class ClockReading:
    """What a clock told (``at``), and the machine's steady count of seconds at that moment since its ``boot``.

    ``synchronised``: the machine said that a time server kept its clock right.
    """

    at: datetime
    steady: float
    boot: str
    synchronised: bool = False


def doubt_of(reading: ClockReading, trusted: ClockReading | None) -> Doubt | None:
    """None when the time told follows from the last one that was believed; the first of all is."""
    if trusted is None:
        return None
    if reading.boot == trusted.boot:
        passed = timedelta(seconds=reading.steady - trusted.steady)
        return Doubt.JUMPED if abs(reading.at - trusted.at - passed) > JUMP else None
    # Another machine on the same database, or this one switched on anew: how long it was off only a time server knows.
    off = reading.at - trusted.at
    if reading.synchronised and JUMP < off <= LONGEST_OFF:
        return None
    return Doubt.UNSEEN if abs(off) > JUMP else None
