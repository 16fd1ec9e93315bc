"""Keep the list of holidays, and let the days that exist follow it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.booking import HOLDING_STATES
from queue_app.domain.calendar import DayStatus
from queue_app.domain.closures import STANDING, ClosedTime, ClosureKind, OfferState, OfferTerms
from queue_app.domain.errors import HolidayBooked, InvalidSchedule, NotFound
from queue_app.domain.holidays import HolidayStatus
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Closure, Holiday, HolidayYear, Offer, ServiceDay, Slot, Ticket
from queue_app.services.booking.places import lock_calendars, lock_slots
from queue_app.services.records import audit

from .closures import NewClosure, confirm, draft, revoke


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
    terms: OfferTerms | None = None,
) -> int:
    """Add a holiday, also one that was proposed or dismissed; return how many existing days of services became one.

    A day on which people are booked is never turned silently: without ``terms`` HolidayBooked names those days. With
    them each office that has such people closes by the same act as for any other reason: all are offered places.
    Raises ReasonRequired and InvalidSchedule (``past_date``, ``holiday_exists``) as well. ``today`` is the date at the
    administrator's office.
    """
    reason = read_reason(reason)
    if day < today:
        raise InvalidSchedule(reason="past_date")
    rows = lock_dates(session, [day])
    holiday = session.get(Holiday, day, populate_existing=True)
    if holiday is not None and holiday.status is HolidayStatus.CONFIRMED:
        raise InvalidSchedule(reason="holiday_exists")
    booked = booked_days(session, rows)
    if booked and terms is None:
        raise HolidayBooked(days=booked)
    holiday = holiday or Holiday(date=day)
    holiday.name_id, holiday.name_en = _names(name_id, name_en)
    holiday.status, holiday.estimated = HolidayStatus.CONFIRMED, False
    session.add(holiday)
    turned = sum(row.status is DayStatus.OPEN for row in rows)
    for office_id in sorted({row.office_id for row in rows if row.id in booked}):
        new = NewClosure(ClosedTime(day, day), *holiday.reasons, ClosureKind.HOLIDAY, terms or OfferTerms())
        closure = draft(session, office_id, new, actor=actor, now=now)
        confirm(session, closure.id, office_id=office_id, actor=actor, now=now)
    turn_into_holiday(session, holiday, rows)
    after = {"date": day.isoformat(), "name": holiday.name_id, "days": turned}
    audit.record(session, "holiday.added", "holiday", day.toordinal(), actor=actor, now=now, after=after, reason=reason)
    return turned


def rename_holiday(
    session: Session, day: date, *, name_id: str, name_en: str, reason: str, actor: Actor, now: datetime
) -> None:
    """Change what a holiday is called, on its days too; which days are holidays stays as it is.

    Raises ReasonRequired, NotFound.
    """
    reason = read_reason(reason)
    rows = lock_dates(session, [day])
    holiday = _in_force(session, day)
    before = {"date": day.isoformat(), "name": holiday.name_id}
    holiday.name_id, holiday.name_en = _names(name_id, name_en)
    turn_into_holiday(session, holiday, [row for row in rows if row.status is DayStatus.HOLIDAY])
    after = {"date": day.isoformat(), "name": holiday.name_id}
    audit.record(
        session,
        "holiday.renamed",
        "holiday",
        day.toordinal(),
        actor=actor,
        now=now,
        before=before,
        after=after,
        reason=reason,
    )


def delete_holiday(session: Session, day: date, *, reason: str, actor: Actor, now: datetime, today: date) -> int:
    """Take a holiday off the list and open its days; what was closed for it is revoked. Returns how many days.

    As long as its year is not decided it is remembered as dismissed, else it would be proposed again.

    Raises ReasonRequired, NotFound, InvalidSchedule (``past_date``).
    """
    reason = read_reason(reason)
    if day < today:
        raise InvalidSchedule(reason="past_date")
    closures = _closures_of(session, day)
    rows = lock_dates(session, [day])
    holiday = _in_force(session, day)
    turned = [row for row in rows if row.status is DayStatus.HOLIDAY]
    for closure in closures:
        revoke(session, closure.id, office_id=closure.office_id, reason=reason, actor=actor, now=now)
    open_holiday(session, turned)
    opened = len(turned)
    before = {"date": day.isoformat(), "name": holiday.name_id, "days": opened}
    if session.get(HolidayYear, day.year) is None:
        holiday.status = HolidayStatus.DISMISSED
    else:
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
    return opened


def _closures_of(session: Session, day: date) -> Sequence[Closure]:
    """Those that a holiday has made and that stand, locked before everything else."""
    return session.scalars(
        select(Closure)
        .where(Closure.kind == ClosureKind.HOLIDAY, Closure.first_day == day, Closure.state.in_(STANDING))
        .order_by(Closure.id)
        .with_for_update(key_share=True, of=Closure)
    ).all()


def lock_dates(session: Session, dates: Collection[date]) -> Sequence[ServiceDay]:
    """Lock calendars, slots and days of dates: a booking is either before this, and seen, or refused after it."""
    lock_calendars(session)
    lock_slots(session, Slot.service_day_id.in_(select(ServiceDay.id).where(ServiceDay.day.in_(dates))))
    return session.scalars(
        select(ServiceDay)
        .where(ServiceDay.day.in_(dates))
        .order_by(ServiceDay.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def require_nobody_booked(session: Session, rows: Sequence[ServiceDay]) -> None:
    """Raise HolidayBooked for the open ones of the days on which somebody holds a place."""
    if booked := booked_days(session, rows):
        raise HolidayBooked(days=booked)


def booked_days(session: Session, rows: Sequence[ServiceDay]) -> tuple[int, ...]:
    """The ids of the open ones of the days on which somebody is booked, or has a place held."""
    booked = select(Ticket.id).where(Ticket.slot_id == Slot.id, Ticket.state.in_(HOLDING_STATES)).exists()
    held = select(Offer.id).where(Offer.slot_id == Slot.id, Offer.state == OfferState.OPEN).exists()
    return tuple(
        session.scalars(
            select(Slot.service_day_id)
            .where(booked | held)
            .where(Slot.service_day_id.in_([row.id for row in rows if row.status is DayStatus.OPEN]))
            .distinct()
            .order_by(Slot.service_day_id)
        )
    )


def turn_into_holiday(session: Session, holiday: Holiday, rows: Sequence[ServiceDay]) -> int:
    """Let the days that are open, or a holiday already, be this one; return how many were open."""
    turned = [row for row in rows if row.status is DayStatus.OPEN]
    for row in rows:
        if row.status is not DayStatus.CLOSED:
            row.status = DayStatus.HOLIDAY
            row.reason_id, row.reason_en = holiday.reasons
    _accept(session, turned, accepts=False)
    return len(turned)


def open_holiday(session: Session, rows: Sequence[ServiceDay]) -> int:
    """Open those of the days that are a holiday; return how many."""
    turned = [row for row in rows if row.status is DayStatus.HOLIDAY]
    for row in turned:
        row.status, row.reason_id, row.reason_en = DayStatus.OPEN, None, None
    _accept(session, turned, accepts=True)
    return len(turned)


def _accept(session: Session, days: Sequence[ServiceDay], *, accepts: bool) -> None:
    session.execute(
        update(Slot)
        .where(Slot.service_day_id.in_([row.id for row in days]), Slot.closure_id.is_(None))
        .values(accepts=accepts)
        .execution_options(synchronize_session=False)
    )
    session.flush()


def _in_force(session: Session, day: date) -> Holiday:
    holiday = session.get(Holiday, day, populate_existing=True)
    if holiday is None or holiday.status is HolidayStatus.DISMISSED:
        raise NotFound()
    return holiday


def _names(name_id: str, name_en: str) -> tuple[str, str]:
    name_id = read_reason(name_id)
    return name_id, " ".join(name_en.split()) or name_id
