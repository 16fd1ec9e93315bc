"""A day before it is played: what is known of it, what is taken for granted, and the plan made of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from .calling import CallingRules
from .quota_advice import Targets
from .simulation.day import DayPlan, Service, Window
from .simulation.hall import Post
from .simulation.service_times import ServiceTimes

# Where neither figures nor the office say how long it takes: a recording, and anything else.
USUAL_RECORDING, USUAL_MINUTES = 15, 6
FEWEST = 30  # people: of fewer a share tells more of chance than of the service
COUNTERS_MAX = 99


@dataclass(frozen=True)
class ServiceFacts:
    """``times``: None where too few were measured; ``stated``: the minutes that the office publishes, 0 for none.
    ``came`` and ``missed``: of those who had booked. ``walk_ins``: a day, in the mean over ``days`` counted days.
    """

    times: ServiceTimes | None
    stated: int
    came: int
    missed: int
    walk_ins: float
    days: int
    priority: float
    needs_kit: bool

    @property
    def unmeasured(self) -> int:
        """Minutes, where nothing is measured."""
        return self.stated or (USUAL_RECORDING if self.needs_kit else USUAL_MINUTES)

    @property
    def is_guessed(self) -> bool:
        """Whether nobody knows how long it takes: it was not measured, and the office does not say."""
        return self.times is None and not self.stated

    @property
    def absence(self) -> float | None:
        settled = self.came + self.missed
        return self.missed / settled if settled >= FEWEST else None


@dataclass(frozen=True)
class DayFacts:
    """``rostered``: whether shifts are planned for the day; else ``posts`` are all counters in use, each with one
    person for a working day (R-ADVICE-5). ``numbers``: of the counters, in the order of ``posts``. ``officers``: how
    many may sit at a counter of the office.
    """

    windows: tuple[Window, ...]
    services: Mapping[int, ServiceFacts]
    posts: tuple[Post, ...]
    numbers: tuple[int, ...]
    rostered: bool
    officers: int
    kits: int | None
    rules: CallingRules

    @property
    def without_counter(self) -> frozenset[int]:
        """Services with places that nobody at a counter takes."""
        taken = frozenset(one for post in self.posts for one in post.services)
        return frozenset(window.service for window in self.windows if window.places) - taken

    def can_come(self, window: Window) -> bool:
        """Whether any counter that takes the service is open in the window, or opens once more after it has begun."""
        posts = self.taking({window.service})
        return any(post.shifts[0][0] < window.ends and window.starts < post.closes for post in posts)

    @property
    def out_of_hours(self) -> Mapping[int, int]:
        """Public places by service, in windows before the first counter for it opens or after the last one closes."""
        found: Counter[int] = Counter()
        for window in self.windows:
            if window.service not in self.without_counter and not window.kept and not self.can_come(window):
                found[window.service] += window.places
        return found

    def closes(self, service: int) -> float:
        """When the last counter that takes the service closes."""
        return max(post.closes for post in self.taking({service}))

    @property
    def outlasting(self) -> frozenset[int]:
        """Services of which a window with places ends only after that."""
        open_ones = [one for one in self.windows if one.places and self.can_come(one)]
        return frozenset(one.service for one in open_ones if one.ends > self.closes(one.service))

    def taking(self, services: Collection[int]) -> list[Post]:
        return [post for post in self.posts if post.services & frozenset(services)]


@dataclass(frozen=True)
class Assumptions:
    """What somebody wants to know about instead of what is so; None leaves it. They are about the services asked for.

    ``seconds``: a service takes in the mean. ``counters``: those that take one of the services. ``kits``: at once.
    """

    seconds: float | None = None
    absence: float | None = None
    counters: int | None = None
    kits: int | None = None
    targets: Targets = Targets()

    @property
    def asks(self) -> bool:
        """Whether it is about another day than the one that is planned; targets are the office's own to choose."""
        return any(one is not None for one in (self.seconds, self.absence, self.counters, self.kits))


class Doubt(StrEnum):
    """Why an answer is an estimate, and nothing to set a quota by (R-ADVICE-6)."""

    NO_ROSTER = "no_roster"
    NO_TIMES = "no_times"  # of a service nobody knows how long it takes
    ASKED = "asked"


def doubts(facts: DayFacts, services: Collection[int], wanted: Assumptions) -> Iterator[Doubt]:
    if not facts.rostered:
        yield Doubt.NO_ROSTER
    if wanted.seconds is None and any(facts.services[one].is_guessed for one in services):
        yield Doubt.NO_TIMES
    if wanted.asks:
        yield Doubt.ASKED


def plan_of(facts: DayFacts, services: Collection[int], wanted: Assumptions) -> DayPlan:
    """Services that no counter takes are left out, and hours in which none is open: those people would wait in vain
    whatever the quota. Of a window that ends later people come until the last counter closes: else one single place in
    it would be more overtime than any quota.
    """
    asked = frozenset(services)
    posts = _posts(facts, asked, wanted.counters)
    taken = frozenset(one for post in posts for one in post.services)
    return DayPlan(
        windows=tuple(
            replace(window, ends=min(window.ends, facts.closes(window.service)))
            for window in facts.windows
            if facts.can_come(window)
        ),
        services={
            number: _service(one, wanted if number in asked else Assumptions())
            for number, one in facts.services.items()
            if number in taken
        },
        posts=posts,
        kits=facts.kits if wanted.kits is None else wanted.kits,
        rules=facts.rules,
    )


def _service(facts: ServiceFacts, wanted: Assumptions) -> Service:
    times = facts.times or ServiceTimes(facts.unmeasured * 60)
    return Service(
        times=times if wanted.seconds is None else times.with_mean(wanted.seconds),
        absence=(facts.absence or 0.0) if wanted.absence is None else wanted.absence,
        walk_ins=facts.walk_ins,
        priority=facts.priority,
        needs_kit=facts.needs_kit,
    )


def _posts(facts: DayFacts, asked: frozenset[int], counters: int | None) -> tuple[Post, ...]:
    """With fewer counters the last ones stay closed; more are like the one that is open longest."""
    here = facts.taking(asked)
    if counters is None or counters == len(here) or not here:
        return facts.posts
    others = tuple(post for post in facts.posts if post not in here)
    longest = max(here, key=lambda post: post.open_seconds)
    more = replace(longest, services=longest.services | asked)
    return (*others, *here[:counters], *[more] * (counters - len(here)))
