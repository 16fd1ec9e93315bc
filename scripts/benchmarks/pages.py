"""The lines beside the booking: availability, check-ins, memory, start, and the database alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from scripts.benchmarks.bench import CREATED, Bench, Measured, cost_of, report_others
from scripts.benchmarks.machine import progress
from scripts.benchmarks.table import MORE, Line
from scripts.benchmarks.volley import Volley

BUSY = 64  # connections
DESKS = 16
PEER_CHECK_INS = 37  # a second; see docs/performance.md


def availability(bench: Bench) -> Iterator[Line]:
    """30 days of a service as JSON, the same for everybody who asks within a second."""
    venue = bench.venue(slots=8, capacity=50)
    today = datetime.now(UTC).date()
    path = (
        f"/api/v1/availability?office={venue.office}&service={venue.service}"
        f"&from={today}&to={today + timedelta(days=29)}"
    )
    request = [bench.crowd.get(path)]
    ours, peer = [], []
    for number in range(bench.scale.rounds + 1):
        progress(f"availability, round {number}" if number else "availability, warming")
        ours.append(bench.endless(bench.product, request, BUSY))
        peer.append(bench.endless(bench.flask, request, BUSY))
    for each in ours:
        report_others(each.answers, 200)
    ratios = [one.rate / other.rate for one, other in zip(ours[1:], peer[1:], strict=True)]
    yield Line(f"availability (30 days, JSON) / bare Flask route, {BUSY} connections", ratios, "×", better=MORE)
    yield Line("availability", [each.rate for each in ours[1:]], "/s")
    yield from cost_of("an availability", ours[1:], peer[1:])


def check_ins(bench: Bench) -> Iterator[Line]:
    """People with a ticket for today, at 16 desks that scan as fast as they are answered."""
    rounds, peer = [], []
    for number in range(bench.scale.rounds):
        progress(f"check-ins, round {number + 1}")
        rounds.append(check_all_in(bench))
        peer.append(bench.endless(bench.flask, [bench.crowd.get("/")], DESKS))
    shares = [one.rate / other.rate for one, other in zip(rounds, peer, strict=True)]
    yield Line(f"check-ins / bare Flask route, {DESKS} connections", shares, "×", better=MORE)
    yield Line("check-ins", [each.rate for each in rounds], "/s", at_least=30 * PEER_CHECK_INS)
    yield Line("p99 of a check-in", [each.percentile(0.99) for each in rounds], "ms")
    yield from cost_of("a check-in", rounds, peer)
    bench.check()


def check_all_in(bench: Bench) -> Measured:
    """A round: people book, and come."""
    venue = bench.venue(slots=8, capacity=bench.scale.bookings)
    wishes = bench.crowd.wishes(venue.slots, bench.scale.bookings // 2)
    booked = bench.rush(venue, wishes, BUSY).answers.bodies
    tokens = [said["token"] for said in map(json.loads, booked.values()) if "token" in said]
    requests = [bench.crowd.check_in(token, venue.office) for token in tokens]
    measured = bench.fire(bench.product, Volley(bench.product.port, requests, DESKS, bodies_of=(200, CREATED)))
    results = Counter(json.loads(body).get("result") for body in measured.answers.bodies.values())
    if set(results) - {"checked_in"}:
        bench.note(f"people with a ticket for now were told {dict(results)}")
    report_others(measured.answers, 200)
    return measured


def memory(bench: Bench) -> Iterator[Line]:
    """The biggest process after everything that was measured before."""
    load(bench)
    found = bench.product.worker_memory()
    yield Line("memory of a worker, resident", [found.resident], "MB", at_most=90)
    yield Line("memory of a worker, shared pages divided", [found.shared_fairly], "MB")


def load(bench: Bench) -> None:
    """Something to remember, unless the server has been asked for much already."""
    if not bench.served:
        venue = bench.venue(slots=8, capacity=1000)
        bench.rush(venue, bench.crowd.wishes(venue.slots, 500), BUSY)


def start(bench: Bench) -> Iterator[Line]:
    """From the command to the first page, with the server's processes gone in between."""
    progress("starting for the first time")
    times = [started_after(bench) for _ in range(bench.scale.rounds + 1)]
    yield Line("first start to first page, making all tables", times[:1], "s")
    yield Line("start to first page", times[1:], "s", at_most=2)


def started_after(bench: Bench) -> float:
    """Seconds. A round: the first one makes all tables."""
    with bench.at_start.start() as server:
        return server.started_after


def floor(bench: Bench) -> Iterator[Line]:
    """The bare database by itself, to see what more connections do to a hot row."""
    for slots in (1, 8):
        for connections in (1,) if bench.is_sqlite else (1, 8, 32):
            progress(f"bare database, {slots} rows, {connections} connections")
            rates = [
                bench.floor.rate(slots=slots, connections=connections, seconds=bench.scale.seconds)
                for _ in range(bench.scale.rounds)
            ]
            yield Line(f"bare database, {slots} row{'s' * (slots > 1)}, {connections} connections", rates, "/s")
