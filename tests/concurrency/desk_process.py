"""What each process of the race over processes does: many requests, one after the other, through an app of its own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from queue_app import create_app
from queue_app.config import Settings
from queue_app.services.booking.book import book_alone
from queue_app.services.booking.request import BookingRequest
from tests.concurrency.races import attempt, claims
from tests.harness.factories import make_applicant, make_request
from tests.harness.fakes import FixedClock


def book_many(
    instance: Path, database_url: str, slot_ids: list[int], first_person: int, requests: int, start: Any, results: Any
) -> None:
    """Put (how often each answer came, the queue numbers with their slots) into ``results``."""
    app = create_app(Settings(instance=instance, database_url=database_url, testing=True), clock=FixedClock())
    keyring, clock = app.extensions["keyring"], app.extensions["clock"]
    answers: Counter[str] = Counter()
    numbers = []
    with app.app_context():
        start.wait(60)
        for turn in range(requests):
            slot_id = slot_ids[turn % len(slot_ids)]
            wanted = make_request(slot_id, make_applicant(first_person + turn))

            def step(session: Any, wanted: BookingRequest = wanted) -> list[int]:
                booked = book_alone(session, wanted, keyring=keyring, now=clock.now())
                return [ticket.queue_number for ticket in booked.tickets]

            outcome = attempt(claims(step))
            answers[repr(outcome.failure) if outcome.failure else outcome.code or "booked"] += 1
            numbers += [(slot_id, number) for number in outcome.value or ()]
    results.put((answers, numbers))
