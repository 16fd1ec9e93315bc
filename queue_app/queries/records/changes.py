"""Tickets and acts since an instant, for those who have to do it all again by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring, bound_to, opened
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import AuditEntry, Booking, Service, Ticket


@dataclass(frozen=True)
class ChangedTicket:
    """``is_new``: booked since; else it was there, and has come to another state. ``starts_at``: in the office's zone.
    ``name``: None where its use is suspended.
    """

    booking_id: int
    office_id: int
    is_new: bool
    code: str
    office: str
    service: str
    starts_at: datetime
    number: str
    state: str
    name: str | None


def tickets_changed_since(session: Session, since: datetime, *, keyring: Keyring) -> list[ChangedTicket]:
    """By office, and there by the time for which they are."""
    rows = session.execute(
        select(Ticket, Booking, Service.name_id)
        .join(Ticket.booking)
        .join(Service, Service.id == Ticket.service_id)
        .where(or_(Booking.created_at >= since, Ticket.state_since >= since))
        .order_by(Ticket.office_id, Ticket.starts_at, Ticket.letter, Ticket.queue_number)
    )
    return [_changed(*row, since=since, keyring=keyring) for row in rows.unique()]


def _changed(ticket: Ticket, booking: Booking, service: str, *, since: datetime, keyring: Keyring) -> ChangedTicket:
    name = opened(keyring, ticket.name, bound_to=bound_to(booking.code, "name", ticket.position))
    return ChangedTicket(
        booking_id=booking.id,
        office_id=ticket.office_id,
        is_new=booking.created_at >= since,
        code=show_code(booking.code),
        office=ticket.office.name,
        service=service,
        starts_at=ticket.starts_at.astimezone(ZoneInfo(ticket.office.time_zone)),
        number=show_number(ticket.letter, ticket.queue_number),
        state=ticket.state,
        name=None if booking.suspended_at else name,
    )


def acts_since(session: Session, since: datetime) -> list[tuple[str, int]]:
    """The acts of the audit log, each with how often: the most frequent first."""
    times = func.count()
    counted = session.execute(
        select(AuditEntry.action, times)
        .where(AuditEntry.at >= since)
        .group_by(AuditEntry.action)
        .order_by(times.desc(), AuditEntry.action)
    )
    return [(action, number) for action, number in counted]
