"""The meaning of a recorded scan, for the screen that shows its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ADMITTING, SAME_SCAN_WITHIN, ScanResult
from queue_app.domain.keyring import Keyring
from queue_app.models import CheckIn, Office, Ticket
from queue_app.queries.booking.bookings import replacement_of
from queue_app.queries.calendar.offices import offering_at

from .arrival import Arrival, arrival_of


@dataclass(frozen=True)
class ScanFacts:
    """One scan with what surrounds it. ``person`` is None for another office's ticket: its name is not told here.

    What only some answers tell is looked up for those alone: ``admitted``, the standing check-in of a ticket that was
    here already, ``replacement``, the ticket that holds in place of a moved one, and ``early_minutes``, how long
    before a window people are welcome.
    """

    scan: CheckIn
    ticket: Ticket | None
    person: Arrival | None
    admitted: CheckIn | None
    admitted_at: Office | None
    replacement: Ticket | None
    early_minutes: int


def scan_facts(session: Session, scan: CheckIn, *, keyring: Keyring, now: datetime) -> ScanFacts:
    ticket = session.get(Ticket, scan.ticket_id) if scan.ticket_id is not None else None
    if ticket is None:
        return ScanFacts(scan, None, None, None, None, None, 0)
    admitted = admission_of(session, ticket.id) if scan.result is ScanResult.ALREADY else None
    person = None
    if ticket.office_id == scan.office_id:
        person = arrival_of(session, ticket.id, keyring=keyring, now=now)
    early_minutes = 0
    if scan.result is ScanResult.TOO_EARLY:
        early_minutes = offering_at(session, ticket.office_id, ticket.service_id).early_minutes
    return ScanFacts(
        scan=scan,
        ticket=ticket,
        person=person,
        admitted=admitted,
        admitted_at=session.get(Office, admitted.office_id) if admitted else None,
        replacement=replacement_of(session, ticket),
        early_minutes=early_minutes,
    )


def admission_of(session: Session, ticket_id: int) -> CheckIn | None:
    """The standing check-in of a ticket; a unique index allows no second one."""
    return session.scalars(
        select(CheckIn).where(
            CheckIn.ticket_id == ticket_id, CheckIn.result.in_(ADMITTING), CheckIn.undone_at.is_(None)
        )
    ).one_or_none()


def just_admitted(
    session: Session, tickets: Sequence[Ticket], *, office_id: int, staff_id: int, now: datetime
) -> CheckIn | None:
    """The first row of the scan that let all these in a moment ago, by the same person: a scanner triggered twice.

    None once it was taken back, or when somebody among them came otherwise.
    """
    rows = session.scalars(
        select(CheckIn)
        .where(
            CheckIn.ticket_id.in_([ticket.id for ticket in tickets]),
            CheckIn.office_id == office_id,
            CheckIn.staff_id == staff_id,
            CheckIn.result.in_(ADMITTING),
            CheckIn.undone_at.is_(None),
            CheckIn.at > now - SAME_SCAN_WITHIN,
        )
        .order_by(CheckIn.nonce)
    ).all()
    return rows[0] if tickets and len(rows) == len(tickets) else None
