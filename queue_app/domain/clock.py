"""The only place that reads a clock, and the arithmetic between an office's days and UTC instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

# Indonesia has three zones and no summer time (Keppres 41/1987).
ZONE_LABELS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


class Clock(Protocol):
    def now(self) -> datetime:
        """The present as an aware UTC datetime."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def lies_within(made: datetime, life: timedelta, now: datetime) -> bool:
    """Whether something made to live for ``life`` does so still, whichever way the clock was moved since.

    Made "in the future", before the clock was set back, it may lie as far ahead as it may lie behind: nobody loses
    what a small step passed over, and nothing lives on until the clock is there again.
    """
    return abs(now - made) <= life


def office_date(instant: datetime, zone: str) -> date:
    """The calendar day an office in ``zone`` lives at ``instant``."""
    return instant.astimezone(ZoneInfo(zone)).date()


def office_instant(day: date, at: time, zone: str) -> datetime:
    """The UTC instant of a wall-clock time in an office's zone."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def zone_label(zone: str) -> str:
    """WIB, WITA or WIT."""
    return ZONE_LABELS[zone]
