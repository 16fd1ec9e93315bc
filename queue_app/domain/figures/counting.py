"""Counting of one day of an office: what becomes the rows of its figures, and what is shown of today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import Share
from queue_app.domain.visits import StepKind, VisitState

from .facts import OfficeDay, Person, Places, Step
from .histogram import A_MINUTE, DAYS, MINUTES, bar_of

CALLED = (StepKind.CALL, StepKind.START, StepKind.OUT_OF_ORDER)
BEGUN = (StepKind.START, StepKind.OUT_OF_ORDER)
TAKEN = (StepKind.CALL, StepKind.RESUME)
UNANSWERED = (StepKind.SKIP, StepKind.ABSENT)
FREED = (*UNANSWERED, StepKind.HOLD, StepKind.TRANSFER, StepKind.FINISH)
NO_COUNTER = 0  # in the list of arrivals
NOBODY = 0  # the system
STAFF = "staff:"


class Breakdown(StrEnum):
    """By what the people of a day are counted; the last three are histograms."""

    CHANNEL = "channel"
    PRIORITY = "priority"
    OUTCOME = "outcome"
    LEAD = "lead"  # of those who had booked
    WAIT = "wait"
    SERVICE_TIME = "service_time"


class Summable:
    """Numbers that are added up one by one."""

    def add(self, other: Self) -> None:
        for name, number in vars(other).items():
            setattr(self, name, getattr(self, name) + number)


@dataclass
class Tally(Summable):
    """Those whom a breakdown puts together: who held a place, who came with it, who never did."""

    people: int = 0
    came: int = 0
    missed: int = 0


@dataclass
class Work(Summable):
    """What one member of staff did at one counter. ``seconds``: from each call until the counter was free again."""

    calls: int = 0
    served: int = 0
    unanswered: int = 0
    seconds: int = 0


@dataclass(frozen=True)
class SoldOut:
    """When the last free public place of a day went: for the first time, and for good (None: never)."""

    first_at: datetime | None = None
    at: datetime | None = None


@dataclass
class ServiceFigures:
    """The day of one service. ``waits`` and ``service_times``: seconds, one for each person that has one."""

    places: list[Places] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)
    service_times: list[int] = field(default_factory=list)

    def planned(self, *, public: bool) -> int:
        """The quota: places that were planned and not closed."""
        return sum(one.planned for one in self.places if one.accepts and (one.share is Share.PUBLIC) is public)

    @property
    def closed(self) -> int:
        return sum(one.planned for one in self.places if not one.accepts)

    def in_state(self, state: TicketState) -> int:
        return sum(one.state is state for one in self.people)

    def in_visit(self, *states: VisitState) -> int:
        return sum(one.visit in states for one in self.people)

    @property
    def booked(self) -> int:
        return sum(one.holds and not one.walk_in for one in self.people)

    @property
    def walk_ins(self) -> int:
        return sum(one.holds and one.walk_in for one in self.people)

    @property
    def came(self) -> int:
        """Of those who had booked."""
        return sum(one.came and not one.walk_in for one in self.people)

    @property
    def again(self) -> int:
        """Who came, and not for the first time in thirty days."""
        return sum(one.came and one.again for one in self.people)

    @property
    def unsettled(self) -> int:
        return sum(one.unsettled for one in self.people)


def count_services(day: OfficeDay) -> dict[int, ServiceFigures]:
    """By service; everybody counts for the service of their ticket, also when they were passed on to another one."""
    found: dict[int, ServiceFigures] = defaultdict(ServiceFigures)
    called, served = first_calls(day.steps), service_seconds(day.steps)
    for places in day.places:
        found[places.service_id].places.append(places)
    for person in day.people:
        figures = found[person.service_id]
        figures.people.append(person)
        if person.came and person.ticket_id in called:
            figures.waits.append(person.wait(called[person.ticket_id]))
        if person.visit is VisitState.SERVED and person.ticket_id in served:
            figures.service_times.append(served[person.ticket_id])
    return dict(found)


def first_calls(steps: Iterable[Step]) -> dict[int, datetime]:
    """When each person was called first, or begun with where nobody calls."""
    found: dict[int, datetime] = {}
    for step in steps:
        if step.kind in CALLED:
            found.setdefault(step.ticket_id, step.at)
    return found


def service_seconds(steps: Iterable[Step]) -> dict[int, int]:
    """How long each person was served in all: from each beginning to the next step; time put aside does not count."""
    begun: dict[int, datetime] = {}
    found: dict[int, int] = defaultdict(int)
    for step in steps:
        if since := begun.pop(step.ticket_id, None):
            found[step.ticket_id] += max(0, round((step.at - since).total_seconds()))
        if step.kind in BEGUN:
            begun[step.ticket_id] = step.at
    return dict(found)


def tallies(figures: ServiceFigures) -> Mapping[tuple[Breakdown, str], Tally]:
    """Of those who hold a place, and the histograms; nothing stands there for nobody."""
    found: dict[tuple[Breakdown, str], Tally] = defaultdict(Tally)
    for person in figures.people:
        for which in _breakdowns(person) if person.holds else ():
            tally = found[which]
            tally.people += 1
            tally.came += person.came
            tally.missed += person.missed
    for breakdown, times in ((Breakdown.WAIT, figures.waits), (Breakdown.SERVICE_TIME, figures.service_times)):
        for seconds in times:
            found[breakdown, str(bar_of(seconds / A_MINUTE, MINUTES))].people += 1
    return dict(found)


def _breakdowns(person: Person) -> Iterable[tuple[Breakdown, str]]:
    yield Breakdown.CHANNEL, person.way
    yield Breakdown.PRIORITY, person.priority or "none"
    if person.end:
        yield Breakdown.OUTCOME, person.end
    if not person.walk_in:
        yield Breakdown.LEAD, str(bar_of(person.lead, DAYS))


def sold_out(figures: ServiceFigures) -> SoldOut:
    """When all public places were held at once. A place that was given back makes the day free again: sold out for
    good is the last moment after which none was free until the day's last window ended.
    """
    free = {
        one.slot_id: one.planned
        for one in figures.places
        if one.share is Share.PUBLIC and one.accepts and one.planned > 0
    }
    if not free:
        return SoldOut()
    over = max(one.ends_at for one in figures.places if one.slot_id in free)
    changes: dict[datetime, list[tuple[int, int]]] = defaultdict(list)
    for person in figures.people:
        if person.slot_id in free:
            changes[person.made_at].append((person.slot_id, -1))
            if person.left_at:
                changes[person.left_at].append((person.slot_id, 1))
    first = last = None
    for at in sorted(changes):
        if at >= over:
            break
        for slot_id, places in changes[at]:
            free[slot_id] += places
        if any(places > 0 for places in free.values()):
            last = None
        else:
            last = last or at
            first = first or at
    return SoldOut(first, last)


def work(steps: Sequence[Step]) -> dict[tuple[int, int], Work]:
    """By counter and member of staff; who calls somebody has the time until the counter is free, and who ended the
    service last has served them.
    """
    found: dict[tuple[int, int], Work] = defaultdict(Work)
    taken: dict[int, tuple[tuple[int, int], datetime]] = {}
    ended: dict[int, tuple[int, int]] = {}
    for step in steps:
        who = (step.counter_id or NO_COUNTER, _staff_id(step.actor))
        if step.kind in TAKEN and step.counter_id:
            found[who].calls += 1
            taken[step.ticket_id] = (who, step.at)
        elif step.kind in FREED:
            if step.kind is StepKind.FINISH:
                ended[step.ticket_id] = who
            found[who].unanswered += step.kind in UNANSWERED
            if begun := taken.pop(step.ticket_id, None):
                caller, since = begun
                found[caller].seconds += max(0, round((step.at - since).total_seconds()))
    for who in ended.values():
        found[who].served += 1
    return dict(found)


def _staff_id(actor: str) -> int:
    return int(actor.removeprefix(STAFF)) if actor.startswith(STAFF) else NOBODY
