"""The hall: what it costs that thousands of telephones and every display ask who is called."""

from __future__ import annotations

import json
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle

from sqlalchemy.orm import Session

from queue_app import create_app
from queue_app.domain.roles import Actor
from queue_app.domain.visits import Outcome
from queue_app.models import Slot, Staff
from queue_app.services.visits import calling, serving
from queue_app.services.visits.counters import create_counter
from queue_app.services.visits.seats import sign_in
from queue_app.web.hall.shared import HALLS, Halls
from scripts.benchmarks.bench import CREATED, Bench, Measured, report_others
from scripts.benchmarks.installation import Venue
from scripts.benchmarks.machine import progress
from scripts.benchmarks.table import Line
from scripts.benchmarks.volley import Volley, parse

PHONES, PHONE_EVERY = 5_000, 15.0  # seconds between two looks
DISPLAYS, DISPLAY_EVERY = 20, 1.7
RATE = PHONES / PHONE_EVERY + DISPLAYS / DISPLAY_EVERY  # polls a second
IN_ENGLISH = 10  # of each so many one
CONNECTIONS = 64
WAITING, SERVED, COUNTERS = 300, 60, 4
CALL_EVERY = 3.0  # seconds: four busy counters
LONGER = 5  # times a volley: what is made once a second must show
SERVICE = timedelta(seconds=200)
ACTOR = Actor.system("bench")


@dataclass(frozen=True)
class Seat:
    """A counter with its officer."""

    counter_id: int
    staff_id: int

    def serve(self, session: Session, now: datetime) -> None:
        by = {"counter_id": self.counter_id, "staff_id": self.staff_id}
        if called := calling.call_next(session, **by, nonce=secrets.token_urlsafe(16), now=now):
            serving.start(session, called.ticket_id, **by, now=now)
            serving.finish(session, called.ticket_id, Outcome.DONE, **by, now=now + SERVICE)
        session.commit()


def hall(bench: Bench) -> Iterator[Line]:
    """5,000 telephones and 20 displays of one office with 300 people waiting, while one after the other is called."""
    venue = bench.venue(slots=8, capacity=WAITING)
    seats = _fill(bench, venue)
    path = f"/display/{venue.office}/now"
    shares: list[float] = []
    known: list[Measured] = []
    news: list[Measured] = []
    for number in range(bench.scale.rounds + 1):
        progress(f"hall, round {number}" if number else "hall, warming")
        shares.append(_share(bench, path, seats))
        etag = _Phones(bench.product.port, path, 1).ask()
        known.append(bench.endless(bench.product, [_request(path, etag)], CONNECTIONS))
        news.append(bench.endless(bench.product, [_request(path)], CONNECTIONS))
    for each in known[1:]:
        report_others(each.answers, 200, 304)
    what = f"{PHONES:,} phones, each with news, and {DISPLAYS} displays: {RATE:.0f} polls a second, of one core"
    yield Line(what, [100 * share for share in shares[1:]], "%", at_most=25)
    yield Line("processor time of a poll without news", [each.server_cpu for each in known[1:]], "µs")
    yield Line("processor time of a poll with news", [each.server_cpu for each in news[1:]], "µs")
    yield Line(f"a hall with {WAITING} waiting, read and written", _making(bench, path), "ms")
    bench.check()


def _fill(bench: Bench, venue: Venue) -> list[Seat]:
    """Everybody books and checks in; some are served."""
    progress("hall: filling it")
    wishes = bench.crowd.wishes(venue.slots, WAITING + SERVED)
    bodies = bench.rush(venue, wishes, CONNECTIONS).answers.bodies
    scans = [bench.crowd.check_in(json.loads(body)["token"], venue.office) for body in bodies.values()]
    report_others(bench.fire(bench.product, Volley(bench.product.port, scans, 4, bodies_of=(CREATED,))).answers, 200)
    now = datetime.now(UTC)
    with bench.installation.session() as session:
        service_id = session.get_one(Slot, venue.slots[0]).service_id
        seats = [_seat(session, venue, service_id, number, now) for number in range(1, COUNTERS + 1)]
        session.commit()
        for _, seat in zip(range(SERVED), cycle(seats), strict=False):
            seat.serve(session, now)
    return seats


def _seat(session: Session, venue: Venue, service_id: int, number: int, now: datetime) -> Seat:
    staff = Staff(username=f"{venue.office}-{number}", name=f"Petugas {number}", password_hash="-", created_at=now)
    session.add(staff)
    session.flush()
    counter = create_counter(
        session, office_id=venue.office_id, number=number, service_ids=[service_id], actor=ACTOR, now=now
    )
    sign_in(session, counter.id, office_id=venue.office_id, staff_id=staff.id, now=now)
    return Seat(counter.id, staff.id)


def _share(bench: Bench, path: str, seats: list[Seat]) -> float:
    """Processor seconds of the server for each second, at the pace of all phones and displays.

    Every telephone finds something new: when somebody is called every few seconds, that is so.
    """
    phones, counters = _Phones(bench.product.port, path, CONNECTIONS), cycle(seats)
    with bench.installation.session() as session:
        began, cpu = time.perf_counter(), bench.product.cpu()
        until, due, asked = began + LONGER * bench.scale.seconds, began, 0
        while (now := time.perf_counter()) < until:
            if now >= due:
                next(counters).serve(session, datetime.now(UTC))
                due += CALL_EVERY
            phones.ask()
            asked += 1
            time.sleep(max(began + asked / RATE - time.perf_counter(), 0))
        seconds = time.perf_counter() - began
    phones.close()
    if asked < 0.95 * RATE * seconds:
        progress(f"the machine managed {asked / seconds:.0f} polls a second only")
    return (bench.product.cpu() - cpu) / seconds


class _Phones:
    """Some connections that ask by turns, as if behind a proxy; displays say which answer they have."""

    def __init__(self, port: int, path: str, connections: int) -> None:
        self._sockets = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(connections)]
        self._turns, self._number, self._path, self._etag = cycle(self._sockets), 0, path, ""

    def ask(self) -> str:
        """The answer's ETag."""
        self._number += 1
        is_display = self._number % round(RATE * DISPLAY_EVERY / DISPLAYS) == 0
        language = "en" if self._number % IN_ENGLISH == 0 else "id"
        asking = next(self._turns)
        asking.sendall(_request(self._path, self._etag if is_display else "", language))
        received = b""
        while (answer := parse(received)) is None:
            piece = asking.recv(65536)
            if not piece:
                raise SystemExit("the server closed a connection of the hall")
            received += piece
        fields = received[: answer.head].decode("latin-1").split("\r\n")
        self._etag = next(field[5:].strip() for field in fields if field.lower().startswith("etag:"))
        return self._etag

    def close(self) -> None:
        for one in self._sockets:
            one.close()


def _request(path: str, etag: str = "", language: str = "id") -> bytes:
    fields = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip, deflate, br"]
    fields += [f"Cookie: lang={language}", *([f"If-None-Match: {etag}"] if etag else [])]
    return "\r\n".join([*fields, "", ""]).encode()


def _making(bench: Bench, path: str) -> list[float]:
    """Milliseconds of processor time, in this process and with nothing kept but the measured times."""
    app = create_app(bench.installation.settings)
    client = app.test_client()
    times = []
    for _ in range(max(bench.scale.calls // 5, 5)):
        halls: Halls = app.extensions[HALLS]
        halls.forget()
        began = time.process_time()
        client.get(f"{path}?{len(times)}")
        times.append(1000 * (time.process_time() - began))
    return times[1:]
