"""The day's list at the front desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from queue_app.domain.arrival import ADMITTING, ScanResult
from queue_app.domain.booking import TicketState
from queue_app.domain.identity import Nik, initials
from queue_app.domain.keyring import Keyring
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import Booking, CheckIn, Service, Slot, Ticket

OF_TICKET = ("id", "position", "letter", "queue_number", "starts_at", "state", "nik", "name")
NAMES = (Service.name_id, Service.name_en)
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
        _rows()
        .where(Ticket.office_id == office_id, Ticket.day == day, Ticket.state.in_(LISTED))
        .order_by(Ticket.starts_at, Ticket.queue_number)
    )
    everybody = (_describe(row, keyring) for row in rows)
    return tuple(arrival for arrival in everybody if matches(arrival, search))


def arrival_of(session: Session, ticket_id: int, *, keyring: Keyring) -> Arrival:
    """One person of the list."""
    return _describe(session.execute(_rows().where(Ticket.id == ticket_id)).one(), keyring)


def _rows() -> Select[Any]:
    """No more than the list shows: whole rows of five tables cost several times as much."""
    return (
        select(*Ticket.__table__.c[OF_TICKET], Booking.code, *NAMES, Slot.ends_at, CheckIn.at, CheckIn.result)
        .join_from(Ticket, Booking, Booking.id == Ticket.booking_id)
        .join(Service, Service.id == Ticket.service_id)
        .join(Slot, Slot.id == Ticket.slot_id)
        .outerjoin(
            CheckIn,
            (CheckIn.ticket_id == Ticket.id) & CheckIn.result.in_(ADMITTING) & CheckIn.undone_at.is_(None),
        )
    )


def _describe(row: Row[Any], keyring: Keyring) -> Arrival:
    name, nik = person(row, row.code, keyring)
    return Arrival(
        ticket_id=row.id,
        number=show_number(row.letter, row.queue_number),
        code=show_code(row.code),
        name=name,
        initials=initials(name) if name else "–",
        masked_nik=nik.masked if nik else None,
        service_id=row.name_id,
        service_en=row.name_en,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=row.state,
        arrived_at=row.at,
        late=row.result is ScanResult.LATE,
    )


def person(ticket: Ticket | Row[Any], code: str, keyring: Keyring) -> tuple[str | None, Nik | None]:
    """Name and NIK of a ticket's person; None for both after the purge. ``code`` is the booking's."""
    if ticket.name is None or ticket.nik is None:
        return None, None
    bound_to = f"ticket/{code}/{ticket.position}"
    return (
        keyring.open(ticket.name, bound_to=f"{bound_to}/name"),
        Nik(keyring.open(ticket.nik, bound_to=f"{bound_to}/nik")),
    )


def matches(arrival: Arrival, search: str) -> bool:
    wanted = "".join(character for character in search.upper() if character.isalnum())
    if not wanted:
        return True
    own = (arrival.number, arrival.code, arrival.initials)
    plain = ["".join(character for character in text.upper() if character.isalnum()) for text in own]
    return any(text.startswith(wanted) for text in plain)
