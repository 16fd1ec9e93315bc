"""What the lines of the table are measured with: servers, generator and installation of one database's run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from scripts.benchmarks.databases import Databases
from scripts.benchmarks.exactness import Promise, Rush, faults
from scripts.benchmarks.floors import FloorClaims
from scripts.benchmarks.installation import Installation, Venue
from scripts.benchmarks.load import Generator
from scripts.benchmarks.machine import cpu_seconds, family, progress
from scripts.benchmarks.people import Crowd, Wish
from scripts.benchmarks.servers import Server, bare
from scripts.benchmarks.volley import Answers, Volley

CREATED, REPEATED, REFUSED = 201, 200, 409


@dataclass(frozen=True)
class Scale:
    """How much is measured. Seconds of a volley of endless requests; bookings of a round."""

    rounds: int
    seconds: float
    bookings: int
    calls: int  # of what is measured without a server
    check_each_rush: bool  # `queue-app check` after every round, not only after every line
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
    """Everything is started when it is first asked for, and ended with the stack."""

    databases: Databases
    folder: Path
    scale: Scale
    workers: int
    stack: ExitStack
    faults: list[str] = field(default_factory=list)

    @property
    def is_sqlite(self) -> bool:
        return self.databases.kind == "sqlite"

    @cached_property
    def generator(self) -> Generator:
        return self.stack.enter_context(Generator())

    @cached_property
    def installation(self) -> Installation:
        return Installation(self.folder / "instance", self.databases.fresh("rush"), self.workers)

    @cached_property
    def product(self) -> Server:
        progress("starting the product")
        return self.stack.enter_context(self.installation.start())

    @property
    def served(self) -> bool:
        """Whether the product has been asked for anything yet."""
        return "product" in self.__dict__

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

    def venue(self, *, slots: int, capacity: int) -> Venue:
        _ = self.product
        return self.installation.venue(slots=slots, capacity=capacity)

    def endless(self, server: Server, requests: Sequence[bytes], connections: int) -> Measured:
        """Requests over and over for the time of a round."""
        return self.fire(server, Volley(server.port, requests, connections, self.scale.seconds))

    def fire(self, server: Server, volley: Volley) -> Measured:
        before = server.cpu(), self._database_cpu()
        answers = self.generator.fire(volley)
        count = max(len(answers.at), 1)
        spent = server.cpu() - before[0], self._database_cpu() - before[1]
        return Measured(answers, 1e6 * spent[0] / count, 1e6 * spent[1] / count)

    def rush(self, venue: Venue, wishes: Sequence[Wish], connections: int) -> Measured:
        """Everybody books at once; afterwards what was promised is compared with what is stored."""
        requests = [self.crowd.booking(wish) for wish in wishes]
        volley = Volley(self.product.port, requests, connections, bodies_of=(CREATED, REPEATED, REFUSED))
        measured = self.fire(self.product, volley)
        self._verify(venue, wishes, measured.answers)
        return measured

    def check(self) -> None:
        """The product's own verification of everything stored so far."""
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
        if self.scale.check_each_rush:
            self.check()

    @staticmethod
    def _unsure(answers: Answers) -> int:
        """Requests that may have been stored without anybody being told: no answer, or an error."""
        return len(answers.unanswered) + sum(n for status, n in answers.statuses().items() if status >= 500)

    def note(self, *found: str) -> None:
        """Remember what was not exact: the run goes on, and ends with an error."""
        for fault in found:
            progress(f"NOT EXACT: {fault}")
        self.faults += [f"{self.databases.kind}: {fault}" for fault in found]

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
