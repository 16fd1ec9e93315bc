"""A booking that has just been made, as the answer tells it."""

from __future__ import annotations

from flask import current_app
from flask.blueprints import BlueprintSetupState

from queue_app.db import db
from queue_app.domain.booking import TicketState
from queue_app.domain.errors import NotFound
from queue_app.queries.booking.bookings import BookedSlot, LatestTicket, booked_slot
from queue_app.services.booking.book import Booked
from queue_app.web.api.blueprint import PREFIX, bp
from queue_app.web.api.booking import json_shapes
from queue_app.web.api.document.answering import Answer
from queue_app.web.request import now
from queue_app.web.site.short_cache import ShortCache

REMEMBERED = 5.0  # seconds: in the rush the same few slots are answered again and again
MOST_SLOTS = 2000


@bp.record
def remember_slots(state: BlueprintSetupState) -> None:
    state.app.extensions["booked_slots"] = ShortCache[int, BookedSlot](REMEMBERED, MOST_SLOTS)


def made(booked: Booked) -> Answer:
    """Its published shape."""
    tickets = [
        LatestTicket(ticket.id, booked.letter, ticket.queue_number, TicketState.BOOKED) for ticket in booked.tickets
    ]
    return json_shapes.booking(booked.code, _slot(booked.slot_id), tickets)


def location_of(body: Answer) -> str:
    return f"{PREFIX}/bookings/{body['code']}"


def _slot(slot_id: int) -> BookedSlot:
    known: ShortCache[int, BookedSlot] = current_app.extensions["booked_slots"]
    moment = now().timestamp()
    found = known.get(slot_id, moment)
    if found is None:
        found = booked_slot(db.session(), slot_id)
        if found is None:
            raise NotFound()
        known.put(slot_id, found, moment)
    return found
