"""How long a counter has been busy with each person: what an estimate of the waiting time is made from."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.visits import OPEN_STATES, StepKind
from queue_app.models import Visit, VisitStep
from queue_app.models.base import UtcDateTime

MOST = 200
WEEKS = 4
TAKEN = (StepKind.CALL, StepKind.RESUME)
FREED = (StepKind.SKIP, StepKind.ABSENT, StepKind.HOLD, StepKind.TRANSFER, StepKind.FINISH)


def measured(session: Session, office_id: int, service_id: int, day: date) -> list[float]:
    """Seconds from a call until the counter was free again, the newest first: of this day, and of the same weekday in
    the four weeks before. Whoever was skipped or put aside counts too: they take a counter's time like the others.
    """
    days = [day - timedelta(weeks=weeks) for weeks in range(WEEKS + 1)]
    steps = (
        select(
            VisitStep.id,
            VisitStep.at,
            VisitStep.kind,
            func.lead(VisitStep.at, type_=UtcDateTime())
            .over(partition_by=VisitStep.ticket_id, order_by=VisitStep.id)
            .label("freed_at"),
            func.lead(VisitStep.kind).over(partition_by=VisitStep.ticket_id, order_by=VisitStep.id).label("freed_by"),
        )
        .where(VisitStep.office_id == office_id, VisitStep.service_id == service_id, VisitStep.day.in_(days))
        .where(VisitStep.undone_at.is_(None), VisitStep.kind.in_(TAKEN + FREED))
        .subquery()
    )
    rows = session.execute(
        select(steps.c.at, steps.c.freed_at)
        .where(steps.c.kind.in_(TAKEN), steps.c.freed_by.in_(FREED))
        .order_by(steps.c.at.desc(), steps.c.id.desc())
        .limit(MOST)
    )
    return [(freed_at - at).total_seconds() for at, freed_at in rows]


def under_way(session: Session, office_id: int, service_id: int, day: date, *, now: datetime) -> list[float]:
    """Seconds since those were called who are at a counter for this service; a repeated call does not count anew."""
    called = (
        select(func.max(VisitStep.at, type_=UtcDateTime()))
        .join(Visit, Visit.ticket_id == VisitStep.ticket_id)
        .where(Visit.office_id == office_id, Visit.service_id == service_id, Visit.day == day)
        .where(Visit.state.in_(OPEN_STATES), VisitStep.undone_at.is_(None), VisitStep.kind.in_(TAKEN))
        .group_by(Visit.ticket_id)
    )
    return [(now - at).total_seconds() for at in session.scalars(called)]
