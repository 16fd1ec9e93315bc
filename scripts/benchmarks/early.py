"""The lines about who presses too early, too late, or for a closed day: programs and people, at 500 connections."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.roles import Actor
from queue_app.models import OfficeService, Slot
from queue_app.services.calendar.closing import close_day
from scripts.benchmarks.bench import REFUSED, Bench, Measured, report_others
from scripts.benchmarks.installation import Venue
from scripts.benchmarks.machine import progress
from scripts.benchmarks.people import Person
from scripts.benchmarks.rushes import BUSY, CROWDED, PEOPLE
from scripts.benchmarks.table import Line

ZONE = "Asia/Jakarta"  # the words of these refusals name times of Indonesia
SOMEBODY = 10_000_000  # the serial of a person whom no other line knows


def refusals(bench: Bench) -> Iterator[Line]:
    """Places are left, and nobody may have them: before the opening, after the closing, on a closed day."""
    for words, prepare in REASONS.items():
        _ = bench.product  # it makes the tables
        venue = bench.installation.venue(slots=1, capacity=50, zone=ZONE)
        with bench.installation.session() as session:
            slot_id = prepare(session, _offering(session, venue))
        programs = [bench.crowd.booking(wish) for wish in bench.crowd.wishes([slot_id], PEOPLE)]
        people = [_form(bench, venue, slot_id)]
        for who, requests in {"programs": programs, "people": people}.items():
            bench.endless(bench.product, requests, BUSY)  # warm
            refused: list[Measured] = []
            for number in range(bench.scale.rounds):
                progress(f"{words}, {who}, round {number + 1}")
                refused.append(bench.endless(bench.product, requests, CROWDED))
                report_others(refused[-1].answers, REFUSED)
            what = f"refusals {words}, {who}, {CROWDED} connections"
            yield Line(what, [each.rate for each in refused], "/s")
            yield Line("… p99", [each.percentile(0.99) for each in refused], "ms", at_most=50)
            yield Line("… processor time of one", [each.server_cpu for each in refused], "µs")
        if bench.installation.stored([slot_id]):
            bench.note(f"a place was given {words}")
    bench.check()


def _before_the_opening(session: Session, offering: OfficeService) -> int:
    """The last day that exists lies beyond the horizon."""
    return _slots(session, offering)[-1].id


def _after_the_closing(session: Session, offering: OfficeService) -> int:
    offering.closes_days_before = 1
    return _slots(session, offering)[0].id


def _on_a_closed_day(session: Session, offering: OfficeService) -> int:
    slot = _slots(session, offering)[4]
    close_day(
        session,
        slot.service_day_id,
        reason_id="Listrik padam",
        reason_en="No electricity",
        actor=Actor.system("bench"),
        now=datetime.now(UTC),
    )
    return slot.id


REASONS: dict[str, Callable[[Session, OfficeService], int]] = {
    "before the opening": _before_the_opening,
    "after the closing": _after_the_closing,
    "on a closed day": _on_a_closed_day,
}


def _offering(session: Session, venue: Venue) -> OfficeService:
    return session.scalars(select(OfficeService).where(OfficeService.office_id == venue.office_id)).one()


def _slots(session: Session, offering: OfficeService) -> list[Slot]:
    found = select(Slot).where(Slot.office_id == offering.office_id).order_by(Slot.starts_at)
    return list(session.scalars(found))


def _form(bench: Bench, venue: Venue, slot_id: int) -> bytes:
    """The button of the last page as a browser sends it: details given, an open day looked at, and this hour chosen."""
    browser = _Browser(bench.product.port)
    with bench.installation.session() as session:
        offering = _offering(session, venue)
        service = f"/{offering.office.slug}/{offering.service.slug}"
        open_day, offering_id = _slots(session, offering)[5].day, offering.id
    person = Person(SOMEBODY)
    details = {"name": "Siti Wahyuni", "nik": person.nik, "phone": person.phone}
    token = _hidden(browser.get(f"{service}/data"), "csrf_token")
    browser.send(browser.post(f"{service}/data", {"csrf_token": token, **details}))
    page = browser.get(f"{service}/pilih?hari={open_day}")
    sent = {name: _hidden(page, name) for name in ("csrf_token", "request_key", "details")}
    return browser.post(f"/slots/{slot_id}/bookings", {**sent, "offering": offering_id, "hari": open_day})


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    if found is None:
        raise SystemExit(f"no {name} in the page:\n{page[:2000]}")
    return found[1]


class _Browser:
    """Keeps cookies, whatever addresses they are for."""

    def __init__(self, port: int) -> None:
        self._port, self._cookies = port, dict[str, str]()

    def get(self, path: str) -> str:
        return self.send(self._head("GET", path) + b"\r\n")

    def post(self, path: str, values: dict[str, object]) -> bytes:
        body = urlencode(values).encode()
        fields = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        return self._head("POST", path) + fields.encode() + body

    def send(self, request: bytes) -> str:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        connection.connect()
        connection.sock.sendall(request)
        answer = connection.response_class(connection.sock)
        answer.begin()
        page = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        connection.close()
        return page

    def _head(self, method: str, path: str) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nCookie: {cookies}\r\n".encode()
