"""The calendar of an office: what each day gives, over all services or of one, and the hours of a week."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus
from queue_app.models import ServiceDay, Slot

from .places import Places, sums_of_places


@dataclass(frozen=True)
class CalendarDay:
    """``open_services``: how many of ``services`` are open that day; ``reasons``: why others are not, in Indonesian and
    English.
    """

    day: date
    places: Places = Places()
    services: int = 0
    open_services: int = 0
    holiday: bool = False
    by_hand: bool = False
    reasons: tuple[str, str] = ("", "")


def calendar_days(
    session: Session, office_id: int, service_ids: Collection[int], first: date, last: date, *, now: datetime
) -> dict[date, CalendarDay]:
    """The days that exist in a range: one statement, however many days and services there are."""
    by_hand = func.max(case((ServiceDay.set_by_hand, 1), else_=0))
    reasons = func.max(ServiceDay.reason_id), func.max(ServiceDay.reason_en)
    rows = session.execute(
        select(
            ServiceDay.day,
            ServiceDay.status,
            func.count(ServiceDay.id.distinct()),
            by_hand,
            *reasons,
            *sums_of_places(now),
        )
        .outerjoin(Slot, Slot.service_day_id == ServiceDay.id)
        .where(ServiceDay.office_id == office_id, ServiceDay.service_id.in_(service_ids))
        .where(ServiceDay.day.between(first, last))
        .group_by(ServiceDay.day, ServiceDay.status)
        .order_by(ServiceDay.day)
    )
    found: dict[date, CalendarDay] = {}
    for day, status, services, changed, reason_id, reason_en, *sums in rows:
        so_far = found.get(day, CalendarDay(day))
        found[day] = _with(so_far, status, services, bool(changed), Places(*sums), reason_id, reason_en)
    return found


def _with(
    so_far: CalendarDay,
    status: DayStatus,
    services: int,
    by_hand: bool,
    places: Places,
    reason_id: str | None,
    reason_en: str | None,
) -> CalendarDay:
    reasons = (reason_id or "", reason_en or reason_id or "")
    return CalendarDay(
        so_far.day,
        so_far.places + places,
        so_far.services + services,
        so_far.open_services + (services if status is DayStatus.OPEN else 0),
        so_far.holiday or status is DayStatus.HOLIDAY,
        so_far.by_hand or by_hand,
        so_far.reasons if status is DayStatus.OPEN else reasons,
    )


@dataclass(frozen=True)
class WeekHour:
    """A window of a day."""

    starts_at: datetime
    ends_at: datetime
    day: date
    places: Places

    @property
    def closed(self) -> bool:
        """By a closure, or with its whole day."""
        return not self.places.quota


def week_hours(
    session: Session, office_id: int, service_id: int, first: date, last: date, *, now: datetime
) -> tuple[WeekHour, ...]:
    """The windows of one service from ``first`` to ``last``, in order of time: one statement."""
    rows = session.execute(
        select(Slot.starts_at, func.max(Slot.ends_at), Slot.day, *sums_of_places(now))
        .where(Slot.office_id == office_id, Slot.service_id == service_id, Slot.day.between(first, last))
        .group_by(Slot.day, Slot.starts_at)
        .having(func.sum(Slot.capacity) > 0)
        .order_by(Slot.starts_at)
    )
    return tuple(WeekHour(starts_at, ends_at, day, Places(*sums)) for starts_at, ends_at, day, *sums in rows)
