"""The halls of the offices as they were a moment ago: read once for all who look at the same time.

Thousands of telephones ask for the same few numbers. Each process reads a hall at most four times a second, and
measures how long services take twice a minute; what people see of it is made in `state.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from flask import current_app

from queue_app.db import db
from queue_app.domain.waiting_time import Wait, estimate_queue
from queue_app.models import Office
from queue_app.queries.visits.hall import Hall, HallQueue, hall
from queue_app.queries.visits.waits import measured, under_way
from queue_app.web.request import now
from queue_app.web.site.short_cache import ShortCache

HALLS = "halls"  # in `app.extensions`
FRESH = 0.25  # seconds a hall is kept
MEASURED_FOR = 30  # seconds that measured times are kept: a minute more or less of them changes no estimate
MOST = 10_000  # offices, or services of offices: more than a country has
FARTHEST = 60  # places for which a wait is told; whoever stands behind them is told "more than that"
STEP = 60  # seconds: were it one, every second told another wait, and every telephone got a new answer


@dataclass(frozen=True)
class HallNow:
    """``waits`` by service: for the first places of its queue; empty where nothing honest can be said."""

    hall: Hall
    waits: dict[int, tuple[Wait, ...]]


class Halls:
    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self._halls = ShortCache[int, HallNow](FRESH, MOST)
        self._times = ShortCache[tuple[int, int], tuple[float, ...]](MEASURED_FOR, MOST)

    def of(self, office: Office) -> HallNow:
        asked = self.now()
        if known := self._halls.get(office.id, asked):
            return known
        found = hall(db.session(), office, office.calling_rules, now=now())
        waits = {queue.service_id: self._waits(queue, office, found) for queue in found.queues}
        return self._halls.put(office.id, HallNow(found, waits), asked)

    def forget(self) -> None:
        """Read anew whatever is asked for next."""
        self._halls.clear()

    def _waits(self, queue: HallQueue, office: Office, found: Hall) -> tuple[Wait, ...]:
        if not queue.numbers or not queue.counters or queue.stopped:  # nobody knows when a disruption ends
            return ()
        since = under_way(db.session(), office.id, queue.service_id, found.day, now=now())
        times = self._times_of(office.id, queue.service_id, found)
        return _estimated(queue.counters, times, tuple(seconds // STEP * STEP for seconds in since))

    def _times_of(self, office_id: int, service_id: int, found: Hall) -> tuple[float, ...]:
        asked = self.now()
        known = self._times.get((office_id, service_id), asked)
        if known is not None:
            return known
        times = tuple(measured(db.session(), office_id, service_id, found.day))
        return self._times.put((office_id, service_id), times, asked)


@lru_cache(maxsize=64)
def _estimated(counters: int, times: tuple[float, ...], since: tuple[float, ...]) -> tuple[Wait, ...]:
    """It takes some milliseconds, and changes only when somebody is called, is done, or another minute has passed."""
    return estimate_queue(FARTHEST - 1, counters, times, since)


def hall_of(office: Office) -> HallNow:
    """The hall of an office, at most a quarter of a second old."""
    halls: Halls = current_app.extensions[HALLS]
    return halls.of(office)
