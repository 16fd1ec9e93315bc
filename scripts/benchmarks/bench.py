"""What the lines of the table are measured with: servers, generator and installation of one database's run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from scripts.benchmarks.builds import PRESENT, Build
from scripts.benchmarks.databases import Databases
from scripts.benchmarks.exactness import Promise, Rush, faults
from scripts.benchmarks.floors import FloorClaims
from scripts.benchmarks.installation import Installation, Venue
from scripts.benchmarks.load import Generator
from scripts.benchmarks.machine import cpu_seconds, family, progress
from scripts.benchmarks.people import Crowd, Wish
from scripts.benchmarks.servers import Server, bare
from scripts.benchmarks.table import LESS, Line
from scripts.benchmarks.volley import Answers, Volley

CREATED, REPEATED, REFUSED = 201, 200, 409
Result = TypeVar("Result")


@dataclass(frozen=True)
class Scale:
    """How much is measured. Seconds of a volley of endless requests; bookings of a round."""

    rounds: int
    seconds: float
    bookings: int
    calls: int  # of what is measured without a server
    check_each_rush: bool  # `queue-app check` after every round and every line, not only at the end
    days: int = 30  # of the soak


FULL = Scale(rounds=5, seconds=2.0, bookings=3000, calls=100, check_each_rush=True)
QUICK = Scale(rounds=1, seconds=0.5, bookings=600, calls=20, check_each_rush=False, days=2)


@dataclass(frozen=True)
class Measured:
    """A volley with the processor time that one of its answers cost: microseconds of server and of database."""

    answers: Answers
    server_cpu: float
    database_cpu: float

    @property
    def rate(self) -> float:
        return self.answers.rate

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        return 1000 * self.answers.percentile(share)


@dataclass
class Bench:
    """One build on one database. Everything is started when it is first asked for, and ended with the stack."""

    databases: Databases
    folder: Path
    scale: Scale
    workers: int
    stack: ExitStack
    build: Build = PRESENT
    faults: list[str] = field(default_factory=list)

    @property
    def is_sqlite(self) -> bool:
        return self.databases.kind == "sqlite"

    @cached_property
    def generator(self) -> Generator:
        return self.stack.enter_context(Generator())

    @cached_property
    def installation(self) -> Installation:
        return self.installed("rush")

    @cached_property
    def at_start(self) -> Installation:
        """One whose server nobody asks for anything but its first page."""
        return self.installed("start")

    def installed(self, name: str) -> Installation:
        own = self.build.named(name)
        made = Installation(self.folder / own, self.databases.fresh(own), self.workers, build=self.build)
        self.stack.callback(made.close)
        return made

    @cached_property
    def product(self) -> Server:
        progress("starting the product")
        return self.stack.enter_context(self.installation.start())

    @property
    def served(self) -> bool:
        """Whether somebody has come yet."""
        return "crowd" in vars(self)

    @cached_property
    def flask(self) -> Server:
        return self.stack.enter_context(bare("flask", self.workers, self.folder))

    @cached_property
    def wsgi(self) -> Server:
        return self.stack.enter_context(bare("wsgi", self.workers, self.folder))

    @cached_property
    def floor(self) -> FloorClaims:
        claims = FloorClaims(self.databases.fresh("rush" if self.databases.given else "floor"))
        self.stack.callback(claims.close)
        return claims

    @cached_property
    def crowd(self) -> Crowd:
        port = self.product.port  # it makes the tables
        return Crowd(port, self.installation.api_key())

    def venue(self, *, slots: int, capacity: int, **more: Any) -> Venue:
        """See `Installation.venue`."""
        _ = self.product
        return self.installation.venue(slots=slots, capacity=capacity, **more)

    def endless(self, server: Server, requests: Sequence[bytes], connections: int) -> Measured:
        """Requests over and over for the time of a round."""
        return self.fire(server, Volley(server.port, requests, connections, self.scale.seconds))

    def fire(self, server: Server, volley: Volley) -> Measured:
        answers, server_cpu, database_cpu = self.cost(server, lambda: self.generator.fire(volley))
        count = max(len(answers.at), 1)
        return Measured(answers, server_cpu / count, database_cpu / count)

    def cost(self, server: Server, work: Callable[[], Result]) -> tuple[Result, float, float]:
        """The result of the work, and the microseconds of processor time that server and database spent on it."""
        before = server.cpu(), self._database_cpu()
        result = work()
        return result, 1e6 * (server.cpu() - before[0]), 1e6 * (self._database_cpu() - before[1])

    def rush(self, venue: Venue, wishes: Sequence[Wish], connections: int) -> Measured:
        """Everybody books at once; afterwards what was promised is compared with what is stored."""
        requests = [self.crowd.booking(wish) for wish in wishes]
        volley = Volley(self.product.port, requests, connections, bodies_of=(CREATED, REPEATED, REFUSED))
        measured = self.fire(self.product, volley)
        self._verify(venue, wishes, measured.answers)
        return measured

    def check(self, *, last: bool = False) -> None:
        """The product's own verification of everything stored so far; in a quick run only at the ``last``."""
        if "product" in vars(self) and (last or self.scale.check_each_rush):
            self.note(*self.installation.check())

    def _verify(self, venue: Venue, wishes: Sequence[Wish], answers: Answers) -> None:
        promises, full = [], Counter[int]()
        status_of = dict(zip(answers.request, answers.status, strict=True))
        for number, body in answers.bodies.items():
            said = json.loads(body)
            slot_id = wishes[number].slot_id
            if status_of[number] != REFUSED:
                promises.append(Promise(slot_id, wishes[number].key, said["code"], str(said["queue_number"])))
            elif said.get("code") == "slot_full":
                full[slot_id] += 1
        stored = self.installation.stored(venue.slots)
        self.note(*faults(Rush(venue.places, promises, stored, full, self._unsure(answers))))
        report_others(answers, CREATED, REPEATED, REFUSED)
        self.check()

    @staticmethod
    def _unsure(answers: Answers) -> int:
        """Requests that may have been stored without anybody being told: no answer, or an error."""
        return len(answers.unanswered) + sum(n for status, n in answers.statuses().items() if status >= 500)

    def note(self, *found: str, headed: str = "NOT EXACT") -> None:
        """Remember what was not exact, or not as it was: the run goes on, and ends with an error."""
        for fault in found:
            progress(f"{headed}: {fault}")
        where = f"{self.databases.kind}, {self.build.name}" if self.build.name else self.databases.kind
        self.faults += [f"{where}: {fault}" for fault in found]

    def _database_cpu(self) -> float:
        return sum(cpu_seconds(family(first)) for first in self.databases.processes())


def report_others(answers: Answers, *expected: int) -> None:
    """Say on the way when there were answers that do not belong to the picture."""
    others = {status: count for status, count in answers.statuses().items() if status not in expected}
    if others or answers.unanswered or answers.reconnects:
        progress(
            f"other answers: {others}, unanswered: {len(answers.unanswered)}, connections lost: {answers.reconnects}"
        )
    for body in answers.errors.values():
        progress(body[:200].decode(errors="replace"))


def cost_of(
    what: str, ours: Sequence[Measured], theirs: Sequence[Measured], at_most: float | None = None
) -> Iterator[Line]:
    """Processor time, by itself and beside that of the bare Flask requests of the same rounds."""
    yield Line(f"processor time of {what}", [each.server_cpu for each in ours], "µs", at_most=at_most)
    times = [one.server_cpu / other.server_cpu for one, other in zip(ours, theirs, strict=True)]
    yield Line(f"processor time of {what} / bare Flask request", times, "×", better=LESS)
