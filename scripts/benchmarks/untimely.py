"""Refusals that depend on the hour or the day: whoever presses too early, too late, or on a day that is closed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from scripts.benchmarks.bench import CREATED, REFUSED, Bench, Measured, report_others
from scripts.benchmarks.installation import INDONESIA, Venue
from scripts.benchmarks.machine import progress
from scripts.benchmarks.people import Person
from scripts.benchmarks.table import Line
from scripts.benchmarks.volley import Volley
from tests.harness.surfer import FORM, Surfer

CONNECTIONS = 500
PEOPLE = 2000  # different requests
SOMEBODY = 10_000_000  # the serial of a person whom no other line knows
AHEAD = 10  # days until one that is not tomorrow

# What the venue is like, and the code of the refusal; see `Installation.venue`.
CASES: Mapping[str, tuple[Mapping[str, Any], str]] = MappingProxyType(
    {
        "not open yet": ({"days_ahead": AHEAD, "rules": {"opens_days_before": 1}}, "not_open_yet"),
        "closed for booking": ({"days_ahead": AHEAD, "rules": {"closes_days_before": 20}}, "booking_closed"),
        "day closed": ({"days_ahead": AHEAD, "closed": True}, "day_closed"),
        "already past": ({"first_hour": 0}, "booking_closed"),
    }
)


def refusals(bench: Bench) -> Iterator[Line]:
    """Each case for programs, and for people with the button of the last page."""
    for case in CASES:
        for who, ask in (("programs", by_programs), ("people", by_people)):
            refused = []
            for number in range(bench.scale.rounds):
                progress(f"{case}, {who}, round {number + 1}")
                refused.append(refuse(bench, case, ask))
            yield Line(f"refusals '{case}', {who}, {CONNECTIONS} connections", [each.rate for each in refused], "/s")
            yield Line("… p99", [each.percentile(0.99) for each in refused], "ms", at_most=50)
            yield Line("… processor time of one", [each.server_cpu for each in refused], "µs")
    bench.check()


def by_programs(bench: Bench, venue: Venue) -> Sequence[bytes]:
    return [bench.crowd.booking(wish) for wish in bench.crowd.wishes(venue.slots, PEOPLE)]


def by_people(bench: Bench, venue: Venue) -> Sequence[bytes]:
    """Details given, an open day looked at, and then an hour that was on the page before."""
    browser, person = Surfer(bench.product.port, [], random.Random(SOMEBODY)), Person(SOMEBODY)
    details = {"name": "Siti Wahyuni", "nik": person.nik, "phone": person.phone, "email": ""}
    sent = browser.send(browser.get(f"{venue.page}/data").form("/data"), **details)
    links = browser.get(sent.location).links if sent else []
    form = next((browser.get(link).form("/bookings") for link in links if "/pilih?hari=" in link), None)
    if form is None:
        raise SystemExit(f"no day or no button at {venue.page}")
    body = urlencode(form.filled()).encode()
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    head = (
        f"POST /slots/{venue.slots[0]}/bookings HTTP/1.1\r\nHost: 127.0.0.1:{bench.product.port}\r\n"
        f"Cookie: {cookies}\r\nContent-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return [head.encode() + body]


def refuse(bench: Bench, case: str, ask: Callable[[Bench, Venue], Sequence[bytes]] = by_programs) -> Measured:
    """A round: those who go on asking for a place that nobody can have now."""
    venue_is, code = CASES[case]
    venue = bench.venue(slots=1, capacity=50, zone=INDONESIA, **venue_is)
    requests = ask(bench, venue)
    once = bench.fire(bench.product, Volley(bench.product.port, requests[:1], 1, bodies_of=(CREATED, REFUSED)))
    if ask is by_programs:
        told = {json.loads(body).get("code") for body in once.answers.bodies.values()}
        if told != {code}:
            bench.note(f"a slot that is {case} answered {told or once.answers.statuses()}")
    measured = bench.endless(bench.product, requests, CONNECTIONS)
    report_others(measured.answers, REFUSED)
    if bench.installation.stored(venue.slots):
        bench.note(f"a slot that is {case} gave a place")
    return measured
