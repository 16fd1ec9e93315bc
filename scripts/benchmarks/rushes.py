"""The lines about booking: refusals, acceptances, rushes and repeats, each beside its peer in the same round."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from scripts.benchmarks.bench import CREATED, REFUSED, Bench, Measured, cost_of, report_others
from scripts.benchmarks.machine import progress
from scripts.benchmarks.people import Wish
from scripts.benchmarks.table import MORE, Line

CROWDED, BUSY = 500, 64  # connections
FLOOR_CONNECTIONS = 32
PEOPLE = 2000  # different requests that a refusal is measured with
PER_CONNECTION = 5  # requests in the rush on 8 × 50 places

# The best of three other systems on the same kind of machine; see docs/performance.md.
PEER_BOOKINGS, PEER_REFUSALS = 18, 51  # a second


def refusals(bench: Bench) -> Iterator[Line]:
    """A slot without a place left, and people who go on asking."""
    venue = bench.venue(slots=1, capacity=1)
    bench.rush(venue, bench.crowd.wishes(venue.slots, 2), 1)
    requests = [bench.crowd.booking(wish) for wish in bench.crowd.wishes(venue.slots, PEOPLE)]
    for server in (bench.product, bench.flask, bench.wsgi):
        bench.endless(server, requests, BUSY)  # warm
    full: dict[int, list[Measured]] = {CROWDED: [], BUSY: []}
    peer: dict[int, list[Measured]] = {CROWDED: [], BUSY: []}
    least = []
    for number in range(bench.scale.rounds):
        progress(f"refusals, round {number + 1}")
        for connections in (CROWDED, BUSY):
            full[connections].append(bench.endless(bench.product, requests, connections))
            peer[connections].append(bench.endless(bench.flask, requests, connections))
        least.append(bench.endless(bench.wsgi, requests, BUSY))
    for each in full[CROWDED] + full[BUSY]:
        report_others(each.answers, REFUSED)
    if any(CREATED in each.answers.statuses() for each in full[CROWDED] + full[BUSY]):
        bench.note("a sold-out slot gave a place")
    for connections, goal in ((CROWDED, 2.5), (BUSY, None)):
        what = f"sold-out refusals / bare Flask route, {connections} connections"
        ratios = _ratios(full[connections], peer[connections])
        yield Line(what, ratios, "×", at_least=goal, every_round=goal is not None, better=MORE)
    yield Line(f"refusals, {CROWDED} connections", _rates(full[CROWDED]), "/s", at_least=200 * PEER_REFUSALS)
    for connections, goal in ((CROWDED, 50), (BUSY, None)):
        for share in (0.5, 0.99):
            what = f"p{share * 100:.0f} of a refusal, {connections} connections"
            yield Line(what, _percentiles(full[connections], share), "ms", at_most=goal if share > 0.9 else None)
    yield from cost_of("a refusal", full[CROWDED], peer[CROWDED], at_most=50)
    if not bench.is_sqlite:
        yield Line("… and of the database", [each.database_cpu for each in full[CROWDED]], "µs")
    yield Line("processor time of a bare Flask request", [each.server_cpu for each in peer[CROWDED]], "µs")
    yield Line("processor time of a bare WSGI callable", [each.server_cpu for each in least], "µs")
    bench.check()


def accepted(bench: Bench) -> Iterator[Line]:
    """Places for everybody, over 8 slots and in one hot slot, beside a bare Flask route and the bare database."""
    goals = {8: (0.30, None), 1: (None, None)} if bench.is_sqlite else {8: (0.15, 0.40), 1: (None, 1.0)}
    _warm_both(bench)
    for slots, (beside_flask, beside_floor) in goals.items():
        booked, peer, floor = [], [], []
        for number in range(bench.scale.rounds):
            progress(f"acceptances in {slots} slots, round {number + 1}")
            booked.append(book_all(bench, slots))
            peer.append(bench.endless(bench.flask, [bench.crowd.get("/")], BUSY))
            floor.append(bench.floor.rate(slots=slots, connections=FLOOR_CONNECTIONS, seconds=bench.scale.seconds))
        name = f"{slots} slots" if slots > 1 else "one hot slot"
        rates = _rates(booked)
        yield Line(
            f"accepted bookings / bare Flask route, {name}",
            _ratios(booked, peer),
            "×",
            at_least=beside_flask,
            better=MORE,
        )
        yield Line(
            f"accepted bookings / bare database, {name}",
            _shares(rates, floor),
            "×",
            at_least=beside_floor,
            better=MORE,
        )
        yield Line(f"accepted bookings, {name}", rates, "/s", at_least=30 * PEER_BOOKINGS if slots > 1 else None)
        yield Line(f"bare database, {name}, {FLOOR_CONNECTIONS} connections", floor, "/s")
        for share in (0.5, 0.99):
            yield Line(f"p{share * 100:.0f} of an acceptance, {name}", _percentiles(booked, share), "ms")
        yield from cost_of(f"an acceptance, {name}", booked, peer)
        if not bench.is_sqlite:
            yield Line("… and of the database", [each.database_cpu for each in booked], "µs")
    bench.check()


def book_all(bench: Bench, slots: int) -> Measured:
    """A round: places for everybody."""
    venue = bench.venue(slots=slots, capacity=bench.scale.bookings)
    return bench.rush(venue, bench.crowd.wishes(venue.slots, bench.scale.bookings), BUSY)


def sold_out(bench: Bench) -> Iterator[Line]:
    """The opening: 500 connections, several times more requests than places."""
    warm(bench)
    for slots, capacity, goal in ((8, 50, 0.4), (1, 2000, 1.0)):
        rushes = []
        for number in range(bench.scale.rounds):
            progress(f"{slots} × {capacity} places, round {number + 1}")
            rushes.append(sell_out(bench, slots, capacity))
        times = [sold_out_after(each, slots * capacity) for each in rushes]
        yield Line(f"{slots} × {capacity:,} places sold out, {CROWDED} connections", times, "s", at_most=goal)
        what = f"p99 of the whole rush on {slots} × {capacity:,}, {CROWDED} connections"
        yield Line(what, _percentiles(rushes, 0.99), "ms", at_most=300 if slots > 1 else None)
        yield Line("… told to come back later (503), or nothing", [turned_away(each) for each in rushes], "%")
    bench.check()


def sell_out(bench: Bench, slots: int, capacity: int) -> Measured:
    """A round: everybody presses at once."""
    venue = bench.venue(slots=slots, capacity=capacity)
    wishes = bench.crowd.wishes(venue.slots, max(PER_CONNECTION * CROWDED, 2 * slots * capacity))
    return bench.rush(venue, wishes, CROWDED)


def duplicates(bench: Bench) -> Iterator[Line]:
    """Of ten requests three are repeats with their key, and one is a person who asks again with a new one."""
    warm(bench)
    rates, plain, repeats = [], [], []
    for number in range(bench.scale.rounds):
        progress(f"repeats, round {number + 1}")
        venue = bench.venue(slots=8, capacity=bench.scale.bookings)
        people = bench.crowd.wishes(venue.slots, bench.scale.bookings * 6 // 10)
        again = [Wish(one.slot_id, one.person, f"{one.key}-again") for one in people[: len(people) // 6]]
        wishes = people + people[: len(people) // 2] + again
        random.Random(number).shuffle(wishes)
        measured = bench.rush(venue, wishes, BUSY)
        answers = measured.answers
        stored = len(bench.installation.stored(venue.slots))
        if stored != len(people) and not answers.unanswered and max(answers.status) < 500:
            bench.note(f"{len(people)} people hold {stored} places after repeats")
        rates.append(measured.rate)
        repeats.append(100 * (1 - stored / len(answers.at)))
        plain.append(book_all(bench, 8).rate)
    yield Line("duplicate share: answers that took no second place", repeats, "%")
    yield Line("rush with 40 % repeats / without", _shares(rates, plain), "×")
    bench.check()


def warm(bench: Bench) -> None:
    """Connections, prepared statements and caches of every worker."""
    venue = bench.venue(slots=8, capacity=1000)
    bench.rush(venue, bench.crowd.wishes(venue.slots, 200), BUSY)


def _warm_both(bench: Bench) -> None:
    warm(bench)
    bench.endless(bench.flask, [bench.crowd.get("/")], BUSY)


def sold_out_after(rush: Measured, places: int) -> float:
    """Seconds from the first request to the last place; when places were left, the time of the whole rush."""
    answers = rush.answers
    given = [at for at, status in zip(answers.at, answers.status, strict=True) if status == CREATED]
    return max(given) if len(given) == places else max(answers.at)


def turned_away(rush: Measured) -> float:
    """Per cent that were told to come back later, or told nothing."""
    answers = rush.answers
    errors = sum(status >= 500 for status in answers.status) + len(answers.unanswered)
    return 100 * errors / (len(answers.at) + len(answers.unanswered))


def _rates(measured: Sequence[Measured]) -> list[float]:
    return [each.rate for each in measured]


def _percentiles(measured: Sequence[Measured], share: float) -> list[float]:
    return [each.percentile(share) for each in measured]


def _ratios(ours: Sequence[Measured], theirs: Sequence[Measured]) -> list[float]:
    return _shares(_rates(ours), _rates(theirs))


def _shares(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Round by round."""
    return [one / other for one, other in zip(ours, theirs, strict=True)]
