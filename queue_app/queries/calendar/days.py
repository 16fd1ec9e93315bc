"""What the administrator and the auditor look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from queue_app.domain.booking import EXPECTED_STATES, TicketState
from queue_app.domain.calendar import DayStatus
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import (
    AffectedTicket,
    AuditEntry,
    AuditSeal,
    Booking,
    Closure,
    Holiday,
    JobRun,
    Schedule,
    ServiceDay,
    Slot,
    Staff,
    StaffAssignment,
    Ticket,
)


@dataclass(frozen=True)
class DaySummary:
    id: int
    day: date
    status: DayStatus
    reason_id: str | None
    set_by_hand: bool
    quota: int
    booked: int
    affected: int  # active tickets on a closed day


def day_summaries(
    session: Session, *, office_id: int, service_id: int, first: date, last: date
) -> tuple[DaySummary, ...]:
    """The days of a service with quota and booked places over all shares."""
    rows = session.execute(
        select(ServiceDay, func.coalesce(func.sum(Slot.capacity), 0), func.coalesce(func.sum(Slot.booked), 0))
        .outerjoin(Slot, Slot.service_day_id == ServiceDay.id)
        .where(ServiceDay.office_id == office_id, ServiceDay.service_id == service_id)
        .where(ServiceDay.day.between(first, last))
        .group_by(ServiceDay.id)
        .order_by(ServiceDay.day)
    ).all()
    affected = affected_counts(session, [row.id for row, _, _ in rows if row.status is DayStatus.CLOSED])
    return tuple(
        DaySummary(
            row.id,
            row.day,
            row.status,
            row.reason_id,
            row.set_by_hand,
            quota,
            booked,
            affected.get(row.id, 0),
        )
        for row, quota, booked in rows
    )


def affected_counts(session: Session, service_day_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Slot.service_day_id, func.count())
        .join(Ticket, Ticket.slot_id == Slot.id)
        .where(Slot.service_day_id.in_(service_day_ids), Ticket.state.in_(EXPECTED_STATES))
        .group_by(Slot.service_day_id)
    )
    return dict(rows.all())


@dataclass(frozen=True)
class Affected:
    """Somebody whose day was closed: by number and code; the office looks the person up at the desk."""

    number: str
    code: str
    starts_at: datetime
    state: TicketState


def affected_tickets(session: Session, service_day_id: int) -> tuple[Affected, ...]:
    """The people listed by the standing closure of a day, in order of their arrival windows."""
    rows = session.execute(
        select(Ticket, Booking.code)
        .join(AffectedTicket, AffectedTicket.ticket_id == Ticket.id)
        .join(Closure, Closure.id == AffectedTicket.closure_id)
        .join(Booking, Booking.id == Ticket.booking_id)
        .where(Closure.service_day_id == service_day_id, Closure.reopened_at.is_(None))
        .order_by(Ticket.starts_at, Ticket.queue_number)
    )
    return tuple(
        Affected(show_number(ticket.letter, ticket.queue_number), show_code(code), ticket.starts_at, ticket.state)
        for ticket, code in rows
    )


def schedules(session: Session, office_service_id: int) -> list[Schedule]:
    """All schedules of a service at an office, the one that begins last first."""
    return list(
        session.scalars(
            select(Schedule)
            .where(Schedule.office_service_id == office_service_id)
            .options(selectinload(Schedule.windows))
            .order_by(Schedule.valid_from.desc(), Schedule.id.desc())
        )
    )


@dataclass(frozen=True)
class AuditRow:
    entry: AuditEntry
    sealed: bool
    actor_name: str | None


def audit_rows(
    session: Session, office_id: int, *, action: str = "", before_id: int | None = None, limit: int = 50
) -> tuple[AuditRow, ...]:
    """The newest audit entries of an office, optionally of actions beginning with ``action``."""
    statement = (
        select(AuditEntry, AuditSeal.sequence)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where((AuditEntry.office_id == office_id) | AuditEntry.office_id.is_(None))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    if action:
        statement = statement.where(AuditEntry.action.startswith(action, autoescape=True))
    if before_id is not None:
        statement = statement.where(AuditEntry.id < before_id)
    rows = session.execute(statement).all()
    names = {f"staff:{staff_id}": name for staff_id, name in session.execute(select(Staff.id, Staff.name))}
    return tuple(AuditRow(entry, sequence is not None, names.get(entry.actor)) for entry, sequence in rows)


def staff_of(session: Session, office_id: int) -> list[Staff]:
    """Everybody with a role at an office."""
    works_here = select(StaffAssignment.staff_id).where(StaffAssignment.office_id == office_id)
    return list(
        session.scalars(
            select(Staff).where(Staff.id.in_(works_here)).options(selectinload(Staff.assignments)).order_by(Staff.name)
        )
    )


def job_runs(session: Session) -> list[JobRun]:
    return list(session.scalars(select(JobRun).order_by(JobRun.name)))


def holidays_between(session: Session, first: date, last: date) -> list[Holiday]:
    return list(session.scalars(select(Holiday).where(Holiday.date.between(first, last)).order_by(Holiday.date)))
