"""What the administrator decides: the weekly schedule, one day's quota, closing and reopening a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.booking import ACTIVE_STATES
from queue_app.domain.calendar import QUOTA_MAX, DayStatus, Share, Window, check_windows, spread_quota
from queue_app.domain.clock import office_date
from queue_app.domain.errors import InvalidSchedule, NotFound, QuotaBelowBooked, ReasonRequired
from queue_app.domain.identity import holds_personal_number
from queue_app.domain.roles import Actor
from queue_app.models import (
    AffectedTicket,
    Closure,
    OfficeService,
    Schedule,
    ScheduleWindow,
    ServiceDay,
    Slot,
    Ticket,
)

from . import audit
from .claims import lock_slots_of_day, set_capacity
from .days import follow_schedule


@dataclass(frozen=True)
class SlotChange:
    """What a new quota does to one slot."""

    slot_id: int
    starts_at: datetime
    share: Share
    booked: int
    before: int
    after: int


def preview_day_quota(session: Session, service_day_id: int, quota: int) -> tuple[SlotChange, ...]:
    """How ``quota`` places would be spread over the day's public slots; raise QuotaBelowBooked, InvalidSchedule."""
    slots = _public_slots(session, service_day_id)
    if not slots or not 0 <= quota <= QUOTA_MAX:
        raise InvalidSchedule(reason="capacity", maximum=QUOTA_MAX)
    minimum = sum(slot.booked for slot in slots)
    if quota < minimum:
        raise QuotaBelowBooked(minimum=minimum)
    after = spread_quota(quota, [(slot.capacity, slot.booked) for slot in slots])
    return tuple(
        SlotChange(slot.id, slot.starts_at, slot.share, slot.booked, slot.capacity, capacity)
        for slot, capacity in zip(slots, after, strict=True)
    )


def set_day_quota(
    session: Session, service_day_id: int, quota: int, *, reason: str, actor: Actor, now: datetime
) -> tuple[SlotChange, ...]:
    """Set one day's public quota. Raises ReasonRequired and what `preview_day_quota` raises."""
    reason = _reason(reason)
    day = load_service_day(session, service_day_id)
    lock_slots_of_day(session, service_day_id)
    changes = preview_day_quota(session, service_day_id, quota)
    for change in changes:
        set_capacity(session, change.slot_id, change.after)
    day.set_by_hand = True
    session.flush()
    audit.record(
        session,
        "day.quota",
        "service_day",
        day.id,
        actor=actor,
        now=now,
        office_id=day.office_id,
        before={"quota": sum(change.before for change in changes)},
        after={"quota": quota, "slots": {str(change.slot_id): change.after for change in changes}},
        reason=reason,
    )
    return changes


def close_day(
    session: Session, service_day_id: int, *, reason_id: str, reason_en: str, actor: Actor, now: datetime
) -> Closure:
    """Close a day: nothing more is booked on it, and everybody booked is kept and listed as affected.

    Raises ReasonRequired, NotFound, InvalidSchedule when the day is not open or past.
    """
    reason_id = _reason(reason_id)
    reason_en = _reason(reason_en) if reason_en.strip() else reason_id
    lock_slots_of_day(session, service_day_id)  # a booking is either before this, and listed, or refused after it
    day = load_service_day(session, service_day_id)
    if day.status is not DayStatus.OPEN:
        raise InvalidSchedule(reason="not_open")
    _require_not_past(session, day, now=now)
    before = day.status
    closure = Closure(
        service_day_id=day.id, reason_id=reason_id, reason_en=reason_en, closed_at=now, closed_by=actor.label
    )
    session.add(closure)
    session.flush()
    affected = session.scalars(
        select(Ticket.id)
        .join(Slot, Slot.id == Ticket.slot_id)
        .where(Slot.service_day_id == day.id, Ticket.state.in_(ACTIVE_STATES))
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
    reason = _reason(reason)
    lock_slots_of_day(session, service_day_id)
    day = load_service_day(session, service_day_id)
    if day.status is DayStatus.OPEN:
        raise InvalidSchedule(reason="open_already")
    _require_not_past(session, day, now=now)
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


@dataclass(frozen=True)
class NewSchedule:
    """A weekly schedule as entered by the administrator."""

    name: str
    valid_from: date
    valid_until: date | None
    windows: tuple[Window, ...]


def set_schedule(
    session: Session, office_service_id: int, new: NewSchedule, *, reason: str, actor: Actor, now: datetime
) -> Schedule:
    """Store a weekly schedule and bring the days from its beginning on into line.

    Days that have bookings keep them. Raises ReasonRequired, InvalidSchedule, NotFound.
    """
    reason = _reason(reason)
    check_windows(new.windows)
    offering = session.get(OfficeService, office_service_id)
    if offering is None:
        raise NotFound()
    if new.valid_from <= office_date(now, offering.office.time_zone):
        raise InvalidSchedule(reason="past_date")
    if new.valid_until is not None and new.valid_until < new.valid_from:
        raise InvalidSchedule(reason="date_range")
    schedule = Schedule(
        office_service_id=office_service_id,
        name=new.name.strip() or new.valid_from.isoformat(),
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        created_at=now,
    )
    schedule.windows = [
        ScheduleWindow(
            weekday=window.weekday,
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            share=window.share,
            capacity=window.capacity,
        )
        for window in new.windows
    ]
    before = _in_force(session, office_service_id, new.valid_from)
    session.add(schedule)
    session.flush()
    follow_schedule(session, offering, new.valid_from, now=now)
    audit.record(
        session,
        "schedule.set",
        "office_service",
        office_service_id,
        actor=actor,
        now=now,
        office_id=offering.office_id,
        before=_as_json(before) if before else None,
        after=_as_json(schedule),
        reason=reason,
    )
    return schedule


def load_service_day(session: Session, service_day_id: int) -> ServiceDay:
    day = session.get(ServiceDay, service_day_id, populate_existing=True, with_for_update=True)
    if day is None:
        raise NotFound()
    return day


def _public_slots(session: Session, service_day_id: int) -> Sequence[Slot]:
    return session.scalars(
        select(Slot)
        .where(Slot.service_day_id == service_day_id, Slot.share == Share.PUBLIC)
        .order_by(Slot.starts_at, Slot.id)
        .execution_options(populate_existing=True)
    ).all()


def _set_status(
    session: Session, day: ServiceDay, status: DayStatus, reason_id: str | None, reason_en: str | None
) -> None:
    day.status, day.reason_id, day.reason_en = status, reason_id, reason_en
    session.execute(update(Slot).where(Slot.service_day_id == day.id).values(accepts=status is DayStatus.OPEN))
    session.flush()


def _require_not_past(session: Session, day: ServiceDay, *, now: datetime) -> None:
    last_end = max((slot.ends_at for slot in day.slots), default=now + timedelta(days=1))
    if last_end <= now:
        raise InvalidSchedule(reason="past_date")


def _reason(typed: str) -> str:
    reason = " ".join(typed.split())
    if len(reason) < 3:
        raise ReasonRequired(why="missing")
    if holds_personal_number(reason):
        raise ReasonRequired(why="personal")
    return reason


def _in_force(session: Session, office_service_id: int, day: date) -> Schedule | None:
    return session.scalars(
        select(Schedule)
        .where(Schedule.office_service_id == office_service_id, Schedule.valid_from <= day)
        .where((Schedule.valid_until.is_(None)) | (Schedule.valid_until >= day))
        .order_by(Schedule.valid_from.desc(), Schedule.id.desc())
        .limit(1)
    ).first()


def _as_json(schedule: Schedule) -> dict[str, object]:
    return {
        "name": schedule.name,
        "valid_from": schedule.valid_from.isoformat(),
        "valid_until": schedule.valid_until.isoformat() if schedule.valid_until else None,
        "windows": [
            [w.weekday, w.starts_at.isoformat("minutes"), w.ends_at.isoformat("minutes"), w.share, w.capacity]
            for w in schedule.windows
        ],
    }
