"""Find one's own ticket: by its token, or by booking code and phone number; never by NIK."""

from __future__ import annotations

import hmac

from sqlalchemy import case, select
from sqlalchemy.orm import Session, joinedload

from queue_app.domain.booking import LEFT_STATES
from queue_app.domain.errors import DomainError, NotFound, TicketLost
from queue_app.domain.keyring import Keyring, bound_to, opened
from queue_app.domain.phones import parse_phone
from queue_app.domain.tickets import read_code
from queue_app.models import Booking, Ticket
from queue_app.queries.records.restorations import latest_gap

_DECOY_CODE = "00000000"


def ticket_of_token(session: Session, token: str, *, keyring: Keyring) -> Ticket:
    """Raise NotFound unless the token is genuine, TicketLost when its ticket was lost with a restored database."""
    ticket_id = keyring.read_ticket_token(token)
    with_booking = [joinedload(Ticket.booking, innerjoin=True)]  # every page of a ticket shows both
    ticket = session.get(Ticket, ticket_id, options=with_booking) if ticket_id is not None else None
    if ticket is None:
        gap = latest_gap(session) if ticket_id is not None else None
        raise TicketLost(gap=gap) if gap else NotFound()
    return ticket


def ticket_of_code(session: Session, typed_code: str, typed_phone: str, *, keyring: Keyring) -> Ticket:
    """The latest ticket of a booking whose code and phone number both match; else NotFound, one for all reasons.

    Of a party that of the first person who still comes.
    A wrong code costs the same work as a wrong phone number: one query, one decryption, one comparison.
    """
    code = read_code(typed_code)
    try:
        phone = parse_phone(typed_phone)
    except DomainError:
        phone = ""
    booking = session.scalars(select(Booking).where(Booking.code == (code or _DECOY_CODE))).one_or_none()
    if booking is not None and booking.phone is not None:
        # One that the keys do not open is like no number that anybody types.
        stored = opened(keyring, booking.phone, bound_to=bound_to(booking.code, "phone")) or ""
    else:
        decoy = keyring.seal("+620000000000", bound_to=bound_to(_DECOY_CODE, "phone"))
        stored, booking = keyring.open(decoy, bound_to=bound_to(_DECOY_CODE, "phone")), None
    matches = hmac.compare_digest(stored, phone or "-")
    if booking is None or not matches:
        raise NotFound()
    ticket = session.scalars(
        select(Ticket)
        .where(Ticket.booking_id == booking.id)
        .order_by(case((Ticket.state.in_(LEFT_STATES), 1), else_=0), Ticket.position, Ticket.id.desc())
        .limit(1)
    ).one()
    return ticket
