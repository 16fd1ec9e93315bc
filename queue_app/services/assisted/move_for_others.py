"""Move somebody's booking for them, whenever they ask before they come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.errors import IllegalTransition, NotFound, SlotFull
from queue_app.domain.roles import Actor
from queue_app.models import Booking
from queue_app.queries.calendar.offices import offering_at
from queue_app.services.booking.change import reschedule
from queue_app.services.booking.moving import current_tickets, load_booking

from .open_slots import slots_with_room


def move_assisted(
    session: Session, booking_id: int, starts_at: datetime, *, office_id: int, actor: Actor, now: datetime
) -> Booking:
    """Move all persons of a booking to the window that begins at ``starts_at``: to places kept for those who are
    helped, else to public ones. To the window in which they are already changes nothing.

    Raises NotFound for a booking of another office, and what `reschedule` raises.
    """
    booking = load_booking(session, booking_id)
    tickets = current_tickets(session, booking)
    if not tickets:
        raise IllegalTransition(state=TicketState.CANCELLED, target=TicketState.RESCHEDULED)
    first = tickets[0]
    offering = offering_at(session, office_id, booking.service_id)
    if first.office_id != office_id or not offering.active:
        raise NotFound()
    if first.starts_at == starts_at:
        return booking
    for slot in slots_with_room(session, offering, first.priority, starts_at, places=len(tickets), now=now):
        try:
            with session.begin_nested():
                return reschedule(session, booking_id, slot.id, now=now, actor=actor, by_office=True)
        except SlotFull:  # somebody was faster: another share of the same window
            continue
    raise SlotFull()
