"""The lines of the office itself: scans at its desks."""

from __future__ import annotations

import itertools
import re
import secrets
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from flask import current_app
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date, office_instant
from queue_app.domain.identity import parse_nik
from queue_app.domain.roles import Role
from queue_app.models import Office, Slot, Staff, StaffAssignment
from queue_app.services.access.staff import start_session
from queue_app.services.booking.book import book
from queue_app.services.booking.request import Applicant, BookingRequest
from queue_app.web.access.rules import STAFF_COOKIE
from scripts.benchmarks.bench import Bench, Measured, report_others
from scripts.benchmarks.machine import progress
from scripts.benchmarks.people import Person
from scripts.benchmarks.table import Line
from scripts.benchmarks.volley import Volley

DESKS = 4  # of one office, each scanning as fast as it is answered
SCANS = 400  # a round
ZONE = "Asia/Jakarta"
SERIALS = itertools.count(5_000_000)  # of people who stand in no other line


def scans(bench: Bench) -> Iterator[Line]:
    """Tickets scanned on the page of the desk, where the answer names person and hour: by one desk, then by four."""
    for desks in (1, DESKS):
        rounds = [_round(bench, desks, number) for number in range(bench.scale.rounds)]
        whose = "one desk" if desks == 1 else f"{desks} desks at once"
        slowest = [each.percentile(0.99) for each in rounds]
        yield Line(f"p99 of a scan, {whose} without a pause", slowest, "ms", at_most=50)
        yield Line(f"median of a scan, {whose}", [each.percentile(0.5) for each in rounds], "ms")
    yield Line("processor time of a scan", [each.server_cpu for each in rounds], "µs")
    bench.check()


def _round(bench: Bench, desks: int, number: int) -> Measured:
    progress(f"scans by {desks}, round {number + 1}")
    venue = bench.venue(slots=8, capacity=SCANS)
    tokens, cookie = _people_and_officer(bench, venue.office_id, venue.slots)
    requests = _requests(bench.product.port, tokens, cookie)
    measured = bench.fire(bench.product, Volley(bench.product.port, requests, desks, bodies_of=(200,)))
    results = Counter(b'"result":"checked_in"' in body for body in measured.answers.bodies.values())
    if results[False] or results[True] != len(requests):
        bench.note(f"of {len(requests)} people with a ticket {results[True]} were checked in")
    report_others(measured.answers, 200)
    return measured


def _people_and_officer(bench: Bench, office_id: int, slots: Sequence[int]) -> tuple[list[str], str]:
    """Tickets for today, booked yesterday, and the log-in of somebody at the desk."""
    now = datetime.now(UTC)
    today = office_date(now, ZONE)
    yesterday = office_instant(today - timedelta(days=1), time(12), ZONE)
    with bench.installation.session() as session:
        _bring_to_indonesia(session, office_id, slots, today)
        keyring = current_app.extensions["keyring"]
        tokens = []
        for serial in range(SCANS):
            person = Person(next(SERIALS))
            request = BookingRequest(
                slots[serial % len(slots)], (Applicant("Siti Wahyuni", parse_nik(person.nik)),), None, None, "id", None
            )
            booked = book(session, request, keyring=keyring, now=yesterday)
            tokens.append(keyring.ticket_token(booked.tickets[0].id))
        staff = Staff(username=f"desk-{secrets.token_hex(4)}", name="Petugas", password_hash="-", created_at=now)
        staff.assignments = [StaffAssignment(office_id=office_id, role=Role.DESK)]
        session.add(staff)
        session.flush()
        return tokens, start_session(session, staff.id, now=now)


def _bring_to_indonesia(session: Session, office_id: int, slots: Sequence[int], today: date) -> None:
    """The pages of the desk know Indonesia's zones only; the office's long early minutes make it always time."""
    office = session.get_one(Office, office_id)
    office.time_zone = ZONE
    for hour, slot_id in enumerate(slots, start=8):
        slot = session.get_one(Slot, slot_id)
        slot.day = today
        slot.starts_at, slot.ends_at = (office_instant(today, time(at), ZONE) for at in (hour, hour + 1))
    session.flush()


def _requests(port: int, tokens: Sequence[str], cookie: str) -> list[bytes]:
    ask = urllib.request.Request(f"http://127.0.0.1:{port}/meja/pindai", headers={"Cookie": f"{STAFF_COOKIE}={cookie}"})
    with urllib.request.urlopen(ask) as answer:
        page = answer.read().decode()
        own = answer.headers.get_all("Set-Cookie")
    cookies = "; ".join([f"{STAFF_COOKIE}={cookie}", *(one.partition(";")[0] for one in own)])
    form_token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if form_token is None:
        raise SystemExit("the page of the desk has no form")
    return [_request(port, token, cookies, form_token[1]) for token in tokens]


def _request(port: int, token: str, cookies: str, form_token: str) -> bytes:
    nonce = "".join(chr(97 + byte % 26) for byte in secrets.token_bytes(32))
    body = urlencode({"code": token, "nonce": nonce}).encode()
    head = (
        f"POST /meja/pindai HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n"
        f"Cookie: {cookies}\r\nX-CSRFToken: {form_token}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
