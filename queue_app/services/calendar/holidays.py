"""Keep the list of holidays, and let the days that exist follow it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.booking import HOLDING_STATES
from queue_app.domain.calendar import DayStatus
from queue_app.domain.errors import HolidayBooked, InvalidSchedule, NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Holiday, ServiceDay, Slot, Ticket
from queue_app.services.booking.places import lock_calendars, lock_slots
from queue_app.services.records import audit
from queue_app.services.records.upsert import insert_if_absent


def add_holiday(
    session: Session,
    day: date,
    *,
    name_id: str,
    name_en: str,
    reason: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> int:
    """Add a holiday; return how many existing days of services became one.

    A day on which people are booked is never turned silently: HolidayBooked names those days, and the administrator
    closes them first, with a reason that the people see. Raises ReasonRequired and InvalidSchedule (``past_date``,
    ``holiday_exists``) as well. ``today`` is the date at the administrator's office.
    """
    reason = read_reason(reason)
    name_id = read_reason(name_id)
    name_en = " ".join(name_en.split()) or name_id
    if day < today:
        raise InvalidSchedule(reason="past_date")
    rows = _lock_days(session, day)
    booked = session.scalars(
        select(Slot.service_day_id)
        .join(Ticket, Ticket.slot_id == Slot.id)
        .where(Slot.day == day, Ticket.state.in_(HOLDING_STATES))
        .where(Slot.service_day_id.in_([row.id for row in rows if row.status is DayStatus.OPEN]))
        .distinct()
        .order_by(Slot.service_day_id)
    ).all()
    if booked:
        raise HolidayBooked(days=tuple(booked))
    if not insert_if_absent(session, Holiday, ["date"], date=day, name_id=name_id, name_en=name_en):
        raise InvalidSchedule(reason="holiday_exists")
    turned = [row for row in rows if row.status is DayStatus.OPEN]
    for row in turned:
        row.status, row.reason_id, row.reason_en = DayStatus.HOLIDAY, name_id, name_en
    _accept(session, turned, accepts=False)
    after = {"date": day.isoformat(), "name": name_id, "days": len(turned)}
    audit.record(session, "holiday.added", "holiday", day.toordinal(), actor=actor, now=now, after=after, reason=reason)
    return len(turned)


def delete_holiday(session: Session, day: date, *, reason: str, actor: Actor, now: datetime, today: date) -> int:
    """Take a holiday off the list and open its days; return how many.

    Raises ReasonRequired, NotFound, InvalidSchedule (``past_date``).
    """
    reason = read_reason(reason)
    if day < today:
        raise InvalidSchedule(reason="past_date")
    rows = _lock_days(session, day)
    holiday = session.get(Holiday, day)
    if holiday is None:
        raise NotFound()
    turned = [row for row in rows if row.status is DayStatus.HOLIDAY]
    for row in turned:
        row.status, row.reason_id, row.reason_en = DayStatus.OPEN, None, None
    _accept(session, turned, accepts=True)
    before = {"date": day.isoformat(), "name": holiday.name_id, "days": len(turned)}
    session.delete(holiday)
    session.flush()
    audit.record(
        session,
        "holiday.deleted",
        "holiday",
        day.toordinal(),
        actor=actor,
        now=now,
        before=before,
        reason=reason,
    )
    return len(turned)


def _lock_days(session: Session, day: date) -> Sequence[ServiceDay]:
    """Lock calendars, slots and days of a date: a booking is either before this, and seen, or refused after it."""
    lock_calendars(session)
    lock_slots(session, Slot.day == day)
    return session.scalars(
        select(ServiceDay)
        .where(ServiceDay.day == day)
        .order_by(ServiceDay.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _accept(session: Session, days: Sequence[ServiceDay], *, accepts: bool) -> None:
    session.execute(
        update(Slot)
        .where(Slot.service_day_id.in_([row.id for row in days]))
        .values(accepts=accepts)
        .execution_options(synchronize_session=False)
    )
    session.flush()
