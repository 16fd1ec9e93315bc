"""The calendar of an office: what each day gives, over all services or of one, and the hours of a week."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus
from queue_app.models import ServiceDay, Slot


@dataclass(frozen=True)
class CalendarDay:
    """Places over all shares. ``left``: in hours that have not ended; ``closed``: taken by a closure, beside the quota.

    ``open_services``: how many of ``services`` are open that day; ``reasons``: why others are not, in Indonesian and
    English.
    """

    day: date
    quota: int = 0
    booked: int = 0
    left: int = 0
    closed: int = 0
    services: int = 0
    open_services: int = 0
    holiday: bool = False
    by_hand: bool = False
    reasons: tuple[str, str] = ("", "")


def calendar_days(
    session: Session, office_id: int, service_ids: Collection[int], first: date, last: date, *, now: datetime
) -> dict[date, CalendarDay]:
    """The days that exist in a range: one statement, however many days and services there are."""
    is_open = ServiceDay.status == DayStatus.OPEN
    gone = Slot.closure_id.is_not(None) | ~is_open
    quota = case((gone, 0), else_=Slot.capacity)
    left = case((Slot.accepts & (Slot.ends_at > now), Slot.capacity - Slot.booked), else_=0)
    closed = case((gone, Slot.capacity), else_=0)
    places = [func.coalesce(func.sum(value), 0) for value in (quota, Slot.booked, left, closed)]
    by_hand = func.max(case((ServiceDay.set_by_hand, 1), else_=0))
    reasons = func.max(ServiceDay.reason_id), func.max(ServiceDay.reason_en)
    rows = session.execute(
        select(ServiceDay.day, ServiceDay.status, func.count(ServiceDay.id.distinct()), by_hand, *reasons, *places)
        .outerjoin(Slot, Slot.service_day_id == ServiceDay.id)
        .where(ServiceDay.office_id == office_id, ServiceDay.service_id.in_(service_ids))
        .where(ServiceDay.day.between(first, last))
        .group_by(ServiceDay.day, ServiceDay.status)
        .order_by(ServiceDay.day)
    )
    found: dict[date, CalendarDay] = {}
    for day, status, services, changed, reason_id, reason_en, *sums in rows:
        found[day] = _with(
            found.get(day, CalendarDay(day)), status, services, bool(changed), sums, reason_id, reason_en
        )
    return found


def _with(
    so_far: CalendarDay,
    status: DayStatus,
    services: int,
    by_hand: bool,
    sums: Sequence[int],
    reason_id: str | None,
    reason_en: str | None,
) -> CalendarDay:
    quota, booked, left, closed = sums
    reasons = (reason_id or "", reason_en or reason_id or "")
    return CalendarDay(
        so_far.day,
        so_far.quota + quota,
        so_far.booked + booked,
        so_far.left + left,
        so_far.closed + closed,
        so_far.services + services,
        so_far.open_services + (services if status is DayStatus.OPEN else 0),
        so_far.holiday or status is DayStatus.HOLIDAY,
        so_far.by_hand or by_hand,
        so_far.reasons if status is DayStatus.OPEN else reasons,
    )


@dataclass(frozen=True)
class WeekHour:
    """A window of a day over all shares. ``closed``: by a closure, or with its whole day."""

    starts_at: datetime
    ends_at: datetime
    day: date
    quota: int
    booked: int
    left: int
    closed: bool


def week_hours(
    session: Session, office_id: int, service_id: int, first: date, last: date, *, now: datetime
) -> tuple[WeekHour, ...]:
    """The windows of one service from ``first`` to ``last``, in order of time: one statement."""
    taking = func.max(case((Slot.closure_id.is_(None) & (ServiceDay.status == DayStatus.OPEN), 1), else_=0))
    left = case((Slot.accepts & (Slot.ends_at > now), Slot.capacity - Slot.booked), else_=0)
    sums = [func.sum(value) for value in (Slot.capacity, Slot.booked, left)]
    rows = session.execute(
        select(Slot.starts_at, func.max(Slot.ends_at), Slot.day, *sums, taking)
        .join(ServiceDay, ServiceDay.id == Slot.service_day_id)
        .where(Slot.office_id == office_id, Slot.service_id == service_id, Slot.day.between(first, last))
        .group_by(Slot.day, Slot.starts_at)
        .having(func.sum(Slot.capacity) > 0)
        .order_by(Slot.starts_at)
    )
    return tuple(
        WeekHour(starts_at, ends_at, day, quota, booked, left, closed=not taken)
        for starts_at, ends_at, day, quota, booked, left, taken in rows
    )
