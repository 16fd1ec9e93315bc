"""A thousand valid and a thousand hostile requests to the product as it is served: never a failure of ours."""

from __future__ import annotations

import contextlib
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from queue_app import create_app
from queue_app.config import Settings
from queue_app.db import db, unit_of_work
from queue_app.domain.clock import SystemClock
from queue_app.domain.roles import Role
from queue_app.models import Office, Ticket
from queue_app.services.access.staff import start_session
from queue_app.web.access.rules import STAFF_COOKIE
from tests.concurrency.races import assert_sound
from tests.conftest import close
from tests.harness.factories import make_staff
from tests.harness.serving import Served, serving
from tests.harness.surfer import Answer, Surfer
from tests.web.crawling import crawl
from tests.web.found_forms import Form
from tests.web.hostile_requests import Hostile, Malice

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("requests as served")]  # what they share takes half a minute
REQUESTS = 1000  # of each kind
BROKEN = (
    b"GET / HTTP/1.1\nHost: a\n\n",
    b"GET /\r\n\r\n",
    b"GET  /  HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n",
    b"GET / HTTP/1.1\r\n: x\r\n\r\n",
    b"POST /bookings HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST /bookings HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    b"POST /bookings HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    b"POST /api/v1/check-ins HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{\r\n0\r\n\r\n",
    b"POST /api/v1/check-ins HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\xff" * 500 + b"\r\n\r\n",
)


@pytest.fixture(scope="module")
def demo(installation: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """With the demo's offices, people and tickets."""
    folder = tmp_path_factory.mktemp("requests")
    shutil.copytree(installation, folder / "data")
    own = {"QUEUE_APP_WORKERS": "2", "QUEUE_APP_TRUSTED_PROXIES": "1", "QUEUE_APP_RUN_SCHEDULER": "no"}
    with serving(folder / "data", folder / "output", "--demo-if-empty", **own) as served:
        yield served


@pytest.fixture(scope="module")
def observer(demo: Served) -> Iterator[Flask]:
    """An app on the same database."""
    folder = demo.output.parent / "data"
    app = create_app(Settings(instance=folder, database_url=f"sqlite:///{folder / 'queue.db'}"))
    yield app
    close(app)


@dataclass
class Somebody:
    """A browser in a role; what comes back is judged."""

    role: Role | None
    surfer: Surfer
    forms: list[Form] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    answered: Counter[int] = field(default_factory=Counter)

    def send(self, method: str, address: str, body: bytes = b"", kind: str = "", **headers: str) -> Answer:
        if address.endswith("/petugas/keluar"):  # the next request shall come as far as this one
            method, address = "GET", "/petugas/"
        answer = self.surfer.ask(method, address, body or None, {**({"Content-Type": kind} if kind else {}), **headers})
        self.answered[answer.status] += 1
        return answer


@pytest.fixture(scope="module")
def everybody(demo: Served, observer: Flask) -> tuple[list[Somebody], list[str]]:
    """In every role, and the failures they have met; each has gone through the pages once, filling in the forms."""
    faults: list[str] = []
    chance, now = random.Random(7), SystemClock().now()
    found = []
    with observer.app_context():
        tickets = db.session().scalars(select(Ticket.id).order_by(Ticket.id).limit(3)).all()
        keyring = observer.extensions["keyring"]
        tokens = [keyring.ticket_token(ticket) for ticket in tickets]
        db.session.remove()
        for role in (None, Role.DESK, Role.ADMINISTRATOR):
            somebody = Somebody(role, Surfer(demo.port, faults, chance))
            if role:
                with unit_of_work() as session:
                    office = session.scalars(select(Office).order_by(Office.position)).first()
                    assert office is not None
                    staff = make_staff(session, office, role, now=now, username=f"uji.{role}", keyring=keyring)
                    somebody.surfer.cookies[STAFF_COOKIE] = start_session(session, staff.id, now=now)
            found.append(somebody)
    for somebody in found:
        pages = [f"/t/{token}" for token in tokens] if somebody.role is None else []
        somebody.forms, somebody.addresses = crawl(somebody, 1, *pages)
    return found, faults


def test_a_thousand_valid_requests(everybody: tuple[list[Somebody], list[str]], observer: Flask) -> None:
    people, faults = everybody
    assert people[-1].send("GET", "/petugas/").status == 200, "logged out: nothing was tried"
    chance = random.Random(8)
    answered = sum((somebody.answered for somebody in people), Counter[int]())
    while answered.total() < REQUESTS:
        somebody = chance.choice(people)
        answered[somebody.send("GET", chance.choice(somebody.addresses)).status] += 1
    assert not faults, faults[:20]
    assert answered[200] + answered[303] > REQUESTS / 2, answered
    assert_sound(observer)


def test_a_thousand_hostile_requests(
    demo: Served, everybody: tuple[list[Somebody], list[str]], observer: Flask
) -> None:
    people, _ = everybody
    chance, statuses = random.Random(9), Counter[int]()
    malice = {somebody.role: Malice(somebody.addresses, somebody.forms, ["lang", "hari"], 9) for somebody in people}
    for number in range(REQUESTS):
        somebody = chance.choice(people)
        sent = BROKEN[number] if number < len(BROKEN) else raw(malice[somebody.role].request(), somebody, chance)
        status = status_of(demo, sent)
        statuses[status] += 1
        assert status < 500, (status, sent[:600])
    assert statuses[0] <= len(BROKEN), statuses  # not even a refusal: only to what is no HTTP at all
    assert len(demo.workers) == 2
    assert "Traceback" not in demo.output.read_text()
    assert_sound(observer)


def raw(made: Hostile, somebody: Somebody, chance: random.Random) -> bytes:
    """As bytes on the line, with the cookies of that browser."""
    sender = ".".join(str(chance.randrange(1, 255)) for _ in range(4))
    cookies = "; ".join(f"{name}={value}" for name, value in somebody.surfer.cookies.items())
    headers = {"Host": "localhost", "Cookie": cookies, "X-Forwarded-For": sender, "Content-Type": made.kind}
    headers |= {**made.headers, "Content-Length": str(len(made.body)), "Connection": "close"}
    head = f"{made.method} {made.address} HTTP/1.1\r\n".encode("latin-1", "replace")
    head += b"".join(f"{name}: {value}\r\n".encode("latin-1") for name, value in headers.items())
    return head + b"\r\n" + made.body


def status_of(served: Served, sent: bytes) -> int:
    """0: the connection ended without an answer."""
    with served.connect() as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may have refused before the end
            connection.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            answer = connection.recv(65536)
            return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0
    return 0
