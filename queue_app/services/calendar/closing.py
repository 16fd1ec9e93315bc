"""Close a day, and open it again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.booking import HOLDING_STATES
from queue_app.domain.calendar import DayStatus
from queue_app.domain.errors import InvalidSchedule
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import AffectedTicket, Closure, ServiceDay, Slot, Ticket
from queue_app.services.records import audit

from .quota import lock_service_day, require_not_past


def close_day(
    session: Session, service_day_id: int, *, reason_id: str, reason_en: str, actor: Actor, now: datetime
) -> Closure:
    """Close a day: nothing more is booked on it, and everybody booked is kept and listed as affected.

    Raises ReasonRequired, NotFound, InvalidSchedule when the day is not open or past.
    """
    reason_id = read_reason(reason_id)
    reason_en = read_reason(reason_en) if reason_en.strip() else reason_id
    day = lock_service_day(session, service_day_id)
    if day.status is not DayStatus.OPEN:
        raise InvalidSchedule(reason="not_open")
    require_not_past(day, now=now)
    before = day.status
    closure = Closure(
        service_day_id=day.id, reason_id=reason_id, reason_en=reason_en, closed_at=now, closed_by=actor.label
    )
    session.add(closure)
    session.flush()
    # Also who was marked absent by a clock that ran ahead: they may still come.
    affected = session.scalars(
        select(Ticket.id)
        .join(Slot, Slot.id == Ticket.slot_id)
        .where(Slot.service_day_id == day.id, Ticket.state.in_(HOLDING_STATES))
        .order_by(Ticket.id)
    ).all()
    session.add_all(AffectedTicket(closure_id=closure.id, ticket_id=ticket_id) for ticket_id in affected)
    _set_status(session, day, DayStatus.CLOSED, reason_id, reason_en)
    audit.record(
        session,
        "day.closed",
        "service_day",
        day.id,
        actor=actor,
        now=now,
        office_id=day.office_id,
        before={"status": before},
        after={"status": DayStatus.CLOSED, "affected": len(affected)},
        reason=reason_id,
    )
    return closure


def open_day(session: Session, service_day_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Reopen a closed day, or open specially on a holiday. Raises ReasonRequired, NotFound, InvalidSchedule."""
    reason = read_reason(reason)
    day = lock_service_day(session, service_day_id)
    if day.status is DayStatus.OPEN:
        raise InvalidSchedule(reason="open_already")
    require_not_past(day, now=now)
    before = day.status
    session.execute(
        update(Closure)
        .where(Closure.service_day_id == day.id, Closure.reopened_at.is_(None))
        .values(reopened_at=now)
        .execution_options(synchronize_session=False)
    )
    _set_status(session, day, DayStatus.OPEN, None, None)
    day.set_by_hand = True
    audit.record(
        session,
        "day.opened",
        "service_day",
        day.id,
        actor=actor,
        now=now,
        office_id=day.office_id,
        before={"status": before},
        after={"status": DayStatus.OPEN},
        reason=reason,
    )


def _set_status(
    session: Session, day: ServiceDay, status: DayStatus, reason_id: str | None, reason_en: str | None
) -> None:
    day.status, day.reason_id, day.reason_en = status, reason_id, reason_en
    session.execute(update(Slot).where(Slot.service_day_id == day.id).values(accepts=status is DayStatus.OPEN))
    session.flush()
