"""A closure as its administrator makes it: drafted, confirmed, revoked. Those concerned follow in `carrying_out.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus
from queue_app.domain.clock import office_date
from queue_app.domain.closures import (
    STANDING,
    ClosedTime,
    ClosureKind,
    ClosureState,
    InvalidClosure,
    OfferTerms,
)
from queue_app.domain.errors import NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Closure, ClosureService, Disruption, Office, OfficeService, ServiceDay, Slot
from queue_app.queries.calendar.affected import slots_to_take
from queue_app.services.booking.places import lock_calendars, lock_slots
from queue_app.services.records import audit

from .reopening import reopen


@dataclass(frozen=True)
class NewClosure:
    """A closure as entered by the administrator."""

    time: ClosedTime
    reason_id: str
    reason_en: str = ""
    kind: ClosureKind = ClosureKind.PLANNED
    terms: OfferTerms = OfferTerms()


def draft(session: Session, office_id: int, new: NewClosure, *, actor: Actor, now: datetime) -> Closure:
    """Store a closure that closes nothing yet. Raises ReasonRequired, InvalidClosure, NotFound."""
    closure = Closure(office_id=office_id, created_at=now, created_by=actor.label)
    _write(session, closure, new, now=now)
    session.add(closure)
    session.flush()
    _record(session, "closure.drafted", closure, actor=actor, now=now)
    return closure


def redraft(
    session: Session, closure_id: int, new: NewClosure, *, office_id: int, actor: Actor, now: datetime
) -> Closure:
    """Change a draft. Raises as `draft` does, and InvalidClosure (``not_draft``) once it is confirmed."""
    closure = lock_closure(session, closure_id, office_id=office_id)
    _require_draft(closure)
    _write(session, closure, new, now=now)
    session.flush()
    _record(session, "closure.drafted", closure, actor=actor, now=now)
    return closure


def discard(session: Session, closure_id: int, *, office_id: int, actor: Actor, now: datetime) -> None:
    """Throw a draft away. Raises NotFound, InvalidClosure (``not_draft``)."""
    closure = lock_closure(session, closure_id, office_id=office_id)
    _require_draft(closure)
    _record(session, "closure.discarded", closure, actor=actor, now=now)
    session.delete(closure)
    session.flush()


def confirm(session: Session, closure_id: int, *, office_id: int, actor: Actor, now: datetime) -> Closure:
    """Close: from this commit on nobody books there any more. Confirming twice changes nothing.

    Raises NotFound; InvalidClosure (``past_date``; ``nothing`` when all of it is closed already).
    """
    closure = lock_closure(session, closure_id, office_id=office_id)
    if closure.state is not ClosureState.DRAFT:
        return closure
    zone = closure.office.time_zone
    closure.time.check(today=office_date(now, zone))
    lock_calendars(session, OfficeService.office_id == closure.office_id)
    lock_slots(session, Slot.office_id == closure.office_id, Slot.day.between(closure.first_day, closure.last_day))
    slots = slots_to_take(session, closure, now=now)
    if not slots and not _reaches_beyond_calendar(session, closure):
        raise InvalidClosure(reason="nothing")
    _take(session, closure, slots)
    closure.state, closure.confirmed_at, closure.confirmed_by = ClosureState.CONFIRMED, now, actor.label
    session.flush()
    became = (DayStatus.OPEN, DayStatus.CLOSED)
    _record(session, "closure.confirmed", closure, actor=actor, now=now, became=became, taken=len(slots))
    return closure


def revoke(session: Session, closure_id: int, *, office_id: int, reason: str, actor: Actor, now: datetime) -> Closure:
    """Take a closure back: what it closed is open again, unless another one closes it too.

    Raises ReasonRequired, NotFound; InvalidClosure (``past_date`` when it is over; ``revoked`` when it does not stand).
    """
    reason = read_reason(reason)
    closure = lock_closure(session, closure_id, office_id=office_id)
    if closure.state not in STANDING:
        raise InvalidClosure(reason="revoked")
    if closure.last_day < office_date(now, closure.office.time_zone):
        raise InvalidClosure(reason="past_date")
    lock_calendars(session, OfficeService.office_id == closure.office_id)
    lock_slots(session, Slot.closure_id == closure.id)
    closure.state, closure.revoked_at, closure.revoked_by = ClosureState.REVOKED, now, actor.label
    session.flush()
    opened = reopen(session, closure)
    if closure.kind is ClosureKind.TODAY:  # the hall must not go on saying that the day has ended
        session.execute(
            update(Disruption)
            .where(Disruption.office_id == closure.office_id, Disruption.ended_at == closure.confirmed_at)
            .values(closed_day=False)
        )
    became = (DayStatus.CLOSED, DayStatus.OPEN)
    _record(session, "closure.revoked", closure, actor=actor, now=now, reason=reason, became=became, taken=opened)
    return closure


def lock_closure(session: Session, closure_id: int, *, office_id: int | None = None) -> Closure:
    """Lock a closure, before anything else: who confirms, carries out and revokes it goes one after the other.

    Raises NotFound, also for one of another office.
    """
    # In two statements: joined to a row that had to be waited for, PostgreSQL would read the office of before.
    session.execute(select(Closure.id).where(Closure.id == closure_id).with_for_update(key_share=True))
    closure = session.get(Closure, closure_id, populate_existing=True)
    if closure is None or office_id not in (None, closure.office_id):
        raise NotFound()
    return closure


def _write(session: Session, closure: Closure, new: NewClosure, *, now: datetime) -> None:
    office = session.get(Office, closure.office_id)
    if office is None:
        raise NotFound()
    closure.reason_id = read_reason(new.reason_id)
    closure.reason_en = read_reason(new.reason_en) if new.reason_en.strip() else closure.reason_id
    new.time.check(today=office_date(now, office.time_zone))
    _require_services(session, closure.office_id, new.time)
    new.terms.check()
    closure.kind = new.kind
    closure.first_day, closure.last_day = new.time.first_day, new.time.last_day
    closure.starts_at, closure.ends_at = new.time.starts_at, new.time.ends_at
    closure.only_dropped = new.time.only_dropped
    for name, value in asdict(new.terms).items():
        setattr(closure, name, value)
    present = {one.service_id: one for one in closure.services}
    closure.services = [
        present.get(service_id) or ClosureService(service_id=service_id) for service_id in sorted(new.time.services)
    ]


def _require_services(session: Session, office_id: int, time: ClosedTime) -> None:
    if not time.services:
        return
    given = select(OfficeService.service_id).where(OfficeService.office_id == office_id)
    if not time.services <= set(session.scalars(given)):
        raise InvalidClosure(reason="services")


def _require_draft(closure: Closure) -> None:
    if closure.state is not ClosureState.DRAFT:
        raise InvalidClosure(reason="not_draft")


def _reaches_beyond_calendar(session: Session, closure: Closure) -> bool:
    """Days that do not exist yet are made closed when their time comes. Nothing of them can have been dropped."""
    if closure.only_dropped:
        return False
    made = session.scalar(
        select(func.min(OfficeService.days_made_until)).where(
            OfficeService.office_id == closure.office_id, OfficeService.active
        )
    )
    return made is None or closure.last_day > made


def _take(session: Session, closure: Closure, slots: Sequence[Slot]) -> None:
    ids = [slot.id for slot in slots]
    session.execute(
        update(Slot)
        .where(Slot.id.in_(ids))
        .values(accepts=False, closure_id=closure.id)
        .execution_options(synchronize_session=False)
    )
    if not closure.time.whole_days:
        return
    status = DayStatus.HOLIDAY if closure.kind is ClosureKind.HOLIDAY else DayStatus.CLOSED
    session.execute(
        update(ServiceDay)
        .where(ServiceDay.id.in_({slot.service_day_id for slot in slots}), ServiceDay.status == DayStatus.OPEN)
        .values(status=status, reason_id=closure.reason_id, reason_en=closure.reason_en, closure_id=closure.id)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _record(
    session: Session,
    action: str,
    closure: Closure,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    became: tuple[DayStatus, DayStatus] | None = None,
    **facts: Any,
) -> None:
    time = closure.time
    hours = [at.isoformat("minutes") for at in (time.starts_at, time.ends_at) if at]
    facts |= {"status": became[1]} if became else {}
    facts |= {"only_dropped": True} if time.only_dropped else {}
    after = {"first_day": time.first_day.isoformat(), "last_day": time.last_day.isoformat(), **facts}
    audit.record(
        session,
        action,
        "closure",
        closure.id,
        actor=actor,
        now=now,
        office_id=closure.office_id,
        before={"status": became[0]} if became else None,
        after=after | ({"hours": hours} if hours else {}),
        reason=reason or closure.reason_id,
    )
