"""Refused attempts to book: by service and reason over a range, and how many found a day full."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.figures.refusals import RefusalReason
from queue_app.models import DayRefusal, Service

ByReason = Counter[RefusalReason]


def refused(
    session: Session, office_id: int, first: date, last: date, *, service_id: int | None = None
) -> list[tuple[Service, ByReason]]:
    """Those with any, in the order of services."""
    counts: dict[int, ByReason] = defaultdict(Counter)
    rows = session.execute(
        select(DayRefusal.service_id, DayRefusal.reason, func.sum(DayRefusal.attempts))
        .where(DayRefusal.office_id == office_id, DayRefusal.day.between(first, last))
        .group_by(DayRefusal.service_id, DayRefusal.reason)
    )
    for service, reason, attempts in rows:
        if service_id in (None, service):
            counts[service][reason] = int(attempts)
    services = select(Service).where(Service.id.in_(counts)).order_by(Service.position, Service.id)
    return [(service, counts[service.id]) for service in session.scalars(services)]


def found_full(session: Session, office_id: int, first: date, last: date) -> Mapping[date, int]:
    """Attempts that found no place left, by the day that they were for."""
    rows = session.execute(
        select(DayRefusal.day, func.sum(DayRefusal.attempts))
        .where(DayRefusal.office_id == office_id, DayRefusal.day.between(first, last))
        .where(DayRefusal.reason == RefusalReason.FULL)
        .group_by(DayRefusal.day)
    )
    return {day: int(attempts) for day, attempts in rows}
