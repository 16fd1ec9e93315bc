"""The line of the pages: the whole way of a citizen from the office to the ticket."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

from scripts.benchmarks.bench import Bench
from scripts.benchmarks.installation import INDONESIA, Venue
from scripts.benchmarks.machine import progress
from scripts.benchmarks.people import Person
from scripts.benchmarks.table import LESS, Line
from tests.harness.surfer import Answer, Surfer
from tests.web.found_forms import Form

PEOPLE = 64  # at once
REQUESTS = 8
WHOLE = f"the way to a ticket, {REQUESTS} requests"
TOLD_LATER = f"bookings told to come back later (503), {PEOPLE} at once"
AHEAD = 3  # days until the one they all want
TOKEN = re.compile(r"/t/\w+")
BUSY = 503
RELOADS = 5
SERIALS = count(7_000_000)  # of people who stand in no other line


@dataclass(frozen=True)
class Walked:
    """A round's milliseconds of processor time, of server and database, for each person who has come to a ticket."""

    server_cpu: float
    database_cpu: float
    turned_away: float  # per cent of the bookings that were told to come back later (503)


def way(bench: Bench) -> Iterator[Line]:
    """Everybody reads the pages one by one, as a browser without scripts does, and all press the button at once."""
    rounds, peer = [], []
    for number in range(bench.scale.rounds + 1):
        progress(f"the way through the pages, round {number}" if number else "the way through the pages, warming")
        rounds.append(walk_all(bench))
        peer.append(bench.endless(bench.flask, [bench.crowd.get("/")], PEOPLE).server_cpu)
    rounds, peer = rounds[1:], peer[1:]
    yield Line(f"processor time of {WHOLE}", [each.server_cpu for each in rounds], "ms")
    times = [1000 * one.server_cpu / REQUESTS / bare for one, bare in zip(rounds, peer, strict=True)]
    yield Line("processor time of a request on that way / bare Flask request", times, "×", better=LESS)
    yield Line(f"… {TOLD_LATER}", [each.turned_away for each in rounds], "%", at_most=0)
    bench.check()


def walk_all(bench: Bench) -> Walked:
    """A round. Afterwards each ticket that somebody was shown is looked for."""
    venue = bench.venue(slots=8, capacity=PEOPLE, days_ahead=AHEAD, zone=INDONESIA)
    people = [_Citizen(bench.product.port, venue, number) for number in range(PEOPLE)]
    with ThreadPoolExecutor(PEOPLE) as pool:

        def together(act: Callable[[_Citizen], None]) -> None:
            list(pool.map(act, people))

        def walk() -> None:
            for act in (_Citizen.choose, _Citizen.press, _Citizen.read_ticket):
                together(act)

        _, server_cpu, database_cpu = bench.cost(bench.product, walk)
    _verify(bench, venue, people)
    later = sum(citizen.status == BUSY for citizen in people)
    through = max(sum(citizen.number != "" for citizen in people), 1)
    return Walked(server_cpu / 1000 / through, database_cpu / 1000 / through, 100 * later / PEOPLE)


def _verify(bench: Bench, venue: Venue, people: Sequence[_Citizen]) -> None:
    stored = bench.installation.stored(venue.slots)
    shown = {citizen.number for citizen in people if citizen.number}
    if shown - {ticket.queue_number for ticket in stored} or len(stored) > PEOPLE:
        bench.note(f"{len(shown)} people were shown a ticket, and {len(stored)} are stored")
    if without := Counter(citizen.status for citizen in people if not citizen.number):
        progress(f"people without a ticket, by the answer to the button or the page before: {dict(without)}")
    if failed := Counter(TOKEN.sub("/t/…", fault) for citizen in people for fault in citizen.faults):
        progress(f"on the way: {dict(failed)}")


class _GaveUp(Exception):
    """A page has said too often that the server is busy."""


class _Citizen:
    """One person with a browser. Raises SystemExit when a page on the way is not as it should be."""

    def __init__(self, port: int, venue: Venue, serial: int) -> None:
        self.faults: list[str] = []  # pages that were answered with 500 or more
        self._browser = Surfer(port, self.faults, random.Random(serial), accepts="gzip, deflate, br")
        self._venue, self._slot_id = venue, venue.slots[serial % len(venue.slots)]
        self._form: Form | None = None
        self.status = BUSY  # of the answer to the button, which those who give up before never see
        self._ticket = ""
        self.number = ""  # of the queue, on the ticket

    def choose(self) -> None:
        """As far as the page with the button."""
        with suppress(_GaveUp):
            self._form = self._button()

    def press(self) -> None:
        if pressed := self._browser.send(self._form, slot_id=str(self._slot_id)):
            self.status, self._ticket = pressed.status, pressed.location

    def read_ticket(self) -> None:
        if self._ticket.startswith("/t/"):
            with suppress(_GaveUp):
                found = re.search(r"\bA-\d{3,}\b", self._read(self._ticket).text)
                self.number = found[0] if found else ""

    def _button(self) -> Form:
        page, person = self._venue.page, Person(next(SERIALS))
        self._read(f"/{self._venue.office}")
        self._read(page)
        details = {"name": "Siti Wahyuni", "nik": person.nik, "phone": person.phone, "email": ""}
        sent = self._browser.send(self._read(f"{page}/data").form("/data"), **details)
        if sent is None or not sent.location:
            if sent is not None and sent.status == BUSY:
                raise _GaveUp
            raise SystemExit(f"the details were not taken at {page}")
        wanted = f"/pilih?hari={self._venue.day}"
        day = next((link for link in self._read(sent.location).links if wanted in link), None)
        form = self._read(day).form("/bookings") if day else None
        if form is None:
            raise SystemExit(f"no day or no button at {page}")
        return form

    def _read(self, address: str) -> Answer:
        """Again when it was too much for the server, as people do."""
        for _ in range(RELOADS):
            answer = self._browser.get(address)
            if answer.status != BUSY:
                return answer
            time.sleep(1)  # as it asks for, at least
        raise _GaveUp
