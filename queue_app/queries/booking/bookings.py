"""A booking as programs see it: when and where, and the tickets that stand for its persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select, union_all
from sqlalchemy.orm import Session

from queue_app.domain.booking import ACTIVE_STATES, TicketState
from queue_app.models import Booking, Office, Service, Slot, Ticket
from queue_app.models.base import spelled_out


@dataclass(frozen=True)
class BookedSlot:
    """``office`` is a slug, ``service`` a code; instants are UTC."""

    id: int
    office: str
    service: str
    day: date
    starts_at: datetime
    ends_at: datetime
    zone: str


@dataclass(frozen=True)
class LatestTicket:
    id: int
    letter: str
    queue_number: int
    state: TicketState


@dataclass(frozen=True)
class BookingFacts:
    """``tickets``: for each person, in their order, the ticket that stands (cancelled ones too, moved ones not)."""

    id: int
    code: str
    api_key_id: int | None
    slot: BookedSlot
    tickets: tuple[LatestTicket, ...]


_SLOT = (
    select(
        Slot.id,
        Office.slug.label("office"),
        Service.code.label("service"),
        Slot.day,
        Slot.starts_at,
        Slot.ends_at,
        Office.time_zone.label("zone"),
    )
    .join(Office, Office.id == Slot.office_id)
    .join(Service, Service.id == Slot.service_id)
)


def booked_slot(session: Session, slot_id: int) -> BookedSlot | None:
    row = session.execute(_SLOT.where(Slot.id == slot_id)).one_or_none()
    return BookedSlot(*row) if row else None


def booking_of_code(session: Session, code: str) -> BookingFacts | None:
    """``code`` as stored, without a dash."""
    found = session.execute(select(Booking.id, Booking.api_key_id).where(Booking.code == code)).one_or_none()
    return _facts(session, found.id, code, found.api_key_id) if found else None


def code_of_ticket(session: Session, ticket_id: int) -> str | None:
    return session.scalars(
        select(Booking.code).join(Ticket, Ticket.booking_id == Booking.id).where(Ticket.id == ticket_id)
    ).one_or_none()


def _facts(session: Session, booking_id: int, code: str, api_key_id: int | None) -> BookingFacts:
    tickets = session.execute(
        select(Ticket.id, Ticket.letter, Ticket.queue_number, Ticket.state, Ticket.slot_id)
        .where(Ticket.booking_id == booking_id, Ticket.replaced_by_id.is_(None))
        .order_by(Ticket.position, Ticket.id)
    ).all()
    slot = session.execute(_SLOT.where(Slot.id == tickets[0].slot_id)).one()
    latest = tuple(LatestTicket(*row[:4]) for row in tickets)
    return BookingFacts(booking_id, code, api_key_id, BookedSlot(*slot), latest)


def latest_ticket(session: Session, ticket: Ticket) -> Ticket:
    """Whatever a ticket was moved to, as often as it was moved; itself when it was not."""
    while ticket.replaced_by_id is not None:
        ticket = session.get_one(Ticket, ticket.replaced_by_id)
    return ticket


def replacement_of(session: Session, ticket: Ticket) -> Ticket | None:
    """The ticket that holds in place of a moved one; None for one that was not moved."""
    latest = latest_ticket(session, ticket)
    return latest if latest is not ticket else None


def is_persons(person_index: bytes, office_id: int) -> ColumnElement[bool]:
    """Whether a ticket of an office is of the person with this keyed hash of the NIK, whatever became of it: by the two
    indexes that hold between them every ticket of a person.
    """
    here = Ticket.office_id + 0 == office_id  # as a sum: else SQLite would go through all tickets of the office instead
    services = select(Service.id)  # for the index, which begins with it
    active = select(Ticket.id).where(Ticket.service_id.in_(services), Ticket.state.in_(ACTIVE_STATES))
    past = select(Ticket.id).where(Ticket.state.not_in(spelled_out(ACTIVE_STATES)))
    both = union_all(*(one.where(Ticket.person_index == person_index, here) for one in (active, past)))
    return Ticket.id.in_(both)


def bookings_of_person(session: Session, person_index: bytes) -> list[Booking]:
    """Those in which the person is still expected, by the keyed hash of the NIK; one for a service at most."""
    services = select(Service.id)  # for the index, which begins with it
    return list(
        session.scalars(
            select(Booking)
            .join(Ticket, Ticket.booking_id == Booking.id)
            .where(Ticket.service_id.in_(services), Ticket.person_index == person_index)
            .where(Ticket.state.in_(ACTIVE_STATES))
            .order_by(Booking.id)
        )
    )
