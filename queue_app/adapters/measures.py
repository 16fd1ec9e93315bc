"""The list of everything that is counted while the program works, with the words of `/metrics` for each.

No label ever holds what somebody typed or an address: those hold names, numbers and tokens.
"""

from __future__ import annotations

from dataclasses import dataclass

REQUESTS = "queue_app_requests"
REQUEST_SECONDS = "queue_app_request_seconds"
FROM_MEMORY = "queue_app_answers_from_memory"
REFUSALS = "queue_app_refusals"
BODIES_CUT_OFF = "queue_app_bodies_cut_off"
CLAIMS = "queue_app_claims"
LANE = "queue_app_lane"
PERMIT_WAIT = "queue_app_permit_wait_seconds"
WRITER_WAIT = "queue_app_writer_wait_seconds"

BUCKETS = (0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds, of every histogram


@dataclass(frozen=True)
class Measure:
    """``foreseen``: values of its labels that are shown from the start, so that the first event is seen as a rise."""

    told: str
    labels: tuple[str, ...] = ()
    foreseen: tuple[tuple[str, ...], ...] = ()


COUNTERS: dict[str, Measure] = {
    REQUESTS: Measure("Requests that Flask answered, by endpoint and status.", ("route", "status")),
    FROM_MEMORY: Measure(
        "Requests answered out of memory: a page kept for all, or why nobody could have a slot a moment ago.",
        ("answer",),
        tuple((answer,) for answer in ("page", "slot_full", "not_open_yet", "booking_closed", "day_closed")),
    ),
    REFUSALS: Measure(
        "Requests refused before Flask.",
        ("reason",),
        tuple((reason,) for reason in ("busy", "no_room", "too_slow", "too_large", "headers", "malformed")),
    ),
    BODIES_CUT_OFF: Measure(
        "Bodies that were given up: their time was over, or others needed the room.", ("why",), (("time",), ("room",))
    ),
    LANE: Measure(
        "Requests in the lane before Flask: granted there; refused, passed on to the usual way for another reason, or"
        " because the lane failed; told to come again.",
        ("outcome",),
        tuple((outcome,) for outcome in ("granted", "refused", "passed_on", "failed", "busy")),
    ),
    CLAIMS: Measure(
        "Attempts to book that reached the database. The same request sent again has won again.",
        ("audience", "outcome"),
        tuple((who, what) for who in ("public", "api", "desk", "kiosk") for what in ("won", "full", "refused")),
    ),
}
HISTOGRAMS: dict[str, Measure] = {
    REQUEST_SECONDS: Measure(
        "From a request to the end of Flask's answer, waiting included, by audience.", ("audience",)
    ),
    PERMIT_WAIT: Measure("How long requests waited for a permit to work.", (), ((),)),
    WRITER_WAIT: Measure("How long writers of SQLite waited for their turn.", (), ((),)),
}
