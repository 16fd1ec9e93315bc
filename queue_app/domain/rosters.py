"""Rosters: who sits at which counter on which day, from when until when on the clock of the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from .errors import DomainError
from .roles import Permission, Role, allowed

A_WEEK = timedelta(days=7)
KITS_MAX = 99
# Whoever may serve at a counter can stand in its roster.
SERVING_ROLES = tuple(role for role in Role if allowed(frozenset({role}), Permission.SERVE))


class InvalidShift(DomainError):
    """``details['reason']``: times | past | officer | counter | days."""

    code = "invalid_shift"


class ShiftOverlaps(DomainError):
    """``details``: ``whose`` (officer | counter), and the shift in the way: ``counter`` (number), ``name``, ``day``,
    ``starts_at``, ``ends_at``.
    """

    code = "shift_overlaps"


class InvalidKits(DomainError):
    """A number of recording kits that no office has; ``details['maximum']``."""

    code = "invalid_kits"


@dataclass(frozen=True)
class Shift:
    """One person at one counter on one day. ``ends_at`` is not part of it: another may begin at that minute."""

    counter_id: int
    staff_id: int
    day: date
    starts_at: time
    ends_at: time

    def check(self, *, today: date) -> None:
        """Raise InvalidShift for one that ends before it begins, or lies before today."""
        if self.ends_at <= self.starts_at:
            raise InvalidShift(reason="times")
        if self.day < today:
            raise InvalidShift(reason="past")

    def clashes_with(self, other: Shift) -> bool:
        """Nobody sits at two counters at one time, and nobody sits where somebody sits (R-ROSTER-1)."""
        same = self.staff_id == other.staff_id or self.counter_id == other.counter_id
        return same and self.day == other.day and self.starts_at < other.ends_at and other.starts_at < self.ends_at


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
