"""A closure: the times it takes out, and what it offers to those who are booked in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from .clock import office_date, office_instant
from .errors import DomainError

DAYS_MAX = 92  # a quarter: longer is a typing slip
HOLD_HOURS_MAX = 14 * 24
PRECEDENCE_DAYS_MAX = 60
EXTRA_PLACES_MAX = 50
NOTICE = timedelta(hours=12)  # between being told and having to come: a night to read the message
LAST_CALL = timedelta(hours=2)  # before it begins a held place goes back, so that somebody can still use it
TOLD_AHEAD = timedelta(days=7)  # so long before a closed day everybody reads of it


class InvalidClosure(DomainError):
    """``details['reason']``: date_range | past_date | too_long | hours | services | terms | nothing | not_draft |
    revoked | several_days.
    """

    code = "invalid_closure"


class OfferGone(DomainError):
    """The place that was offered is not held any more. ``details['state']``: what became of the offer."""

    code = "offer_gone"


class ClosureKind(StrEnum):
    PLANNED = "planned"
    TODAY = "today"  # a disruption ended the day: people in the hall are among those concerned
    HOLIDAY = "holiday"  # a holiday set on days that were booked


class ClosureState(StrEnum):
    DRAFT = "draft"
    CONFIRMED = "confirmed"  # nobody books any more; the offers are being made
    DONE = "done"  # everybody has an offer
    REVOKED = "revoked"


STANDING = (ClosureState.CONFIRMED, ClosureState.DONE)


class OfferState(StrEnum):
    """What became of the place that somebody was offered for the one taken from them."""

    OPEN = "open"  # the place is held
    WAITING = "waiting"  # no place fits yet: they choose before others may
    LAPSED = "lapsed"  # held until its time was over; they may still choose
    ACCEPTED = "accepted"
    ELSEWHERE = "elsewhere"  # chose another place
    CANCELLED = "cancelled"
    KEPT = "kept"  # the closure was revoked, and the place they had stands
    OFFERED_BACK = "offered_back"  # revoked after they had moved: the old place is theirs while it is free


UNANSWERED = (OfferState.OPEN, OfferState.WAITING, OfferState.LAPSED)
MOVED = (OfferState.ACCEPTED, OfferState.ELSEWHERE)


@dataclass(frozen=True)
class ClosedTime:
    """Days, and of each day all or a part, that an office does not serve. ``services``: empty for all of them.

    ``only_dropped``: of these only the hours that schedule or quota has dropped and people had booked before.
    """

    first_day: date
    last_day: date
    starts_at: time | None = None
    ends_at: time | None = None
    services: frozenset[int] = frozenset()
    only_dropped: bool = False

    @property
    def whole_days(self) -> bool:
        return self.starts_at is None and not self.only_dropped

    def check(self, *, today: date) -> None:
        """Raise InvalidClosure (``reason``: date_range | past_date | too_long | hours)."""
        if self.last_day < self.first_day:
            raise InvalidClosure(reason="date_range")
        if self.last_day < today:
            raise InvalidClosure(reason="past_date")
        if (self.last_day - self.first_day).days >= DAYS_MAX:
            raise InvalidClosure(reason="too_long", maximum=DAYS_MAX)
        if (self.starts_at is None) != (self.ends_at is None):
            raise InvalidClosure(reason="hours")
        if self.starts_at is not None and self.ends_at is not None and self.ends_at <= self.starts_at:
            raise InvalidClosure(reason="hours")

    def names(self, service_id: int, day: date) -> bool:
        """Whether it is about this service on this day, if only for a part of it."""
        return self.first_day <= day <= self.last_day and (not self.services or service_id in self.services)

    def left(self, zone: str, *, now: datetime) -> tuple[date, date] | None:
        """The first and last of its days that are not over at the office; today only while its hours are not."""
        today = office_date(now, zone)
        is_over = self.ends_at is not None and office_instant(today, self.ends_at, zone) <= now
        first = max(self.first_day, today + timedelta(days=1) if is_over else today)
        return (first, self.last_day) if first <= self.last_day else None

    def covers(self, service_id: int, starts_at: datetime, ends_at: datetime, zone: str, *, planned: int) -> bool:
        """Whether an arrival window (UTC instants) with so many places planned falls into it, even by a minute."""
        day = office_date(starts_at, zone)
        if not self.names(service_id, day) or (self.only_dropped and planned):
            return False
        if self.starts_at is None or self.ends_at is None:
            return True
        return starts_at < office_instant(day, self.ends_at, zone) and ends_at > office_instant(
            day, self.starts_at, zone
        )


@dataclass(frozen=True)
class OfferTerms:
    """What a closure offers those it concerns: places at other offices, so many ``extra_places`` in a slot beyond its
    quota, held for so long, and so many days in which they choose by their link (and who fitted nowhere before others).
    """

    other_offices: bool = False
    extra_places: int = 0
    hold_hours: int = 48
    precedence_days: int = 7

    def check(self) -> None:
        """Raise InvalidClosure (``terms``)."""
        limits = (
            (self.extra_places, 0, EXTRA_PLACES_MAX),
            (self.hold_hours, 1, HOLD_HOURS_MAX),
            (self.precedence_days, 0, PRECEDENCE_DAYS_MAX),
        )
        if not all(low <= value <= high for value, low, high in limits):
            raise InvalidClosure(reason="terms")


def held_until(starts_at: datetime, hold: timedelta, *, now: datetime) -> datetime:
    """How long a place that begins at ``starts_at`` is kept for somebody who is told now."""
    return min(now + hold, starts_at - LAST_CALL)
