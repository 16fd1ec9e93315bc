"""The quota that a day can bear, found by playing the day (`docs/rules.md` R-ADVICE-1 and on).

Advice only: nothing is changed by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .calendar import QUOTA_MAX
from .quota import spread_quota
from .simulation.day import DayPlan, Outlook, outlook

OVERBOOKING_MAX = 0.1  # of the quota that could be served if everybody came
SEARCHED, SHOWN = 1_500, 4_000  # people who are played for each quota that is tried, and for each that is shown
MOST_DAYS = 40
STEPS_BACK = 5  # where the longer look does not agree with the search


class Limit(StrEnum):
    """Of what there would be too much with one place more."""

    WAIT = "wait"
    OVERTIME = "overtime"
    UNSERVED = "unserved"
    OTHERS = "others"  # of any of them already with no place at all: the rest of the day is too much
    OVERBOOKING = "overbooking"  # more are not given, however many stay away
    NOTHING = "nothing"  # even the largest quota that can be set would do


@dataclass(frozen=True)
class Targets:
    """Seconds: nine of ten people wait no longer than ``wait``, the last one leaves no later than ``overtime`` after
    closing, in the mean. ``overbooking``: the share of places beyond those that could be served if everybody came.
    """

    wait: float = 30 * 60
    overtime: float = 30 * 60
    overbooking: float = 0.0

    def missed_by(self, seen: Outlook) -> Limit | None:
        if seen.left > 0:
            return Limit.UNSERVED
        if seen.overtime > self.overtime:
            return Limit.OVERTIME
        return Limit.WAIT if seen.most_wait > self.wait else None


@dataclass(frozen=True)
class Advice:
    """Of the public quota of the services that were asked about: ``places`` advised, ``full`` of them without
    over-booking, and those planned ``now``; ``by_service``: now and advised of each. Each pair of outlooks: with as
    many people absent as are usually, and if everybody came.
    """

    now: int
    places: int
    full: int
    limit: Limit
    by_service: Mapping[int, tuple[int, int]]
    current: tuple[Outlook, Outlook]
    proposed: tuple[Outlook, Outlook]


def advise(plan: DayPlan, services: Collection[int], targets: Targets) -> Advice:
    """The largest public quota of ``services`` that keeps the targets; all other places stay as they are planned.

    Without over-booking they are kept even if everybody comes. With it they are kept with the usual absence, and no
    more than the set share is added, at most `OVERBOOKING_MAX`.
    """
    search = _Search(plan, frozenset(services), targets)
    full, limit = search.largest(0, search.most, everybody=True)
    places = full
    bound = min(int(full * (1 + min(targets.overbooking, OVERBOOKING_MAX))), QUOTA_MAX)
    if bound > full:
        places, limit = search.largest(full, bound, everybody=False)
        limit = Limit.OVERBOOKING if places == bound else limit
    proposed = search.with_quota(places)
    of_now, of_then = search.by_service(plan), search.by_service(proposed)
    by_service = {service: (of_now[service], of_then[service]) for service in of_now}
    return Advice(search.now, places, full, limit, by_service, search.shown(plan), search.shown(proposed))


class _Search:
    def __init__(self, plan: DayPlan, services: frozenset[int], targets: Targets) -> None:
        self._plan, self._services, self._targets = plan, services, targets
        windows = enumerate(plan.windows)
        self._asked = [number for number, one in windows if one.service in services and not one.kept]

    @property
    def most(self) -> int:
        """As many as the counters could serve with no minute lost and no end of the day, or as there are now."""
        open_seconds = sum(post.open_seconds for post in self._plan.posts if post.services & self._services)
        quickest = min((self._plan.services[one].times.mean for one in self._services), default=1.0)
        could = (open_seconds + self._targets.overtime * len(self._plan.posts)) / (quickest + self._plan.between)
        return min(QUOTA_MAX, max(self.now, round(1.5 * could)))

    @property
    def now(self) -> int:
        return sum(self._plan.windows[number].places for number in self._asked)

    def with_quota(self, quota: int) -> DayPlan:
        """Spread over the services, and then over the hours of each as `services/calendar/quota.py` spreads it: both in
        proportion to the places of now.
        """
        places = [window.places for window in self._plan.windows]
        of_services = self.by_service(self._plan)
        spread = spread_quota(quota, [(weight, 0) for weight in of_services.values()])
        for service, of_service in zip(of_services, spread, strict=True):
            hours = [number for number in self._asked if self._plan.windows[number].service == service]
            of_hours = spread_quota(of_service, [(places[number], 0) for number in hours])
            for number, of_hour in zip(hours, of_hours, strict=True):
                places[number] = of_hour
        return self._plan.with_places(places)

    def by_service(self, plan: DayPlan) -> Counter[int]:
        counted: Counter[int] = Counter()
        for number in self._asked:
            counted[plan.windows[number].service] += plan.windows[number].places
        return counted

    def largest(self, least: int, most: int, *, everybody: bool) -> tuple[int, Limit]:
        """Between the two, ``least`` where none is good enough; and why it is not more."""
        limit = self._missed(most, SEARCHED, everybody)
        if limit is None:
            return most, Limit.NOTHING
        good, bad = least, most
        while bad - good > 1:
            middle = (good + bad) // 2
            missed = self._missed(middle, SEARCHED, everybody)
            if missed is None:
                good = middle
            else:
                bad, limit = middle, missed
        for _ in range(STEPS_BACK):
            missed = self._missed(good, SHOWN, everybody)
            if missed is None or good <= least:
                break
            good, limit = max(least, good - max(1, good // 50)), missed
        return good, limit if good or self._missed(0, SHOWN, everybody) is None else Limit.OTHERS

    def shown(self, plan: DayPlan) -> tuple[Outlook, Outlook]:
        return _look(plan, SHOWN), _look(plan.if_everybody_came(), SHOWN)

    def _missed(self, quota: int, people: int, everybody: bool) -> Limit | None:
        plan = self.with_quota(quota)
        return self._targets.missed_by(_look(plan.if_everybody_came() if everybody else plan, people))


def _look(plan: DayPlan, people: int) -> Outlook:
    """As many days as that many people fill, so that a large office is answered as soon as a small one; an hour without
    anybody takes about as long as a person.
    """
    return outlook(plan, days=max(1, min(MOST_DAYS, people // max(1, plan.places + len(plan.windows)))))
