"""When an office serves and when a day can be booked: schedules, date ranges, opening hour, cut-offs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from .clock import office_instant
from .errors import BookingClosed, InvalidSchedule, NotOpenYet

QUOTA_MAX = 5000  # a whole day of the busiest office seen is under a thousand; more is a typing slip


class Share(StrEnum):
    """Part of a quota kept for one way of booking (`docs/rules.md` R-SHARE-1: people without a phone too)."""

    PUBLIC = "public"
    ASSISTED = "assisted"
    PRIORITY = "priority"


class DayStatus(StrEnum):
    """What is stored of a day."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"


class Availability(StrEnum):
    """What a citizen is told of a day; the words of the public API."""

    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    NOT_OPEN_YET = "not_open_yet"
    CUT_OFF = "cut_off"


@dataclass(frozen=True)
class BeforeDay:
    """A moment counted back from a day of service: ``days`` earlier, at office-local time ``at``."""

    days: int
    at: time

    def instant(self, day: date, zone: str) -> datetime:
        return office_instant(day - timedelta(days=self.days), self.at, zone)


@dataclass(frozen=True)
class BookingRules:
    """The times of one service at one office (`docs/rules.md` R-HORIZON-1, R-CUTOFF-1 and 2)."""

    opens: BeforeDay
    closes: BeforeDay
    changes_close: BeforeDay
    zone: str

    def check_bookable(self, day: date, starts_at: datetime, *, now: datetime) -> None:
        """Raise NotOpenYet before the opening hour of the day's booking, BookingClosed from the cut-off on.

        ``starts_at``: UTC instant at which the arrival window begins.
        """
        opens_at = self.opens.instant(day, self.zone)
        closed_at = min(self.closes.instant(day, self.zone), starts_at)  # a cut-off may lie on the day itself
        if now >= closed_at:
            raise BookingClosed(closed_at=closed_at)
        if now < opens_at:
            raise NotOpenYet(opens_at=opens_at)

    def check_assistable(self, day: date, ends_at: datetime, *, now: datetime) -> None:
        """Raise NotOpenYet as for everybody, but BookingClosed only when the window is over: a cut-off gives the office
        time to prepare, and here it is the office that books.
        """
        opens_at = self.opens.instant(day, self.zone)
        if now >= ends_at:
            raise BookingClosed(closed_at=ends_at)
        if now < opens_at:
            raise NotOpenYet(opens_at=opens_at)

    def moves_close(self, day: date, starts_at: datetime) -> datetime:
        """The instant from which a booking of this day cannot be moved to another day any more."""
        return min(self.changes_close.instant(day, self.zone), starts_at)


def check_ahead(starts_at: datetime, *, now: datetime) -> None:
    """Raise BookingClosed once an arrival window has begun."""
    if now >= starts_at:
        raise BookingClosed(closed_at=starts_at)


@dataclass(frozen=True)
class Window:
    """An arrival window of a weekday (0 = Monday) with the number of places of one share."""

    weekday: int
    starts_at: time
    ends_at: time
    share: Share
    capacity: int


@dataclass(frozen=True)
class DatedSchedule:
    """A weekly schedule in force from ``valid_from`` up to and including ``valid_until`` (None: no end)."""

    valid_from: date
    valid_until: date | None
    windows: tuple[Window, ...]

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def windows_of_day(schedules: Iterable[DatedSchedule], day: date) -> tuple[Window, ...]:
    """The windows of a date, in order of time. Of several schedules in force the one that began last counts:

    so a Ramadan schedule lies over the ordinary one, and the ordinary one returns by itself.
    """
    in_force = [schedule for schedule in schedules if schedule.covers(day)]
    if not in_force:
        return ()
    # Of two that began on one day the later entered one counts.
    latest = max(enumerate(in_force), key=lambda entry: (entry[1].valid_from, entry[0]))[1]
    of_day = (window for window in latest.windows if window.weekday == day.weekday())
    return tuple(sorted(of_day, key=lambda window: (window.starts_at, window.share)))


def check_windows(windows: Sequence[Window]) -> None:
    """Raise InvalidSchedule for an unknown weekday, a window that ends before it starts, overlaps another, or has an
    odd capacity.
    """
    for window in windows:
        if not 0 <= window.weekday <= 6:
            raise InvalidSchedule(reason="weekday", weekday=window.weekday, starts_at=window.starts_at)
        if window.ends_at <= window.starts_at:
            raise InvalidSchedule(reason="empty_window", weekday=window.weekday, starts_at=window.starts_at)
        if not 0 <= window.capacity <= QUOTA_MAX:
            raise InvalidSchedule(reason="capacity", weekday=window.weekday, starts_at=window.starts_at)
    by_start = sorted(windows, key=lambda window: (window.weekday, window.share, window.starts_at))
    for earlier, later in zip(by_start, by_start[1:], strict=False):
        same_line = (earlier.weekday, earlier.share) == (later.weekday, later.share)
        if same_line and later.starts_at < earlier.ends_at:
            raise InvalidSchedule(reason="overlap", weekday=later.weekday, starts_at=later.starts_at)


def number_blocks(capacities: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """A block of queue numbers (first, last) for each window of a day, in order of time.

    A later window has higher numbers, so numbers rise through the day whatever order people book in. A cancelled
    number is never given again, hence twice the capacity in each block; rounded to tens, so that they look tidy.
    """
    blocks = []
    first = 1
    for capacity in capacities:
        size = max(10, -(-capacity * 2 // 10) * 10)
        blocks.append((first, first + size - 1))
        first += size
    return tuple(blocks)
