"""The weekly schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from queue_app.domain.calendar import Window, check_windows
from queue_app.domain.clock import office_date
from queue_app.domain.errors import InvalidSchedule, NotFound, ReasonRequired
from queue_app.domain.identity import holds_personal_number
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import OfficeService, Schedule, ScheduleWindow
from queue_app.queries.calendar.schedules import schedule_in_force
from queue_app.queries.records.planned_places import schedule_as_json
from queue_app.services.booking.places import lock_calendars
from queue_app.services.records import audit

from .days import follow_schedule


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
    reason = read_reason(reason)
    check_windows(new.windows)
    lock_calendars(session, OfficeService.id == office_service_id)
    offering = session.get(OfficeService, office_service_id, populate_existing=True)
    if offering is None:
        raise NotFound()
    before = require_in_time(session, offering, new, now=now)
    name = " ".join(new.name.split()) or new.valid_from.isoformat()
    if holds_personal_number(name):
        raise ReasonRequired(why="personal")  # the name goes into the audit log too
    schedule = Schedule(
        office_service_id=office_service_id,
        name=name,
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
        before=schedule_as_json(before) if before else None,
        after=schedule_as_json(schedule),
        reason=reason,
    )
    return schedule


def require_in_time(session: Session, offering: OfficeService, new: NewSchedule, *, now: datetime) -> Schedule | None:
    """A schedule begins tomorrow at the earliest: today's people have their hours. Only where nothing leads today it
    may be today. Return the schedule in force before it. Raises InvalidSchedule (``past_date``, ``date_range``).
    """
    before = schedule_in_force(session, offering.id, new.valid_from)
    today = office_date(now, offering.office.time_zone)
    if new.valid_from < today or (new.valid_from == today and before is not None):
        raise InvalidSchedule(reason="past_date")
    if new.valid_until is not None and new.valid_until < new.valid_from:
        raise InvalidSchedule(reason="date_range")
    return before
