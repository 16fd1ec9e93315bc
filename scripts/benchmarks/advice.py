"""The lines about the quota advice: a simulated year of an office, and one answer; no server, processor time alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from queue_app.domain.quota_advice import Targets, advise
from queue_app.domain.simulation.day import DayPlan, Service, Window, outlook
from queue_app.domain.simulation.hall import Post
from queue_app.domain.simulation.service_times import ServiceTimes
from scripts.benchmarks.table import Line

YEAR = 250  # days of service
AN_HOUR = 3600.0
OPEN = ((8 * AN_HOUR, 12 * AN_HOUR), (13 * AN_HOUR, 15 * AN_HOUR))
PLACES = {1: 30, 2: 15, 3: 5}  # an hour, by service: 300 a day
TIMES = ServiceTimes(300, {3: 10, 5: 20, 7: 10, 10: 5}, 45)


def advice(rounds: int, _calls: int) -> Iterator[Line]:
    """Six counters that take three services, four recording kits, 300 places and some who have none."""
    plan = DayPlan(
        windows=tuple(
            Window(service, hour * AN_HOUR, (hour + 1) * AN_HOUR, places)
            for service, places in PLACES.items()
            for hour in (8, 9, 10, 11, 13, 14)
        ),
        services={one: Service(TIMES, 0.15, 5, 0.1, needs_kit=one == 1) for one in PLACES},
        posts=(Post(frozenset(PLACES), OPEN),) * 6,
        kits=4,
    )
    year = [_seconds(lambda: outlook(plan, days=YEAR)) for _ in range(rounds)]
    yield Line("a simulated year of an office, 300 places a day", year, "s", at_most=5)
    answers = [1000 * _seconds(lambda: advise(plan, PLACES, Targets(overbooking=0.1))) for _ in range(rounds)]
    yield Line("quota advice for all services of a day", answers, "ms", at_most=500)


def _seconds(work: Callable[[], object]) -> float:
    """Of processor time."""
    began = time.process_time()
    work()
    return time.process_time() - began
