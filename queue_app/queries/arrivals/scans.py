"""The meaning of a recorded scan, for the screen that shows its answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ADMITTING, IdentityResult, ScanResult, nonces_of
from queue_app.domain.keyring import Keyring, person_of
from queue_app.domain.tickets import show_number
from queue_app.models import Booking, CheckIn, Office, Service, Slot, Ticket
from queue_app.queries.booking.bookings import replacement_of
from queue_app.queries.calendar.offices import offering_at


@dataclass(frozen=True)
class ScannedPerson:
    """The owner of a ticket, as the desk compares them with a document. Times are of the hour that was booked."""

    ticket_id: int
    number: str
    name: str | None
    masked_nik: str | None
    service_id: str
    service_en: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class ScanFacts:
    """One row of a scan with what surrounds it. ``person`` is None for another office's ticket: its name is not told
    here.

    What only some answers tell is looked up for those alone: ``ticket`` of somebody who was not let in, ``admitted``,
    the standing check-in of one that was here already, ``replacement``, the ticket that holds in place of a moved one,
    and ``early_minutes``, how long before a window people are welcome.
    """

    id: int
    at: datetime
    result: ScanResult
    undone_at: datetime | None
    identity: IdentityResult | None
    person: ScannedPerson | None = None
    ticket: Ticket | None = None
    admitted: CheckIn | None = None
    admitted_at: Office | None = None
    replacement: Ticket | None = None
    early_minutes: int = 0

    @property
    def admits(self) -> bool:
        """Whether it let somebody in, and stands."""
        return self.result in ADMITTING and self.undone_at is None


_OF_SCAN = (CheckIn.id, CheckIn.ticket_id, CheckIn.office_id, CheckIn.at, CheckIn.result)
_OF_TICKET = (Ticket.office_id.label("ticket_office"), Ticket.position, Ticket.letter, Ticket.queue_number)
# Asked for with each scan: made once, and no more than the answer shows.
_FACTS = (
    select(*_OF_SCAN, CheckIn.undone_at, CheckIn.identity, *_OF_TICKET, Ticket.starts_at, Ticket.nik, Ticket.name)
    .add_columns(Booking.code, Slot.ends_at, Service.name_id, Service.name_en)
    .outerjoin(Ticket, Ticket.id == CheckIn.ticket_id)
    .outerjoin(Booking, Booking.id == Ticket.booking_id)
    .outerjoin(Slot, Slot.id == Ticket.slot_id)
    .outerjoin(Service, Service.id == Ticket.service_id)
    .where(CheckIn.nonce.in_(bindparam("nonces", expanding=True)))
    .order_by(CheckIn.nonce)
)


def scan_facts(session: Session, nonce: str, *, keyring: Keyring) -> list[ScanFacts]:
    """Of all rows of the scan with this nonce, in the order of the party."""
    return [_facts(session, row, keyring) for row in session.execute(_FACTS, {"nonces": nonces_of(nonce)})]


def _facts(session: Session, row: Row[Any], keyring: Keyring) -> ScanFacts:
    here = row.ticket_office == row.office_id
    facts = ScanFacts(row.id, row.at, row.result, row.undone_at, row.identity, _person(row, keyring) if here else None)
    ticket = None
    if row.ticket_id is not None and row.result not in ADMITTING:
        ticket = session.get(Ticket, row.ticket_id)
    if ticket is None:
        return facts
    admitted = admission_of(session, ticket.id) if row.result is ScanResult.ALREADY else None
    early_minutes = 0
    if row.result is ScanResult.TOO_EARLY:
        early_minutes = offering_at(session, ticket.office_id, ticket.service_id).early_minutes
    return replace(
        facts,
        ticket=ticket,
        admitted=admitted,
        admitted_at=session.get(Office, admitted.office_id) if admitted else None,
        replacement=replacement_of(session, ticket),
        early_minutes=early_minutes,
    )


def _person(row: Row[Any], keyring: Keyring) -> ScannedPerson:
    person = person_of(row, row.code, keyring)
    return ScannedPerson(
        ticket_id=row.ticket_id,
        number=show_number(row.letter, row.queue_number),
        name=person.name,
        masked_nik=person.masked_nik,
        service_id=row.name_id,
        service_en=row.name_en,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def first_row(session: Session, nonce: str) -> int:
    """The row that stands for a scan in addresses."""
    return session.scalars(select(CheckIn.id).where(CheckIn.nonce == nonce)).one()


def admission_of(session: Session, ticket_id: int) -> CheckIn | None:
    """The standing check-in of a ticket; a unique index allows no second one."""
    return session.scalars(
        select(CheckIn).where(
            CheckIn.ticket_id == ticket_id, CheckIn.result.in_(ADMITTING), CheckIn.undone_at.is_(None)
        )
    ).one_or_none()
