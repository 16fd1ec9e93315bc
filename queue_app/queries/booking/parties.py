"""A booking with its persons, as the desk hands it to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from queue_app.domain.booking import HOLDING_STATES
from queue_app.domain.errors import NotFound
from queue_app.domain.keyring import Keyring, person_of
from queue_app.domain.priority import Channel
from queue_app.domain.tickets import show_number
from queue_app.models import Booking, OfficeService
from queue_app.queries.calendar.offices import offering_at


@dataclass(frozen=True)
class Member:
    """``name`` and ``masked_nik`` are None after the purge."""

    number: str
    name: str | None
    masked_nik: str | None
    stands: bool  # neither cancelled nor moved


@dataclass(frozen=True)
class Party:
    """Instants are UTC."""

    booking_id: int
    code: str
    channel: Channel
    offering: OfficeService
    day: date
    starts_at: datetime
    ends_at: datetime
    walk_in: bool
    has_phone: bool
    members: tuple[Member, ...]


def party_at(session: Session, booking_id: int, office_id: int, *, keyring: Keyring) -> Party:
    """The newest ticket of each person. Raises NotFound for a booking of another office."""
    booking = session.get(Booking, booking_id)
    newest = {ticket.position: ticket for ticket in booking.tickets} if booking else {}
    if booking is None or not newest or any(ticket.office_id != office_id for ticket in newest.values()):
        raise NotFound()
    first = newest[min(newest)]
    offering = offering_at(session, first.office_id, first.service_id)
    members = []
    for ticket in newest.values():
        person = person_of(ticket, booking.code, keyring)
        number = show_number(ticket.letter, ticket.queue_number)
        members.append(Member(number, person.name, person.masked_nik, ticket.state in HOLDING_STATES))
    return Party(
        booking_id=booking.id,
        code=booking.code,
        channel=booking.channel,
        offering=offering,
        day=first.day,
        starts_at=first.slot.starts_at,
        ends_at=first.slot.ends_at,
        walk_in=first.walk_in,
        has_phone=booking.phone is not None,
        members=tuple(members),
    )
