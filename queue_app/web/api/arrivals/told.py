"""The answer to a scan, in its published shape."""

from __future__ import annotations

from queue_app.domain.arrivals import ADMITTING, ScanResult
from queue_app.domain.tickets import show_number
from queue_app.web.api.document.answering import Answer

# The number is told of a ticket that is in; of any other one nothing is.
INSIDE = ADMITTING | {ScanResult.ALREADY}


def person(result: ScanResult, number: tuple[str, int] | None) -> Answer:
    """One of the party. ``number``: letter and number of the queue, where there is a ticket."""
    return {
        "result": result.value,
        "admitted": result in ADMITTING,
        "queue_number": show_number(*number) if number and result in INSIDE else None,
    }


def party(persons: list[Answer]) -> Answer:
    return {**persons[0], "persons": persons}
