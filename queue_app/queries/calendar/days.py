"""The days of a service as its administrator sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.booking import EXPECTED_STATES
from queue_app.domain.calendar import DayStatus
from queue_app.models import AuditEntry, Closure, ClosureService, OfficeService, ServiceDay, Slot, Ticket

from .places import Places, sums_of_places


@dataclass(frozen=True)
class DaySummary:
    id: int
    day: date
    status: DayStatus
    reason_id: str | None
    set_by_hand: bool
    places: Places
    affected: int  # active tickets on a closed day
    closure_id: int | None


def day_summaries(
    session: Session, *, office_id: int, service_id: int, first: date, last: date, now: datetime
) -> tuple[DaySummary, ...]:
    """Those of a service, with what became of their places."""
    rows = session.execute(
        select(ServiceDay, *sums_of_places(now))
        .outerjoin(Slot, Slot.service_day_id == ServiceDay.id)
        .where(ServiceDay.office_id == office_id, ServiceDay.service_id == service_id)
        .where(ServiceDay.day.between(first, last))
        .group_by(ServiceDay.id)
        .order_by(ServiceDay.day)
    ).all()
    affected = affected_counts(session, [row.id for row, *_ in rows if row.status is DayStatus.CLOSED])
    return tuple(
        DaySummary(
            row.id,
            row.day,
            row.status,
            row.reason_id,
            row.set_by_hand,
            Places(*sums),
            affected.get(row.id, 0),
            row.closure_id,
        )
        for row, *sums in rows
    )


def affected_counts(session: Session, service_day_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Slot.service_day_id, func.count())
        .join(Ticket, Ticket.slot_id == Slot.id)
        .where(Slot.service_day_id.in_(service_day_ids), Ticket.state.in_(EXPECTED_STATES))
        .group_by(Slot.service_day_id)
    )
    return dict(rows.all())


def closed_days(
    session: Session, office_id: int, day: date, service_ids: Sequence[int] | None = None
) -> Sequence[tuple[ServiceDay, OfficeService]]:
    """The days that were closed (holidays are not), each with its service, in the order of the services."""
    which = [] if service_ids is None else [ServiceDay.service_id.in_(service_ids)]
    rows = session.execute(
        select(ServiceDay, OfficeService)
        .join(
            OfficeService,
            (OfficeService.office_id == ServiceDay.office_id) & (OfficeService.service_id == ServiceDay.service_id),
        )
        .where(ServiceDay.office_id == office_id, ServiceDay.day == day, ServiceDay.status == DayStatus.CLOSED, *which)
        .order_by(OfficeService.letter)
    )
    return [(service_day, offering) for service_day, offering in rows]


def closed_hours(session: Session, day: ServiceDay) -> list[tuple[Slot, Closure]]:
    """The hours of an open day that closures took, each once whatever its shares, with the closure."""
    taken = {slot.starts_at: slot for slot in day.slots if slot.closure_id is not None}
    if day.status is not DayStatus.OPEN or not taken:
        return []
    which = Closure.id.in_({slot.closure_id for slot in taken.values()})
    closures = {closure.id: closure for closure in session.scalars(select(Closure).where(which))}
    return [(slot, closures[slot.closure_id]) for slot in taken.values() if slot.closure_id in closures]


def quota_changes(session: Session, day: ServiceDay, *, limit: int = 10) -> Sequence[AuditEntry]:
    """What was done to a day by hand, closures of it included, the newest first."""
    named = select(ClosureService.closure_id).where(ClosureService.closure_id == Closure.id)
    of_service = named.where(ClosureService.service_id == day.service_id)
    closures = (
        select(Closure.id)
        .where(Closure.office_id == day.office_id, Closure.first_day <= day.day, Closure.last_day >= day.day)
        .where(~named.exists() | of_service.exists())
    )
    closed = (AuditEntry.subject == "closure") & AuditEntry.subject_id.in_(session.scalars(closures).all())
    which = closed & AuditEntry.action.in_(["closure.confirmed", "closure.revoked"])
    by_hand = (AuditEntry.subject == "service_day") & (AuditEntry.subject_id == day.id)
    return session.scalars(select(AuditEntry).where(by_hand | which).order_by(AuditEntry.id.desc()).limit(limit)).all()
