"""One day of one service: close it, and open it again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus
from queue_app.domain.closures import ClosedTime, InvalidClosure
from queue_app.domain.errors import InvalidSchedule
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Closure, ServiceDay, Slot
from queue_app.services.records import audit

from .closures import NewClosure, confirm, draft, revoke
from .quota import lock_service_day, require_not_past


def close_day(
    session: Session, service_day_id: int, *, reason_id: str, reason_en: str, actor: Actor, now: datetime
) -> Closure:
    """Draft and confirm the closure of a single day; those booked are offered other places by the job.

    Raises ReasonRequired, NotFound, InvalidSchedule when the day is not open or past.
    """
    day = lock_service_day(session, service_day_id)
    if day.status is not DayStatus.OPEN:
        raise InvalidSchedule(reason="not_open")
    require_not_past(day, now=now)
    time = ClosedTime(day.day, day.day, services=frozenset({day.service_id}))
    closure = draft(session, day.office_id, NewClosure(time, reason_id, reason_en), actor=actor, now=now)
    return confirm(session, closure.id, office_id=day.office_id, actor=actor, now=now)


def open_day(session: Session, service_day_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Reopen a closed day by revoking its closure, or open specially on a holiday.

    Raises ReasonRequired, NotFound, InvalidSchedule; InvalidClosure (``several_days``) when its closure closes more
    than this day of this service: then the whole of it is revoked, or nothing.
    """
    reason = read_reason(reason)
    closure_id = session.scalars(select(ServiceDay.closure_id).where(ServiceDay.id == service_day_id)).one_or_none()
    if closure_id is not None:
        # Before the day: that is the order of locks.
        session.execute(select(Closure.id).where(Closure.id == closure_id).with_for_update(key_share=True))
    day = lock_service_day(session, service_day_id)
    if day.status is DayStatus.OPEN:
        raise InvalidSchedule(reason="open_already")
    require_not_past(day, now=now)
    closure = session.get(Closure, day.closure_id) if day.closure_id else None
    if closure is not None:
        if closure.first_day != closure.last_day or closure.time.services != {day.service_id}:
            raise InvalidClosure(reason="several_days")
        revoke(session, closure.id, office_id=day.office_id, reason=reason, actor=actor, now=now)
        return
    before = day.status
    day.status, day.reason_id, day.reason_en, day.set_by_hand = DayStatus.OPEN, None, None, True
    session.execute(update(Slot).where(Slot.service_day_id == day.id, Slot.closure_id.is_(None)).values(accepts=True))
    session.flush()
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
