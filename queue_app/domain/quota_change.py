"""A new quota for many days, or for some hours of them, at once (`docs/rules.md` R-QUOTA-6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from .calendar import QUOTA_MAX, Share
from .clock import office_instant
from .errors import DomainError
from .quota import in_proportion

DAYS_MAX = 92  # a quarter, as of a closure: longer is a typing slip
PERCENT_MIN, PERCENT_MAX = -100, 400
ALONE = 500  # places added or removed by one change without a second person, unless the office says otherwise


class InvalidQuotaChange(DomainError):
    """``details['reason']``: date_range | past_date | too_long | hours | amount | nothing | undone |
    changed_since.
    """

    code = "invalid_quota_change"


class QuotaUnit(StrEnum):
    """How the new quota is told: as so many places, or as so many percent more or less than now."""

    PLACES = "places"
    PERCENT = "percent"


@dataclass(frozen=True)
class NewQuota:
    """``weekdays`` (0 for Monday): of the days of the range only these; none for all. ``starts_at``, ``ends_at``: of
    each day only the windows that begin within these hours. ``amount``: places of each day, or of these hours of it
    together; or percent, also negative.
    """

    first_day: date
    last_day: date
    services: frozenset[int]
    unit: QuotaUnit
    amount: int
    weekdays: frozenset[int] = frozenset()
    starts_at: time | None = None
    ends_at: time | None = None
    share: Share = Share.PUBLIC

    def check(self, *, today: date) -> None:
        """Raise InvalidQuotaChange (``date_range``, ``past_date``, ``too_long``, ``hours``, ``amount``)."""
        if self.last_day < self.first_day:
            raise InvalidQuotaChange(reason="date_range")
        if self.first_day < today:
            raise InvalidQuotaChange(reason="past_date")
        if (self.last_day - self.first_day).days >= DAYS_MAX:
            raise InvalidQuotaChange(reason="too_long", maximum=DAYS_MAX)
        if (self.starts_at is None) != (self.ends_at is None):
            raise InvalidQuotaChange(reason="hours")
        if self.starts_at is not None and self.ends_at is not None and self.ends_at <= self.starts_at:
            raise InvalidQuotaChange(reason="hours")
        least, most = (0, QUOTA_MAX) if self.unit is QuotaUnit.PLACES else (PERCENT_MIN, PERCENT_MAX)
        if not least <= self.amount <= most:
            raise InvalidQuotaChange(reason="amount", minimum=least, maximum=most)

    def names(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day and (not self.weekdays or day.weekday() in self.weekdays)

    def covers(self, day: date, starts_at: datetime, zone: str) -> bool:
        """Whether a window of that day which begins at ``starts_at`` (UTC) is meant."""
        if self.starts_at is None or self.ends_at is None:
            return True
        return office_instant(day, self.starts_at, zone) <= starts_at < office_instant(day, self.ends_at, zone)

    def wanted(self, present: int) -> int:
        """The quota that is asked for where it is ``present`` now; half a place is rounded up."""
        if self.unit is QuotaUnit.PLACES:
            return self.amount
        return min(QUOTA_MAX, in_proportion(present, 100 + self.amount, 100))


def places_moved(changes: Iterable[tuple[int, int]]) -> int:
    """Places added and places removed together, of (before, after): what a second person is asked by."""
    return sum(abs(after - before) for before, after in changes)
