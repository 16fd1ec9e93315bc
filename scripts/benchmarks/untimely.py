"""Refusals that depend on the hour or the day: whoever presses too early, too late, or on a day that is closed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from scripts.benchmarks.bench import CREATED, REFUSED, Bench, Measured, report_others
from scripts.benchmarks.installation import INDONESIA
from scripts.benchmarks.volley import Volley

CONNECTIONS = 500
PEOPLE = 2000  # different requests

# What the venue is like, and the code of the refusal; see `Installation.venue`.
CASES: Mapping[str, tuple[Mapping[str, Any], str]] = MappingProxyType(
    {
        "not open yet": ({"days_ahead": 10, "rules": {"opens_days_before": 1}}, "not_open_yet"),
        "closed for booking": ({"days_ahead": 10, "rules": {"closes_days_before": 20}}, "booking_closed"),
        "day closed": ({"days_ahead": 10, "closed": True}, "day_closed"),
        "already past": ({"first_hour": 0}, "booking_closed"),
    }
)


def refuse(bench: Bench, case: str) -> Measured:
    """A round: people who go on asking for a place that nobody can have now."""
    venue_is, code = CASES[case]
    venue = bench.venue(slots=1, capacity=50, zone=INDONESIA, **venue_is)
    requests = [bench.crowd.booking(wish) for wish in bench.crowd.wishes(venue.slots, PEOPLE)]
    once = bench.fire(bench.product, Volley(bench.product.port, requests[:1], 1, bodies_of=(CREATED, REFUSED)))
    told = {json.loads(body).get("code") for body in once.answers.bodies.values()}
    if told != {code}:
        bench.note(f"a slot that is {case} answered {told or once.answers.statuses()}")
    measured = bench.endless(bench.product, requests, CONNECTIONS)
    report_others(measured.answers, REFUSED)
    if bench.installation.stored(venue.slots):
        bench.note(f"a slot that is {case} gave a place")
    return measured
