"""One opening at one installation: people press, processors and the disk work, and everybody is answered.

Where people are many, one request of the simulation stands for several that come together; so a country takes seconds.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .costs import Costs, Crowd
from .outcome import Outcome
from .queues import Cores, Disk, Events

MOST_REQUESTS = 24_000  # persons or groups of them that are followed one by one
FADES = 1.0  # seconds
FIRST = 10  # seconds in which it is decided how much of the machines is used
MICRO = 1e-6


@dataclass(frozen=True)
class Installation:
    """Machines that share a database, and the offices on it. ``database_cores``: 0 when it has the web's own.

    ``visitors``: of each office at its opening. ``processes``: how many of the web's may be asked for one office.
    """

    web_cores: int
    database_cores: int
    processes: int
    visitors: Sequence[float]
    slots: int
    places: int


@dataclass
class Slot:
    """``recent``: claims taken up here, fading with `FADES`, so that `recent / FADES` come in a second."""

    left: float
    full: bool = False
    recent: float = 0.0
    seen: float = 0.0


@dataclass(slots=True)
class Person:
    weight: float
    office: int
    tries: int
    asked: float = 0.0


class Opening:
    def __init__(self, place: Installation, crowd: Crowd, costs: Costs, seed: int) -> None:
        self._place, self._crowd, self._costs = place, crowd, costs
        self._chance = random.Random(seed)
        self._events = Events()
        self._weight = max(1.0, sum(place.visitors) / MOST_REQUESTS)
        self._web = Cores(self._events, place.web_cores, self._weight)
        self._database = Cores(self._events, place.database_cores, self._weight) if place.database_cores else self._web
        self._disk = Disk(self._events, costs.flush * MICRO, costs.group)
        each = place.places / place.slots
        self._slots = [[Slot(each) for _ in range(place.slots)] for _ in place.visitors]
        self.outcome = Outcome()
        self._changed_at = 0.0

    def run(self) -> Outcome:
        for when, person, prepared in self._arrivals():
            step = self._press if prepared else self._look
            self._events.at(when, lambda step=step, person=person: step(person))  # type: ignore[misc]
        self._events.run()
        out, place = self.outcome, self._place
        out.ended = max(self._events.now, 0.0)
        out.use = {
            "web processors": self._web.busy.share(0, FIRST, place.web_cores),
            "disk": self._disk.busy.share(0, FIRST, 1),
        }
        if place.database_cores:
            out.use["database processors"] = self._database.busy.share(0, FIRST, place.database_cores)
        out.most_turns = self._disk.most_turns
        out.most_flushes = max(self._disk.flushes.values(), default=0)
        return out

    def _arrivals(self) -> list[tuple[float, Person, bool]]:
        weight, crowd = self._weight, self._crowd
        found, owed = [], 0.0
        for office, visitors in enumerate(self._place.visitors):
            owed += visitors / weight
            while owed >= 1:
                owed -= 1
                prepared = self._chance.random() < crowd.prepared
                mean = crowd.burst if prepared else crowd.tail
                when = self._chance.expovariate(1 / mean) if mean else 0.0
                if when <= crowd.window:
                    found.append((when, Person(weight, office, crowd.tries), prepared))
        return found

    def _look(self, person: Person) -> None:
        """The page, and after a while the button."""
        self._enter(person)

        def cost() -> float:
            return person.weight * self._costs.page * MICRO

        def done() -> None:
            self._leave(person, "page", person.weight)
            self._after(self._crowd.filling_in, self._press, person)

        self._web.ask(cost, done)

    def _press(self, person: Person) -> None:
        self._enter(person)
        slot = self._chance.choice(self._slots[person.office])
        path: list[str] = []  # what became of it when a core took it up
        dear = 0.0

        def cost() -> float:
            nonlocal dear
            if self._events.now - person.asked > self._costs.patience:
                path.append("later")
                return 0.0
            slot.recent = slot.recent * math.exp((slot.seen - self._events.now) / FADES) + person.weight
            slot.seen = self._events.now
            if slot.full:
                path.append("refused")
                dear = self._ask_again(slot, person.weight)
                return (dear * self._costs.late_refusal + (person.weight - dear) * self._costs.refusal) * MICRO
            path.append("claim")
            return person.weight * self._costs.acceptance * MICRO

        def done() -> None:
            if path == ["claim"]:
                self._claim(person, slot)
            elif dear:
                self._database.ask(
                    lambda: dear * self._costs.late_refusal_database * MICRO,
                    lambda: self._refuse(person, person.weight),
                )
            elif path == ["refused"]:
                self._refuse(person, person.weight)
            else:
                self._turn_away(person)

        self._web.ask(cost, done)

    def _ask_again(self, slot: Slot, weight: float) -> float:
        """How many of these find a process that does not know, or not any more, that the slot is full.

        Whoever does makes it known there for `ask_again` seconds, in which so many others of that process hear it from
        memory as come in that time. So of n a second over p processes it is a share of p / (p + n ask_again).
        """
        processes = self._place.processes
        late = weight * processes / (processes + slot.recent / FADES * self._costs.ask_again)
        self.outcome.late += late
        return late

    def _claim(self, person: Person, slot: Slot) -> None:
        given = late = 0.0

        def cost() -> float:
            nonlocal given, late
            given = min(slot.left, person.weight)
            late = person.weight - given
            self.outcome.late += late
            slot.left -= given
            return (given * self._costs.acceptance_database + late * self._costs.late_refusal_database) * MICRO

        def done() -> None:
            slot.full = slot.left <= 0
            if given:
                self._disk.commit(id(slot), given, lambda: self._accept(person, given))
            if late:
                self._web.ask(lambda: late * self._costs.late_refusal * MICRO, lambda: self._refuse(person, late))

        self._database.ask(cost, done)

    def _accept(self, person: Person, given: float) -> None:
        self._leave(person, "accepted", given)
        self.outcome.sold += given
        self.outcome.sold_after = max(self.outcome.sold_after, self._events.now)
        if self._crowd.greedy:
            self._go_on(person, given)

    def _refuse(self, person: Person, refused: float) -> None:
        self._leave(person, "refused", refused)
        if self._chance.random() < self._crowd.again:
            self._go_on(person, refused)

    def _turn_away(self, person: Person) -> None:
        self._leave(person, "later", person.weight)
        if person.tries > 1:
            self._after(self._crowd.later, self._press, Person(person.weight, person.office, person.tries - 1))

    def _go_on(self, person: Person, weight: float) -> None:
        """Another hour of the same office."""
        if person.tries > 1:
            self._after(self._crowd.think, self._press, Person(weight, person.office, person.tries - 1))

    def _after(self, mean: float, step: Callable[[Person], None], person: Person) -> None:
        wait = self._chance.expovariate(1 / mean) if mean else 0.0
        self._events.at(self._events.now + wait, lambda: step(person))

    def _enter(self, person: Person) -> None:
        person.asked = self._events.now
        self.outcome.asked += person.weight
        second = int(person.asked // 1)
        self.outcome.each_second[second] = self.outcome.each_second.get(second, 0) + person.weight
        self._count_inside(person.weight)

    def _leave(self, person: Person, kind: str, weight: float) -> None:
        seconds = self._events.now - person.asked
        self.outcome.answers.setdefault(kind, []).append((seconds, weight))
        self._count_inside(-weight)

    def _count_inside(self, change: float) -> None:
        out, now = self.outcome, self._events.now
        out.person_seconds += out.inside * (now - self._changed_at)
        self._changed_at = now
        out.inside += change
        out.most_inside = max(out.most_inside, out.inside)
