"""A ticket in one line, for staff who choose among several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring, person_of
from queue_app.domain.stages import Stage
from queue_app.domain.tickets import show_number
from queue_app.models import Ticket

from .lives import lives_of


@dataclass(frozen=True)
class TicketLine:
    """Instants are UTC; ``name`` and ``masked_nik`` are None after the purge."""

    ticket_id: int
    number: str
    name: str | None
    masked_nik: str | None
    service_id: str
    service_en: str
    day: date
    starts_at: datetime
    ends_at: datetime
    stage: Stage


def lines_of(session: Session, tickets: Iterable[Ticket], *, keyring: Keyring, now: datetime) -> tuple[TicketLine, ...]:
    """In the order given."""
    tickets = list(tickets)
    lives = lives_of(session, tickets)
    return tuple(_line(ticket, lives[ticket.id].stage(now=now), keyring) for ticket in tickets)


def _line(ticket: Ticket, stage: Stage, keyring: Keyring) -> TicketLine:
    booking = ticket.booking
    person = person_of(ticket, booking.code, keyring)
    return TicketLine(
        ticket_id=ticket.id,
        number=show_number(ticket.letter, ticket.queue_number),
        name=person.name,
        masked_nik=person.masked_nik,
        service_id=booking.service.name_id,
        service_en=booking.service.name_en,
        day=ticket.day,
        starts_at=ticket.slot.starts_at,
        ends_at=ticket.slot.ends_at,
        stage=stage,
    )
