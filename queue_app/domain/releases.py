"""Releases: the moments before a day at which what one share has left goes to another (`docs/rules.md` R-RELEASE-2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from .calendar import BeforeDay, Share
from .clock import office_date
from .errors import DomainError

RELEASES_MAX = 12  # of one service: several a day, over some days
DAYS_BEFORE_MAX = 30


class InvalidRelease(DomainError):
    """``details['reason']``: same_share | days | percent | twice | too_many. ``row``: of which release, from 0."""

    code = "invalid_release"


@dataclass(frozen=True)
class Release:
    """``days_before`` the day, at office-local time ``at``, ``percent`` of the places that nobody has claimed in each
    hour of ``source`` go to ``target``.
    """

    days_before: int
    at: time
    source: Share
    target: Share
    percent: int = 100

    @property
    def key(self) -> tuple[int, time, Share, Share]:
        """Two of one service that are alike in this are the same release."""
        return self.days_before, self.at, self.source, self.target

    def instant(self, day: date, zone: str) -> datetime:
        return BeforeDay(self.days_before, self.at).instant(day, zone)

    def last_day_due(self, zone: str, *, now: datetime) -> date:
        """The last day of service for which the moment has come."""
        today = office_date(now, zone)
        day = today + timedelta(days=self.days_before)
        return day if self.instant(day, zone) <= now else day - timedelta(days=1)

    def places(self, planned: int, booked: int) -> int:
        """How many of an hour's places go; a part of one stays."""
        return max(0, planned - booked) * self.percent // 100


def check_releases(releases: Sequence[Release]) -> None:
    """Raise InvalidRelease."""
    if len(releases) > RELEASES_MAX:
        raise InvalidRelease(reason="too_many", row=RELEASES_MAX)
    known = set()
    for row, release in enumerate(releases):
        if release.source is release.target:
            raise InvalidRelease(reason="same_share", row=row)
        if not 0 <= release.days_before <= DAYS_BEFORE_MAX:
            raise InvalidRelease(reason="days", row=row)
        if not 1 <= release.percent <= 100:
            raise InvalidRelease(reason="percent", row=row)
        if release.key in known:
            raise InvalidRelease(reason="twice", row=row)
        known.add(release.key)
