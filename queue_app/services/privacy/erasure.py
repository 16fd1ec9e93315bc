"""Delete what is kept of one person of a booking, as far as the law and the office's duties allow.

What stays holds nobody: that a ticket of this number was given and what came of it, for counting; and the audit log,
which names no citizen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.data_rights import StillBeingServed
from queue_app.domain.retention import OF_BOOKINGS
from queue_app.domain.roles import Actor
from queue_app.domain.stages import IN_THE_HALL
from queue_app.models import Booking, MessageState, OutboxMessage, Ticket
from queue_app.queries.booking.bookings import latest_ticket
from queue_app.queries.booking.lives import life_of
from queue_app.queries.records.kept_too_long import holds_data, of_tickets
from queue_app.services.booking.change import cancel
from queue_app.services.booking.moving import load_booking
from queue_app.services.records import audit
from queue_app.services.records.retention import empty, empty_bookings

REASON = "penghapusan data diminta"


@dataclass(frozen=True)
class Erased:
    """``cancelled``: a place that was given back. ``messages``: ids of messages that may lie as files."""

    cancelled: bool
    whole_booking: bool
    messages: tuple[int, ...]


def erase(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> Erased:
    """Cancel what is still to come, then empty the person's data; of a family's last one the contact as well.

    Raises StillBeingServed while they wait or are served: deleted then, nobody could call them.
    """
    booking = load_booking(session, ticket.booking_id)
    current = latest_ticket(session, session.get_one(Ticket, ticket.id, populate_existing=True))
    if life_of(session, current).stage(now=now) in IN_THE_HALL:
        raise StillBeingServed()
    cancelled = current.state is TicketState.BOOKED
    if cancelled:
        # No cut-off of the office's holds a right of the law.
        by: dict[str, Any] = {"actor": actor, "reason": REASON, "by_office": True}
        cancel(session, booking.id, position=current.position, now=now, **by)
    emptied = _empty_person(session, booking, current.position)
    whole = not _others_kept(session, booking)
    if whole:
        for table, rows in empty_bookings(session, [booking.id]).items():
            emptied[table] = emptied.get(table, 0) + rows
        _stop_messages(session, booking)
    after = {"deleted": {table: rows for table, rows in emptied.items() if rows}}
    audit.record(
        session, "data.erased", "booking", booking.id, actor=actor, now=now, office_id=current.office_id, after=after
    )
    session.flush()
    return Erased(cancelled, whole, _messages(session, booking) if whole else ())


def _empty_person(session: Session, booking: Booking, position: int) -> dict[str, int]:
    """All the tickets they have had in the booking, and what was noted of them."""
    theirs = select(Ticket.id).where(Ticket.booking_id == booking.id, Ticket.position == position)
    session.execute(theirs.order_by(Ticket.id).with_for_update(key_share=True))
    emptied = {}
    for holding in OF_BOOKINGS:
        if (of_person := of_tickets(holding, theirs)) is not None:
            emptied[holding.table] = empty(session, holding, of_person)
    session.expire_all()
    return emptied


def _others_kept(session: Session, booking: Booking) -> bool:
    (tickets,) = (holding for holding in OF_BOOKINGS if holding.table == Ticket.__tablename__)
    kept = select(Ticket.id).where(Ticket.booking_id == booking.id, holds_data(tickets))
    return session.execute(kept).first() is not None


def _stop_messages(session: Session, booking: Booking) -> None:
    """There is nobody left to write to."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.booking_id == booking.id, OutboxMessage.state == MessageState.QUEUED)
        .values(state=MessageState.OVERTAKEN)
        .execution_options(synchronize_session=False)
    )


def _messages(session: Session, booking: Booking) -> tuple[int, ...]:
    found: Sequence[int] = session.scalars(
        select(OutboxMessage.id).where(OutboxMessage.booking_id == booking.id).order_by(OutboxMessage.id)
    ).all()
    return tuple(found)
