"""The effect of a weekly schedule on the days that exist, before anybody confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from queue_app.domain.calendar import DatedSchedule, DayStatus, Share, Window, check_windows, windows_of_day
from queue_app.domain.clock import office_instant
from queue_app.domain.errors import NotFound
from queue_app.models import OfficeService, ServiceDay, Slot
from queue_app.queries.calendar.holidays import holidays_at
from queue_app.queries.calendar.withdrawn import Withdrawn, too_many

from .days import load_schedules
from .schedule import NewSchedule, require_in_time


@dataclass(frozen=True)
class DayEffect:
    """One day that changes: places before and after, over all shares; ``kept`` of them only because they are booked."""

    day: date
    before: int
    after: int
    booked: int
    kept: int


@dataclass(frozen=True)
class ScheduleEffect:
    """``until``: the last day that exists; later days are made from the schedule when their time comes."""

    until: date | None
    changed: tuple[DayEffect, ...]
    unchanged: int
    left_alone: int  # closed, or set by hand
    too_many: tuple[Withdrawn, ...] = ()  # who would hold a place that is not planned any more


def preview_schedule(session: Session, office_service_id: int, new: NewSchedule, *, now: datetime) -> ScheduleEffect:
    """Compare the days that exist with what they would become. Raises InvalidSchedule, NotFound as `set_schedule`."""
    check_windows(new.windows)
    offering = session.get(OfficeService, office_service_id)
    if offering is None:
        raise NotFound()
    require_in_time(session, offering, new, now=now)
    until = offering.days_made_until
    if until is None or until < new.valid_from:
        return ScheduleEffect(None, (), 0, 0)
    schedules = [
        *load_schedules(session, offering),
        DatedSchedule(new.valid_from, new.valid_until, new.windows),
    ]
    schedules.sort(key=lambda schedule: schedule.valid_from)  # stable: the new one is the last of its date
    existing = _existing_days(session, offering, new.valid_from)
    holidays = holidays_at(session, offering.office_id, new.valid_from, until)
    changed, unchanged, left_alone = [], 0, 0
    cut: dict[int, int] = {}  # slots with fewer places than people -> places
    for offset in range((until - new.valid_from).days + 1):
        day = new.valid_from + timedelta(days=offset)
        windows = windows_of_day(schedules, day)
        row = existing.get(day)
        if row is None:
            if windows and day not in holidays:
                changed.append(DayEffect(day, 0, sum(window.capacity for window in windows), 0, 0))
        elif row.status is DayStatus.CLOSED or row.set_by_hand:
            left_alone += 1
        elif row.status is DayStatus.HOLIDAY:
            unchanged += 1  # its hours follow the schedule, and nobody can book them
        else:
            wanted = _wanted(row, windows, offering.office.time_zone)
            cut |= _cut(row, wanted)
            if effect := _effect(row, wanted):
                changed.append(effect)
            else:
                unchanged += 1
    return ScheduleEffect(until, tuple(changed), unchanged, left_alone, too_many(session, cut))


def _existing_days(session: Session, offering: OfficeService, first: date) -> dict[date, ServiceDay]:
    rows = session.scalars(
        select(ServiceDay)
        .where(ServiceDay.office_id == offering.office_id, ServiceDay.service_id == offering.service_id)
        .where(ServiceDay.day >= first)
        .options(selectinload(ServiceDay.slots))
    )
    return {row.day: row for row in rows}


Hour = tuple[datetime, Share]
Wanted = dict[Hour, tuple[datetime, int]]  # when it ends, and its places


def _wanted(row: ServiceDay, windows: tuple[Window, ...], zone: str) -> Wanted:
    return {
        (office_instant(row.day, window.starts_at, zone), window.share): (
            office_instant(row.day, window.ends_at, zone),
            window.capacity,
        )
        for window in windows
    }


def _cut(row: ServiceDay, wanted: Wanted) -> dict[int, int]:
    places = {slot.id: wanted.get((slot.starts_at, slot.share), (None, 0))[1] for slot in row.slots}
    return {slot.id: places[slot.id] for slot in row.slots if slot.booked > places[slot.id]}


def _effect(row: ServiceDay, wanted: Wanted) -> DayEffect | None:
    slots: dict[Hour, Slot] = {(slot.starts_at, slot.share): slot for slot in row.slots}
    now = {key: (slot.ends_at, slot.planned) for key, slot in slots.items() if slot.planned}
    if now == {key: window for key, window in wanted.items() if window[1]}:
        return None
    planned = sum(capacity for _, capacity in wanted.values())
    after = planned
    for key, slot in slots.items():
        after += max(0, slot.booked - (wanted[key][1] if key in wanted else 0))
    before = sum(slot.capacity for slot in row.slots)
    return DayEffect(row.day, before, after, sum(slot.booked for slot in row.slots), after - planned)
