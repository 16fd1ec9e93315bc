"""Closures of which everybody reads, with a ticket or without (`docs/rules.md` R-CLOSE-5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date
from queue_app.domain.closures import STANDING, TOLD_AHEAD, ClosedTime, ClosureKind
from queue_app.models import Closure, Service

from .holidays import holidays_of_date

A_DAY = timedelta(days=1)  # the date is another one in some zones


@dataclass(frozen=True)
class ClosedService:
    name_id: str
    name_en: str


@dataclass(frozen=True)
class ClosedSoon:
    """``services``: those that it names, none for the whole office; ``zone``: the office's."""

    office_id: int
    zone: str
    kind: ClosureKind
    time: ClosedTime
    services: tuple[ClosedService, ...]
    reason_id: str
    reason_en: str

    def concerns(self, service_id: int | None) -> bool:
        """Whether somebody who is about to use this service, or (None) any, has to know of it."""
        return service_id is None or not self.time.services or service_id in self.time.services

    def days_to_tell(self, *, now: datetime) -> tuple[date, date] | None:
        """What is left of it, from `TOLD_AHEAD` before its first day until it is over."""
        left = self.time.left(self.zone, now=now)
        return left if left and left[0] <= office_date(now, self.zone) + TOLD_AHEAD else None


def closures_to_tell(session: Session, *, now: datetime) -> tuple[ClosedSoon, ...]:
    """Of all offices, the soonest first. Hours that a schedule had dropped before are nobody's but of those who were
    booked in them, and are left out.
    """
    rows = session.scalars(
        select(Closure)
        .where(Closure.state.in_(STANDING), Closure.only_dropped.is_(False))
        .where(Closure.last_day >= (now - A_DAY).date(), Closure.first_day <= (now + TOLD_AHEAD + A_DAY).date())
        .order_by(Closure.first_day, Closure.starts_at, Closure.id)
        .execution_options(populate_existing=True)
    ).all()
    names = _names(session, rows)
    return tuple(_one(session, row, names) for row in rows)


def _one(session: Session, row: Closure, names: dict[int, ClosedService]) -> ClosedSoon:
    reason_id, reason_en = _reasons(session, row)
    return ClosedSoon(
        office_id=row.office_id,
        zone=row.office.time_zone,
        kind=row.kind,
        time=row.time,
        services=tuple(names[one.service_id] for one in row.services),
        reason_id=reason_id,
        reason_en=reason_en,
    )


def _names(session: Session, rows: Iterable[Closure]) -> dict[int, ClosedService]:
    wanted = {one.service_id for row in rows for one in row.services}
    if not wanted:
        return {}
    found = session.execute(select(Service.id, Service.name_id, Service.name_en).where(Service.id.in_(wanted)))
    return {row.id: ClosedService(row.name_id, row.name_en) for row in found}


def _reasons(session: Session, row: Closure) -> tuple[str, str]:
    """Of a holiday what it is called now: its name is corrected in the list alone."""
    listed = holidays_of_date(session, row.first_day) if row.kind is ClosureKind.HOLIDAY else None
    holiday = listed.at(row.office_id) if listed else None
    return holiday.reasons if holiday else (row.reason_id, row.reason_en)
