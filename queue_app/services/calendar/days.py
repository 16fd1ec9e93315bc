"""Make the days of a service from its schedules: idempotent, whoever asks first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DatedSchedule, DayStatus, Window, number_blocks, windows_of_day
from queue_app.domain.clock import office_date, office_instant
from queue_app.models import Closure, Holiday, OfficeService, Schedule, ServiceDay, Slot, Ticket
from queue_app.queries.calendar.holidays import holidays_at
from queue_app.services.booking.places import lock_calendars, lock_slots, set_capacity, take_numbers
from queue_app.services.records.upsert import insert_absent

from .releases import release_anew
from .reopening import closing_day, standing_closures

# Days beyond the horizon exist too, so that citizens see when the next ones open.
BEYOND_HORIZON = 7


def days_needed_until(offering: OfficeService, *, now: datetime) -> date:
    """The last day that has to exist."""
    today = office_date(now, offering.office.time_zone)
    return today + timedelta(days=offering.opens_days_before + BEYOND_HORIZON)


def make_all_days(session: Session, *, now: datetime) -> int:
    """Make the missing days of every active service at every office; return how many were made."""
    offerings = session.scalars(select(OfficeService).where(OfficeService.active).order_by(OfficeService.id)).all()
    return sum(make_days(session, offering, now=now) for offering in offerings)


def make_days(session: Session, offering: OfficeService, *, now: datetime) -> int:
    """Make the days that are missing up to the horizon and a week beyond; return how many.

    There is no nightly reset whose loss or repetition could hurt: a day is a function of its date.
    """
    needed = days_needed_until(offering, now=now)
    if offering.days_made_until and offering.days_made_until >= needed:
        return 0
    lock_calendars(session, OfficeService.id == offering.id)
    session.refresh(offering, ["days_made_until"])  # whoever held the lock may have made them
    today = office_date(now, offering.office.time_zone)
    done_until = offering.days_made_until or today - timedelta(days=1)
    if done_until >= needed:
        return 0
    schedules = load_schedules(session, offering)
    first = max(today, done_until + timedelta(days=1))
    days = [first + timedelta(days=offset) for offset in range((needed - first).days + 1)]
    made = _add_days(session, offering, {day: windows_of_day(schedules, day) for day in days})
    offering.days_made_until = needed
    session.flush()
    return made


def _add_days(session: Session, offering: OfficeService, windows: Mapping[date, Sequence[Window]]) -> int:
    """Insert days with their slots unless somebody else has; return how many. A day without windows gets no row."""
    open_days = [day for day in windows if windows[day]]
    if not open_days:
        return 0
    holidays = holidays_at(session, offering.office_id, min(open_days), max(open_days))
    closures = standing_closures(session, offering.office_id, min(open_days), max(open_days))
    key = ["office_id", "service_id", "day"]
    days = [_day_values(offering, day, windows[day], holidays.get(day), closures) for day in open_days]
    added = [day for _office, _service, day in insert_absent(session, ServiceDay, key, days)]
    rows = session.scalars(
        select(ServiceDay)
        .where(
            ServiceDay.office_id == offering.office_id,
            ServiceDay.service_id == offering.service_id,
            ServiceDay.day.in_(added),
        )
        .order_by(ServiceDay.day)
    )
    slots = []
    for row in rows:
        blocks = number_blocks([window.capacity for window in windows[row.day]])
        slots += [
            _slot_values(offering, row, *of_slot, closures) for of_slot in zip(windows[row.day], blocks, strict=True)
        ]
    if slots:
        session.execute(insert(Slot), slots)
    return len(added)


def _day_values(
    offering: OfficeService,
    day: date,
    windows: Sequence[Window],
    holiday: Holiday | None,
    closures: Sequence[Closure],
) -> dict[str, Any]:
    """Born closed where a closure reaches beyond the days that there were."""
    blocks = number_blocks([window.capacity for window in windows])
    closure = None if holiday else closing_day(closures, offering.service_id, day)
    status = DayStatus.HOLIDAY if holiday else DayStatus.CLOSED if closure else DayStatus.OPEN
    because = holiday.reasons if holiday else (None, None)
    if closure:
        because = closure.reason_id, closure.reason_en
    return {
        "office_id": offering.office_id,
        "service_id": offering.service_id,
        "day": day,
        "status": status,
        "reason_id": because[0],
        "reason_en": because[1],
        "closure_id": closure.id if closure else None,
        "next_block": blocks[-1][1] + 1,
        "set_by_hand": False,
    }


def _slot_values(
    offering: OfficeService, row: ServiceDay, window: Window, block: tuple[int, int], closures: Sequence[Closure]
) -> dict[str, Any]:
    zone = offering.office.time_zone
    starts_at, ends_at = (office_instant(row.day, at, zone) for at in (window.starts_at, window.ends_at))
    of_slot = row.service_id, starts_at, ends_at, zone
    covering = (one.id for one in closures if one.time.covers(*of_slot, planned=window.capacity))
    closure_id = None if row.status is DayStatus.HOLIDAY else next(covering, None)
    return {
        "service_day_id": row.id,
        "office_id": row.office_id,
        "service_id": row.service_id,
        "day": row.day,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "share": window.share,
        "planned": window.capacity,
        "capacity": window.capacity,
        "booked": 0,
        "accepts": row.status is DayStatus.OPEN and closure_id is None,
        "closure_id": closure_id,
        "next_number": block[0],
        "last_number": block[1],
    }


def follow_schedule(session: Session, offering: OfficeService, from_day: date, *, now: datetime) -> int:
    """Bring the days that exist from ``from_day`` on into line with the schedules; return how many were looked at.

    Places given stay given: a window that goes or shrinks keeps the capacity that is booked. Days set by hand and
    closed days are left alone. The caller has locked the calendar.
    """
    until = offering.days_made_until
    if until is None:
        return 0
    lock_slots(
        session,
        Slot.office_id == offering.office_id,
        Slot.service_id == offering.service_id,
        Slot.day >= from_day,
    )
    schedules = load_schedules(session, offering)
    of_offering = (ServiceDay.office_id == offering.office_id, ServiceDay.service_id == offering.service_id)
    rows = session.scalars(select(ServiceDay).where(*of_offering, ServiceDay.day >= from_day)).all()
    existing = {row.day for row in rows}
    days = [from_day + timedelta(days=offset) for offset in range((until - from_day).days + 1)]
    windows = {day: windows_of_day(schedules, day) for day in days}
    added = _add_days(session, offering, {day: windows[day] for day in days if day not in existing})
    led = [row for row in rows if row.day in windows and row.status is not DayStatus.CLOSED and not row.set_by_hand]
    closures = standing_closures(session, offering.office_id, from_day, until)
    for row in led:
        _follow(session, offering, row, windows[row.day], closures)
    return added + len(led)


def _follow(
    session: Session,
    offering: OfficeService,
    row: ServiceDay,
    windows: Sequence[Window],
    closures: Sequence[Closure],
) -> None:
    zone = offering.office.time_zone
    slots = {(slot.starts_at, slot.share): slot for slot in _slots_of_day(session, row)}
    # As long as nobody holds a number of the day it is numbered anew, so that numbers rise with the hours.
    unused = not _has_tickets(session, slots.values())
    if unused:
        row.next_block = 1
        session.flush()
    release_anew(session, row.id)
    for window in windows:
        slot = slots.pop((office_instant(row.day, window.starts_at, zone), window.share), None)
        if slot is None:
            block = _next_block(session, row, window)
            session.add(Slot(**_slot_values(offering, row, window, block, closures)))
            continue
        set_capacity(session, slot.id, window.capacity)
        slot.ends_at = office_instant(row.day, window.ends_at, zone)
        if unused:
            slot.next_number, slot.last_number = _next_block(session, row, window)
    for dropped in slots.values():
        set_capacity(session, dropped.id, 0)
        if unused:
            dropped.next_number, dropped.last_number = 1, 0  # another window has its numbers now
    session.flush()


def _slots_of_day(session: Session, row: ServiceDay) -> Sequence[Slot]:
    return session.scalars(
        select(Slot).where(Slot.service_day_id == row.id).order_by(Slot.id).execution_options(populate_existing=True)
    ).all()


def _has_tickets(session: Session, slots: Iterable[Slot]) -> bool:
    tickets = select(Ticket.id).where(Ticket.slot_id.in_([slot.id for slot in slots]))
    return session.scalars(tickets.limit(1)).first() is not None


def _next_block(session: Session, row: ServiceDay, window: Window) -> tuple[int, int]:
    size = number_blocks([window.capacity])[0][1]
    first = take_numbers(session, row.id, size)
    return first, first + size - 1


def load_schedules(session: Session, offering: OfficeService) -> list[DatedSchedule]:
    rows = session.scalars(
        select(Schedule).where(Schedule.office_service_id == offering.id).order_by(Schedule.valid_from, Schedule.id)
    )
    return [row.dated for row in rows]
