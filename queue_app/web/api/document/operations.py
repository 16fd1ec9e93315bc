"""The routes of version 1, one entry each: document and page are made of these, and the views read by them."""

from __future__ import annotations

from dataclasses import dataclass, field

from queue_app.domain.api_keys import Scope
from queue_app.models.base import LARGEST_ID
from queue_app.web.api.blueprint import PREFIX

from .figure_schemas import DAY
from .schemas import CODE, OFFICE, REQUEST_KEY, SERVICE, SLOT_ID
from .shapes import Schema

ANYWHERE = ("bad_request", "server_error", "unavailable")
BEARER = ("no_api_key", "wrong_api_key", "missing_scope", "too_many_requests")
PROOF = ("no_proof", "wrong_api_key", "wrong_ticket_token", "missing_scope", "too_many_requests")
BODY = ("invalid_json", "too_large", "unsupported_media_type", "invalid_request")
DAYS = ("slot_full", "day_closed", "not_open_yet", "booking_closed")
CHANGES = ("change_closed", "illegal_transition")


@dataclass(frozen=True)
class Operation:
    """One route. ``scope``: None when it is open to all; ``or_ticket``: a ticket's token does as well.

    ``codes``: the problems that its own work can end in, beside those that any request can.
    """

    id: str
    method: str
    path: str
    summary: str
    description: str
    answer: str
    status: int = 200
    scope: Scope | None = None
    or_ticket: bool = False
    body: str | None = None
    path_parameters: dict[str, Schema] = field(default_factory=dict)
    query: dict[str, Schema] = field(default_factory=dict)
    headers: dict[str, Schema] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    cached: bool = False

    @property
    def all_codes(self) -> tuple[str, ...]:
        access = () if self.scope is None else PROOF if self.or_ticket else BEARER
        return (*(BODY if self.body else ()), *access, *self.codes, *ANYWHERE)


def optional(schema: Schema) -> Schema:
    return {**schema, "x-optional": True}


CODE_IN_PATH = {"code": CODE}
SLOT_IN_PATH = {"slot_id": {**SLOT_ID, "minimum": 0, "maximum": LARGEST_ID}}
PERIOD = {
    "from": optional({**DAY, "description": "First day, in the office's own calendar. Without it: today."}),
    "to": optional({**DAY, "description": "Last day, and without it: 61 days after the first, which is the most."}),
}

OPERATIONS = (
    Operation(
        id="list_offices",
        method="GET",
        path="/offices",
        summary="Offices",
        description="The offices that give a service, the main one first.",
        answer="Offices",
        cached=True,
    ),
    Operation(
        id="list_services",
        method="GET",
        path="/offices/{office}/services",
        summary="Services of an office",
        description="With who may come and what to bring, in the language of Accept-Language (id or en).",
        answer="Services",
        path_parameters={"office": OFFICE},
        codes=("not_found",),
        cached=True,
    ),
    Operation(
        id="availability",
        method="GET",
        path="/availability",
        summary="Days, hours and places left",
        description=(
            "The days of a service at an office. The answer is at most a second old. Days that are not open yet list "
            "their slots too, so that a program can be ready for the minute in which booking opens."
        ),
        answer="Availability",
        query={"office": OFFICE, "service": SERVICE, **PERIOD},
        codes=("invalid_request", "not_found"),
        cached=True,
    ),
    Operation(
        id="book",
        method="POST",
        path="/slots/{slot_id}/bookings",
        summary="Book a place",
        description=(
            "Books for one person, or for a family of up to five on one card. Send an Idempotency-Key: when the answer "
            "gets lost, send the same request again and get the same answer."
        ),
        answer="Booking",
        status=201,
        scope=Scope.BOOKINGS_WRITE,
        body="BookingRequest",
        path_parameters=SLOT_IN_PATH,
        headers={"Idempotency-Key": optional(REQUEST_KEY)},
        codes=("not_found", *DAYS, "already_booked", "request_changed", "repeated_request"),
    ),
    Operation(
        id="show_booking",
        method="GET",
        path="/bookings/{code}",
        summary="A booking",
        description="With the tickets that stand for its persons now. Another partner's booking is not found.",
        answer="Booking",
        scope=Scope.BOOKINGS_WRITE,
        or_ticket=True,
        path_parameters=CODE_IN_PATH,
        codes=(
            "not_found",
            "ticket_lost",
        ),
    ),
    Operation(
        id="cancel",
        method="POST",
        path="/bookings/{code}/cancel",
        summary="Cancel a booking",
        description="Gives all its places back. Cancelling twice changes nothing.",
        answer="Booking",
        scope=Scope.BOOKINGS_WRITE,
        or_ticket=True,
        path_parameters=CODE_IN_PATH,
        codes=("not_found", "ticket_lost", *CHANGES),
    ),
    Operation(
        id="reschedule",
        method="POST",
        path="/bookings/{code}/reschedule",
        summary="Move a booking",
        description="To another slot of the same service. Queue numbers and tokens are new, the code stays.",
        answer="Booking",
        scope=Scope.BOOKINGS_WRITE,
        or_ticket=True,
        body="RescheduleRequest",
        path_parameters=CODE_IN_PATH,
        codes=("not_found", "ticket_lost", *DAYS, *CHANGES),
    ),
    Operation(
        id="check_in",
        method="POST",
        path="/check-ins",
        summary="Check somebody in",
        description=(
            "What the front desk does with a scan: send what the QR code holds, or a typed booking code. The same "
            "nonce gets the same answer and changes nothing."
        ),
        answer="CheckIn",
        scope=Scope.CHECK_INS_WRITE,
        body="CheckInRequest",
        codes=("request_changed", "repeated_request"),
    ),
    Operation(
        id="figures",
        method="GET",
        path="/offices/{office}/figures",
        summary="Figures of an office",
        description=(
            "Of finished days: quota, booked, came and missed, waits, sold-out days, and breakdowns by channel, "
            "priority, outcome and lead, with histograms of waits and service times. No citizen and no member of staff "
            "is named."
        ),
        answer="Figures",
        scope=Scope.FIGURES_READ,
        path_parameters={"office": OFFICE},
        query={
            "from": {**DAY, "description": "First day, in the office's own calendar."},
            "to": {**DAY, "description": "Last day, at most 365 days after the first."},
        },
        codes=("invalid_request", "not_found"),
    ),
    Operation(
        id="survey",
        method="GET",
        path="/offices/{office}/survey",
        summary="Satisfaction survey of an office",
        description=(
            "Index, grade and sums of the nine elements of PermenPANRB 14/2017, in all and by service, of visits on "
            "these days. Of fewer than five answers only their number is told. Services of so few are part of the "
            "total only where together they have five: the difference would tell them."
        ),
        answer="Survey",
        scope=Scope.FIGURES_READ,
        path_parameters={"office": OFFICE},
        query={
            "from": {**DAY, "description": "First day, in the office's own calendar."},
            "to": {**DAY, "description": "Last day, at most 365 days after the first."},
        },
        codes=("invalid_request", "not_found"),
    ),
)

BY_ID = {operation.id: operation for operation in OPERATIONS}
BASE = PREFIX
