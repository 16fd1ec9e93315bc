"""The tickets that something scanned or typed stands for."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.keyring import Keyring
from queue_app.domain.scanners import scanned_code
from queue_app.models import Booking, Ticket

from .lost import genuine_ticket_id


def find_tickets(session: Session, typed: str, *, keyring: Keyring) -> list[Ticket]:
    """The ticket of a scanned token; or of a booking code the tickets of its party, each person's latest one.

    Of a party those who are still to come count: whoever has cancelled is named only when all have.
    """
    if (ticket_id := genuine_ticket_id(typed, keyring=keyring)) is not None:
        ticket = session.get(Ticket, ticket_id)
        return [ticket] if ticket else []
    code = scanned_code(typed)
    if code is None:
        return []
    rows = session.scalars(
        select(Ticket)
        .join(Booking, Booking.id == Ticket.booking_id)
        .where(Booking.code == code)
        .order_by(Ticket.position, Ticket.id)
    )
    latest = list({ticket.position: ticket for ticket in rows}.values())
    return [ticket for ticket in latest if ticket.state is not TicketState.CANCELLED] or latest[:1]
