"""Tickets as a kiosk shows them: numbers and times, and nothing about persons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ScanResult
from queue_app.models import Booking, CheckIn, Ticket
from queue_app.queries.booking.bookings import replacement_of
from queue_app.queries.calendar.offices import offering_at


@dataclass(frozen=True)
class Arrived:
    """One person's part of a scan. ``replacement``: the ticket that holds in place of a moved one."""

    result: ScanResult
    ticket: Ticket | None
    early_minutes: int
    replacement: Ticket | None


def arrived(session: Session, rows: Iterable[CheckIn]) -> tuple[Arrived, ...]:
    return tuple(_arrived(session, row) for row in rows)


def _arrived(session: Session, row: CheckIn) -> Arrived:
    ticket = session.get(Ticket, row.ticket_id) if row.ticket_id is not None else None
    if ticket is None:
        return Arrived(row.result, None, 0, None)
    early_minutes = offering_at(session, ticket.office_id, ticket.service_id).early_minutes
    return Arrived(row.result, ticket, early_minutes, replacement_of(session, ticket))


def walk_in_ticket(session: Session, booking_id: int, office_id: int) -> Ticket | None:
    """The ticket of a number that was given at this office without an appointment."""
    return session.scalars(
        select(Ticket)
        .join(Booking, Booking.id == Ticket.booking_id)
        .where(Booking.id == booking_id, Ticket.office_id == office_id, Ticket.walk_in)
        .limit(1)
    ).one_or_none()
