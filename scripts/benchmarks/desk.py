"""The lines of the office itself: scans at its desks."""

from __future__ import annotations

import itertools
import re
import secrets
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from scripts.benchmarks.bench import Bench, Measured, cost_of, report_others
from scripts.benchmarks.installation import INDONESIA
from scripts.benchmarks.machine import progress
from scripts.benchmarks.people import Person
from scripts.benchmarks.table import Line
from scripts.benchmarks.volley import Volley

DESKS = 4  # of one office, each scanning as fast as it is answered
SCANS = 400  # a round, at most
SERIALS = itertools.count(5_000_000)  # of people who stand in no other line


def scans(bench: Bench) -> Iterator[Line]:
    """Tickets scanned on the page of the desk, where the answer names person and hour: by one desk, then by four."""
    peer = []
    for desks in (1, DESKS):
        rounds = []
        for number in range(bench.scale.rounds):
            progress(f"scans by {desks}, round {number + 1}")
            rounds.append(scan_all(bench, desks))
            peer.append(bench.endless(bench.flask, [bench.crowd.get("/")], desks))
        whose = "one desk" if desks == 1 else f"{desks} desks at once"
        slowest = [each.percentile(0.99) for each in rounds]
        yield Line(f"p99 of a scan, {whose} without a pause", slowest, "ms", at_most=50)
        yield Line(f"median of a scan, {whose}", [each.percentile(0.5) for each in rounds], "ms")
    yield from cost_of("a scan", rounds, peer[bench.scale.rounds :])
    bench.check()


def scan_all(bench: Bench, desks: int) -> Measured:
    """A round: people with a ticket for today, booked yesterday."""
    count = min(SCANS, bench.scale.bookings // 4)
    venue = bench.venue(slots=8, capacity=count, zone=INDONESIA)
    tokens = bench.installation.tickets(venue.slots, [Person(next(SERIALS)).nik for _ in range(count)])
    cookie = bench.installation.desk(venue.office_id, f"desk-{secrets.token_hex(4)}")
    requests = _requests(bench.product.port, tokens, cookie)
    measured = bench.fire(bench.product, Volley(bench.product.port, requests, desks, bodies_of=(200,)))
    results = Counter(b'"result":"checked_in"' in body for body in measured.answers.bodies.values())
    if results[False] or results[True] != len(requests):
        bench.note(f"of {len(requests)} people with a ticket {results[True]} were checked in")
    report_others(measured.answers, 200)
    return measured


def _requests(port: int, tokens: Sequence[str], cookie: str) -> list[bytes]:
    ask = urllib.request.Request(f"http://127.0.0.1:{port}/meja/pindai", headers={"Cookie": cookie})
    with urllib.request.urlopen(ask) as answer:
        page = answer.read().decode()
        own = answer.headers.get_all("Set-Cookie")
    cookies = "; ".join([cookie, *(one.partition(";")[0] for one in own)])
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
