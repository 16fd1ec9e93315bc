"""The counters of an office, and whether anything has happened at them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from queue_app.models import Counter, CounterService, Disruption, DisruptionService, Visit, VisitStep


def counters_of(session: Session, office_id: int, *, all_of_them: bool = False) -> Sequence[Counter]:
    """Those in use, in the order of their numbers, with what they take."""
    which = [Counter.office_id == office_id] + ([] if all_of_them else [Counter.active])
    return session.scalars(
        select(Counter)
        .where(*which)
        .options(selectinload(Counter.services))
        .order_by(Counter.number)
        .execution_options(populate_existing=True)
    ).all()


def called_at_counters(session: Session, office_id: int) -> frozenset[int]:
    """The services that a counter in use takes: nobody else chooses who is next for them."""
    return frozenset(
        session.scalars(
            select(CounterService.service_id)
            .join(Counter, Counter.id == CounterService.counter_id)
            .where(Counter.office_id == office_id, Counter.active)
        )
    )


def version_of(session: Session, office_id: int, day: date) -> tuple[object, ...]:
    """Another one whenever somebody in the hall has come, gone on or gone back, or calling has stopped."""
    of_day = (Visit.office_id == office_id, Visit.day == day)
    visits = session.execute(select(func.count(), func.max(Visit.since)).where(*of_day)).one()
    steps = session.execute(
        select(func.max(VisitStep.id), func.max(VisitStep.undone_at)).where(
            VisitStep.office_id == office_id, VisitStep.day == day
        )
    ).one()
    stops = session.execute(
        select(func.max(Disruption.id), func.max(Disruption.ended_at), func.count(DisruptionService.service_id))
        .outerjoin(DisruptionService, DisruptionService.disruption_id == Disruption.id)
        .where(Disruption.office_id == office_id)
    ).one()
    counters = session.execute(
        select(Counter.number, Counter.staff_id, Counter.paused_at, Counter.active)
        .where(Counter.office_id == office_id)
        .order_by(Counter.number)
    ).all()
    return (*visits, *steps, *stops, *(tuple(row) for row in counters))
