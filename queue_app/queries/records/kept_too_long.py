"""Data whose time is over: the purge empties it, and `queue-app check` must not find it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from queue_app.domain.retention import OF_BOOKINGS, PROOF_RETENTION, PURGED_WITHIN, SESSION_RETENTION, Holding, Path
from queue_app.models import Base, Booking, DataProof, PasswordReset, StaffInvitation, StaffSession, Ticket

from .invariants import Finding


def holds_data(holding: Holding) -> ColumnElement[bool]:
    """Whether a row of its table still holds something."""
    columns = Base.metadata.tables[holding.table].c
    if holding.emptied is not None:
        return or_(*(columns[name] != holding.emptied for name in holding.columns))
    return or_(*(columns[name].is_not(None) for name in holding.columns))


def of_bookings(holding: Holding, ids: Any) -> ColumnElement[bool]:
    """The rows of its table that belong to these bookings: a list of ids, or a query for them."""
    column = Base.metadata.tables[holding.table].c[str(holding.path)]
    if holding.path is Path.TICKET:
        return column.in_(select(Ticket.id).where(Ticket.booking_id.in_(ids)))
    return column.in_(ids)


def of_tickets(holding: Holding, ids: Any) -> ColumnElement[bool] | None:
    """The rows of its table that belong to these tickets; None for what is the whole booking's."""
    table = Base.metadata.tables[holding.table]
    if table is Ticket.__table__:
        return table.c.id.in_(ids)
    return table.c.ticket_id.in_(ids) if holding.path is Path.TICKET else None


def overdue(holding: Holding, *, before: datetime, among: Sequence[int] | None = None) -> Select[int]:
    """The ids of bookings whose last appointment was before an instant, and of which it still holds something; of all
    there are, which reads whole tables, or of some.
    """
    table = Base.metadata.tables[holding.table]
    booking_id: Any = table.c[str(holding.path)]
    rows = select(booking_id)
    if holding.path is Path.TICKET:
        booking_id = Ticket.booking_id
        rows = select(booking_id).join_from(table, Ticket, Ticket.id == table.c.ticket_id)
    held = rows.where(holds_data(holding)).distinct()
    if among is not None:
        held = held.where(booking_id.in_(among))
    later = select(Ticket.id).where(Ticket.booking_id == Booking.id, Ticket.starts_at >= before).exists()
    return select(Booking.id).where(Booking.id.in_(held), ~later).order_by(Booking.id)


def verify_retention(session: Session, *, retention: timedelta, now: datetime) -> Finding:
    """I18: each table of personal data, held against the time it may keep it."""
    rule = "no personal data older than its retention"
    return Finding("I18", rule, tuple(_kept_too_long(session, retention, now - PURGED_WITHIN)))


def _kept_too_long(session: Session, retention: timedelta, should_be: datetime) -> Iterator[str]:
    for holding in OF_BOOKINGS:
        for booking_id in session.scalars(overdue(holding, before=should_be - retention)):
            yield f"booking {booking_id}: {holding.table} still holds {', '.join(holding.columns)}"
    old = StaffSession.last_seen_at < should_be - SESSION_RETENTION
    if count := session.scalar(select(func.count()).select_from(StaffSession).where(old)):
        yield f"staff_session: {count} older than their retention"
    for table in (StaffInvitation, PasswordReset):
        made = table.made_at < should_be - SESSION_RETENTION
        if count := session.scalar(select(func.count()).select_from(table).where(made)):
            yield f"{table.__tablename__}: {count} older than their retention"
    expired = DataProof.expires_at < should_be - PROOF_RETENTION
    if count := session.scalar(select(func.count()).select_from(DataProof).where(expired)):
        yield f"data_proof: {count} older than their retention"
