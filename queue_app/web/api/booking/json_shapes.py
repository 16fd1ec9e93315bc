"""A booking in its published shape, made of what the queries found."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from flask import current_app

from queue_app.domain.tickets import show_code, show_number
from queue_app.queries.booking.bookings import BookedSlot, LatestTicket
from queue_app.web.api.document.answering import Answer, local
from queue_app.web.request import keyring


def booking(code: str, at: BookedSlot, tickets: Iterable[LatestTicket]) -> Answer:
    """``tickets`` in the order of the party, at least one."""
    shown = [_ticket(ticket) for ticket in tickets]
    first = shown[0]
    return {
        "code": show_code(code),
        "queue_number": first["queue_number"],
        "token": first["token"],
        "ticket_url": first["ticket_url"],
        "slot": _booked_slot(at),
        "tickets": shown,
    }


@lru_cache(maxsize=1000)
def _booked_slot(at: BookedSlot) -> Answer:
    """The same few again and again while places go."""
    return {
        "id": at.id,
        "office": at.office,
        "service": at.service,
        "date": at.day.isoformat(),
        "starts_at": local(at.starts_at, at.zone),
        "ends_at": local(at.ends_at, at.zone),
    }


def _ticket(ticket: LatestTicket) -> Answer:
    token = keyring().ticket_token(ticket.id)
    return {
        "queue_number": show_number(ticket.letter, ticket.queue_number),
        "state": ticket.state.value,
        "token": token,
        "ticket_url": f"{current_app.extensions['settings'].public_url}/t/{token}",
    }
