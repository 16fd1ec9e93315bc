"""The days of a service for pages that many look at in one second: read once for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import current_app

from queue_app.models import OfficeService
from queue_app.queries.booking.availability import DayAvailability
from queue_app.web.request import now
from queue_app.web.site.short_cache import ShortCache

from .offerings import days_of

RECENT_DAYS = "recent_days"  # in `app.extensions`
LIFE = 1.0  # seconds that the days may be old
MOST = 10_000  # services
Days = tuple[DayAvailability, ...]


class RecentDays:
    """A day that was not open yet is looked at anew from the instant of its opening on, however young the look."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self._known = ShortCache[int, Days](LIFE, MOST)

    def of(self, offering: OfficeService) -> Days:
        asked = self.now()
        known = self._known.get(offering.id, asked)
        if known is None or _has_opened(known):
            known = self._known.put(offering.id, days_of(offering, now=now()), asked)
        return known


def _has_opened(days: Days) -> bool:
    """Whether booking has opened since for one of them."""
    present = now()
    return any(day.opens_at is not None and day.opens_at <= present for day in days)


def days_a_moment_ago(offering: OfficeService) -> Days:
    """Its days, read at most once a second for all who look at them or are refused."""
    known: RecentDays = current_app.extensions[RECENT_DAYS]
    return known.of(offering)
