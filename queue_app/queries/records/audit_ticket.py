"""The rows that an audit entry about one ticket may name, for a reader who has a code or a number."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.finding import Search, Sought
from queue_app.models import Booking, Ticket

About = tuple[tuple[str, tuple[int, ...]], ...]


def subjects_of_ticket(session: Session, office_id: int, sought: Search, day: date) -> About:
    """Ids by subject; nothing where no such ticket is of the office. A number is one of ``day``."""
    tickets = select(Ticket.id, Ticket.booking_id)
    if sought.kind is Sought.CODE:
        tickets = tickets.join(Booking, Booking.id == Ticket.booking_id).where(Booking.code == sought.text)
    elif sought.kind is Sought.NUMBER:
        tickets = tickets.where(Ticket.office_id == office_id, Ticket.day == day, Ticket.queue_number == sought.number)
        if sought.letter:
            tickets = tickets.where(Ticket.letter == sought.letter)
    else:
        return ()
    found = session.execute(tickets).all()
    bookings = tuple({booking_id for _ticket_id, booking_id in found})
    of_office = select(Ticket.id).where(Ticket.booking_id.in_(bookings), Ticket.office_id == office_id)
    if not bookings or session.scalars(of_office.limit(1)).first() is None:
        return ()
    ids = tuple(ticket_id for ticket_id, _booking_id in found)
    return (("ticket", ids), ("visit", ids), ("booking", bookings))
