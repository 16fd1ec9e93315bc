"""The plan of a day, and what becomes of it when it is played some times with other dice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean

from queue_app.domain.calling import CallingRules
from queue_app.domain.figures.histogram import percentile

from .hall import Played, Post, play
from .queue import Visitor
from .service_times import ServiceTimes

NINE_OF_TEN = 0.9
EARLY = 15 * 60  # seconds before their hour from which people come, any moment as likely as another until it ends


@dataclass(frozen=True)
class Window:
    """An arrival window of one service; seconds since midnight. ``kept``: places that are not of the public quota."""

    service: int
    starts: float
    ends: float
    places: int
    kept: bool = False


@dataclass(frozen=True)
class Service:
    """``absence``: the share of those who booked that does not come. ``walk_ins``: people a day without an appointment.
    ``priority``: the share of people that has it.
    """

    times: ServiceTimes
    absence: float = 0.0
    walk_ins: float = 0.0
    priority: float = 0.0
    needs_kit: bool = False


@dataclass(frozen=True)
class DayPlan:
    """``between``: seconds in which a counter is free of one and has not called the next."""

    windows: tuple[Window, ...]
    services: Mapping[int, Service]
    posts: tuple[Post, ...]
    kits: int | None = None
    between: float = 60.0
    rules: CallingRules = field(default_factory=CallingRules)

    @property
    def places(self) -> int:
        return sum(window.places for window in self.windows)

    @property
    def closes(self) -> float:
        return max((post.closes for post in self.posts), default=0.0)

    def with_places(self, places: Sequence[int]) -> DayPlan:
        """``places``: one number for each window."""
        windows = zip(self.windows, places, strict=True)
        return replace(self, windows=tuple(replace(window, places=number) for window, number in windows))

    def if_everybody_came(self) -> DayPlan:
        services = {number: replace(service, absence=0.0) for number, service in self.services.items()}
        return replace(self, services=services)


@dataclass(frozen=True)
class Outlook:
    """What is to be expected of a day: means over ``days`` played, of people and of seconds.

    ``wait`` and ``most_wait`` (nine of ten wait no longer) are over all people who were called, counted as figures
    count them (R-FIGURES-5). ``overtime``: from the closing of the last counter until the last person leaves.
    ``idle``: the share of the counters' hours in which nobody was there, ``idle_at`` of each post's. ``left_of``: by
    service.
    """

    days: int
    places: int
    came: float
    served: float
    left: float
    wait: float
    most_wait: float
    overtime: float
    idle: float
    left_of: Mapping[int, float]
    idle_at: tuple[float, ...]


def outlook(plan: DayPlan, *, days: int, seed: int = 1) -> Outlook:
    """The same plan, days and seed give the same outlook; a window with more places has the same people and more."""
    open_seconds = sum(post.open_seconds for post in plan.posts)
    waits: list[float] = []
    came, left, overtime = [], [], []
    left_of: Counter[int] = Counter()
    busy = [0.0] * len(plan.posts)
    for day in range(days):
        visitors = people_of(plan, f"{seed}/{day}")
        played = played_day(plan, visitors)
        came.append(len(visitors))
        left.append(len(played.left))
        left_of.update(visitors[one].service for one in played.left)
        busy = [sum(pair) for pair in zip(busy, played.busy, strict=True)]
        waits += (max(0.0, one.began - max(who.at, who.window)) for one in played.served for who in [visitors[one[0]]])
        overtime.append(max(0.0, max((one.ended for one in played.served), default=0.0) - plan.closes))
    return Outlook(
        days=days,
        places=plan.places,
        came=fmean(came),
        served=fmean(came) - fmean(left),
        left=fmean(left),
        wait=fmean(waits) if waits else 0.0,
        most_wait=percentile(waits, NINE_OF_TEN) or 0.0,
        overtime=fmean(overtime),
        idle=1 - sum(busy) / (days * open_seconds) if open_seconds else 0.0,
        left_of={service: number / days for service, number in left_of.items()},
        idle_at=tuple(1 - one / (days * post.open_seconds) for one, post in zip(busy, plan.posts, strict=True)),
    )


def played_day(plan: DayPlan, visitors: Sequence[Visitor]) -> Played:
    with_kit = {number for number, service in plan.services.items() if service.needs_kit}
    return play(visitors, plan.posts, kits=plan.kits, with_kit=with_kit, rules=plan.rules)


def people_of(plan: DayPlan, seed: str) -> list[Visitor]:
    """Who comes on one day, in the order in which they come."""
    people = [one for number in range(len(plan.windows)) for one in _of_window(plan, number, seed)]
    for service in plan.services:
        people += _walk_ins(plan, service, seed)
    return sorted(people)


def _of_window(plan: DayPlan, number: int, seed: str) -> Iterator[Visitor]:
    window = plan.windows[number]
    service, chance = plan.services[window.service], random.Random(f"{seed}/window {number}")
    draw, roll = service.times.drawn(chance), chance.random
    begins = window.starts - EARLY
    for _ in range(window.places):
        stays_away, at = roll() < service.absence, begins + roll() * (window.ends - begins)
        priority, seconds = roll() < service.priority, draw() + plan.between
        if not stays_away:
            yield Visitor(at, window.service, seconds, window.starts, priority=priority)


def _walk_ins(plan: DayPlan, number: int, seed: str) -> Iterator[Visitor]:
    """Any moment from the first window of the service to the end of its last is as likely as another."""
    hours = [(window.starts, window.ends) for window in plan.windows if window.service == number]
    service, chance = plan.services[number], random.Random(f"{seed}/walk-ins {number}")
    if not hours:
        return
    first, last = min(start for start, _ in hours), max(end for _, end in hours)
    draw = service.times.drawn(chance)
    whole = int(service.walk_ins)
    for _ in range(whole + (chance.random() < service.walk_ins - whole)):
        at = first + chance.random() * (last - first)
        priority = chance.random() < service.priority
        yield Visitor(at, number, draw() + plan.between, at, priority=priority, walk_in=True)
