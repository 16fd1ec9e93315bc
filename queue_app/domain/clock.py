"""The only place that reads a clock, and the arithmetic between an office's days and UTC instants."""

from __future__ import annotations

import secrets
import time as machine_time
from collections.abc import Callable
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


DATABASE_AGREES_WITHIN = timedelta(minutes=5)


class Clock(Protocol):
    @property
    def boot(self) -> str:
        """Names the run of the machine since which `steady` counts."""

    def now(self) -> datetime:
        """The present as an aware UTC datetime."""

    def steady(self) -> float:
        """Seconds that have passed since the machine was switched on: nobody can set them."""

    def agrees_with(self, database_time: datetime) -> bool:
        """Whether the database's own clock tells the same time."""

    def is_synchronised(self) -> bool:
        """Whether the machine says that a time server keeps its clock right."""


class SystemClock:
    """``boot``: of the machine where it is known, else each process has its own. ``synchronised``: asks the machine."""

    def __init__(self, boot: str | None = None, synchronised: Callable[[], bool] = lambda: False) -> None:
        self.boot, self._synchronised = boot or secrets.token_hex(8), synchronised

    def now(self) -> datetime:
        return datetime.now(UTC)

    def steady(self) -> float:
        # On Linux a count that goes on while the machine sleeps; elsewhere a night of sleep looks like a jump.
        counts_sleep = getattr(machine_time, "CLOCK_BOOTTIME", None)
        return machine_time.monotonic() if counts_sleep is None else machine_time.clock_gettime(counts_sleep)

    def agrees_with(self, database_time: datetime) -> bool:
        return abs(self.now() - database_time) <= DATABASE_AGREES_WITHIN

    def is_synchronised(self) -> bool:
        return self._synchronised()


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


def office_time(instant: datetime, zone: str) -> time:
    """What an office's clock in ``zone`` shows at ``instant``."""
    return instant.astimezone(ZoneInfo(zone)).time()


def zone_label(zone: str) -> str:
    """WIB, WITA or WIT."""
    return ZONE_LABELS[zone]
