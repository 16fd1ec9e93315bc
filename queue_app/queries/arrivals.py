"""The day's list at the front desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from queue_app.domain.arrival import ADMITTING, ScanResult
from queue_app.domain.booking import TicketState
from queue_app.domain.identity import Nik, initials
from queue_app.domain.keyring import Keyring
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import Booking, CheckIn, Slot, Ticket

LISTED = (TicketState.BOOKED, TicketState.CHECKED_IN, TicketState.NO_SHOW)


@dataclass(frozen=True)
class Arrival:
    """One expected person. Desk staff see the name and the masked NIK, to compare them with the document."""

    ticket_id: int
    number: str
    code: str
    name: str | None  # None after the purge
    initials: str
    masked_nik: str | None
    service_id: str
    service_en: str
    starts_at: datetime
    ends_at: datetime
    state: TicketState
    arrived_at: datetime | None
    late: bool


def arrivals(session: Session, office_id: int, day: date, *, keyring: Keyring, search: str = "") -> tuple[Arrival, ...]:
    """Everybody expected at an office on a day, in order of window and number, optionally filtered.

    ``search`` matches the beginning of a booking code, a queue number, or initials ("S W", "sw").
    """
    rows = session.execute(
        select(Ticket, CheckIn.at, CheckIn.result)
        .join(Booking, Booking.id == Ticket.booking_id)
        .join(Slot, Slot.id == Ticket.slot_id)
        .outerjoin(
            CheckIn,
            (CheckIn.ticket_id == Ticket.id) & CheckIn.result.in_(ADMITTING) & CheckIn.undone_at.is_(None),
        )
        .options(contains_eager(Ticket.booking), contains_eager(Ticket.slot))
        .where(Ticket.office_id == office_id, Ticket.day == day, Ticket.state.in_(LISTED))
        .order_by(Ticket.starts_at, Ticket.queue_number)
    )
    everybody = (describe(ticket, at, result is ScanResult.LATE, keyring) for ticket, at, result in rows)
    return tuple(arrival for arrival in everybody if matches(arrival, search))


def describe(ticket: Ticket, arrived_at: datetime | None, late: bool, keyring: Keyring) -> Arrival:
    name, nik = person(ticket, keyring)
    return Arrival(
        ticket_id=ticket.id,
        number=show_number(ticket.letter, ticket.queue_number),
        code=show_code(ticket.booking.code),
        name=name,
        initials=initials(name) if name else "–",
        masked_nik=nik.masked if nik else None,
        service_id=ticket.booking.service.name_id,
        service_en=ticket.booking.service.name_en,
        starts_at=ticket.slot.starts_at,
        ends_at=ticket.slot.ends_at,
        state=ticket.state,
        arrived_at=arrived_at,
        late=late,
    )


def person(ticket: Ticket, keyring: Keyring) -> tuple[str | None, Nik | None]:
    """Name and NIK of a ticket's person; None for both after the purge."""
    if ticket.name is None or ticket.nik is None:
        return None, None
    row = f"ticket/{ticket.booking.code}/{ticket.position}"
    return (
        keyring.open(ticket.name, bound_to=f"{row}/name"),
        Nik(keyring.open(ticket.nik, bound_to=f"{row}/nik")),
    )


def matches(arrival: Arrival, search: str) -> bool:
    wanted = "".join(character for character in search.upper() if character.isalnum())
    if not wanted:
        return True
    own = (arrival.number, arrival.code, arrival.initials)
    plain = ["".join(character for character in text.upper() if character.isalnum()) for text in own]
    return any(text.startswith(wanted) for text in plain)
