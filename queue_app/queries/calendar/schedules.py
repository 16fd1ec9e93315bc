"""The weekly schedules of a service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from queue_app.domain.calendar import Window
from queue_app.domain.opening_hours import hours_of_office
from queue_app.domain.setup import DayHours
from queue_app.models import OfficeService, Schedule


def schedules(session: Session, office_service_id: int) -> list[Schedule]:
    """All schedules of a service at an office, the one that begins last first."""
    return list(
        session.scalars(
            select(Schedule)
            .where(Schedule.office_service_id == office_service_id)
            .options(selectinload(Schedule.windows))
            .order_by(Schedule.valid_from.desc(), Schedule.id.desc())
        )
    )


def schedule_in_force(session: Session, office_service_id: int, day: date) -> Schedule | None:
    """The one that leads a day: of several the one that began last, and of two that began on one day the later one."""
    return session.scalars(
        select(Schedule)
        .where(Schedule.office_service_id == office_service_id, Schedule.valid_from <= day)
        .where((Schedule.valid_until.is_(None)) | (Schedule.valid_until >= day))
        .order_by(Schedule.valid_from.desc(), Schedule.id.desc())
        .limit(1)
    ).first()


def leading(rows: Iterable[Schedule], day: date) -> Schedule | None:
    """The same of ``rows`` in hand, as `schedules` gives them."""
    return next((row for row in rows if row.valid_from <= day and (row.valid_until or day) >= day), None)


def is_over(row: Schedule, rows: Sequence[Schedule], day: date) -> bool:
    """Whether it leads no day from this one on: it has ended, or one that begins later covers all of it. ``rows`` as
    `schedules` gives them.
    """
    if row.valid_until is not None and row.valid_until < day:
        return True
    first = max(day, row.valid_from)
    later = rows[: rows.index(row)]
    return any(
        one.valid_from <= first
        and (one.valid_until is None or (row.valid_until is not None and one.valid_until >= row.valid_until))
        for one in later
    )


def usual_schedule(session: Session, office_service_id: int, day: date) -> Schedule | None:
    """The one that leads again when those that end are over; where none is without an end, the one that leads now."""
    rows = schedules(session, office_service_id)
    return leading((row for row in rows if row.valid_until is None), day) or leading(rows, day)


def hours_by_schedules(session: Session, office_id: int, day: date) -> tuple[DayHours, ...]:
    """Those of a week, by the schedules that lead a day."""
    given = select(OfficeService.id).where(OfficeService.office_id == office_id, OfficeService.active)
    return hours_of_office(windows_in_force(session, session.scalars(given).all(), day).values())


def windows_in_force(session: Session, office_services: Sequence[int], day: date) -> dict[int, tuple[Window, ...]]:
    """Of those of the services at offices that have any on their weekdays."""
    found = {one: schedule_in_force(session, one, day) for one in office_services}
    return {one: schedule.dated.windows for one, schedule in found.items() if schedule and schedule.windows}
