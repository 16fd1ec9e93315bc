"""The evening closes the day: whoever is still called, held, waiting or at a counter ends with it, and says why.

Nobody waits for it: a counter that has somebody of another day when it wants to begin ends that visit itself.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date
from queue_app.domain.errors import IllegalVisitStep
from queue_app.domain.roles import Actor
from queue_app.domain.visits import UNFINISHED, Outcome, StepKind, VisitState, day_is_over
from queue_app.models import Counter, Office, Slot, Visit, VisitStep
from queue_app.models.base import spelled_out

from .counters import lock_counter, open_call, record_counter
from .steps import step

DAY_END = Actor.system("day-end")


def end_visits(session: Session, *, now: datetime, limit: int = 500) -> int:
    """End what is unfinished of days that are over, at most ``limit`` in one transaction; return how many.

    Somebody who presses a key for one of them at this very moment is either first or refused: a step is one conditional
    statement.
    """
    days = select(Visit.office_id, Visit.day).where(Visit.state.in_(spelled_out(UNFINISHED))).distinct()
    over = [
        found for found in session.execute(days.order_by(Visit.day, Visit.office_id)) if _is_over(session, *found, now)
    ]
    ended = 0
    for office_id, day in over:
        visits = session.scalars(
            select(Visit)
            .where(Visit.office_id == office_id, Visit.day == day, Visit.state.in_(spelled_out(UNFINISHED)))
            .order_by(Visit.service_id, Visit.ticket_id)  # as everybody who takes several of them
            .limit(limit - ended)
            .execution_options(populate_existing=True)
        ).all()
        ended += sum(_end(session, visit, now=now) for visit in visits)
        if ended >= limit:
            break
    return ended


def free_counters(session: Session, *, now: datetime) -> int:
    """Sign off whoever forgot to leave, with their pause; in a transaction of its own, because presses lock a counter
    before a visit.
    """
    taken = select(Counter.id).where(Counter.staff_id.is_not(None)).order_by(Counter.id)
    return sum(_free(session, counter_id, now=now) for counter_id in session.scalars(taken).all())


def end_past_visit(session: Session, counter: Counter, *, now: datetime) -> None:
    """Whom the counter still has from another day. The counter is locked."""
    visit = open_call(session, counter.id)
    if visit and visit.day < office_date(now, counter.office.time_zone):
        _end(session, visit, now=now)


def _end(session: Session, visit: Visit, *, now: datetime) -> bool:
    """False for somebody whose visit has gone on in this very moment: the next sweep looks again."""
    outcome = Outcome.UNRECORDED if visit.state is VisitState.IN_SERVICE else Outcome.NOT_SERVED
    with suppress(IllegalVisitStep):
        step(
            session,
            visit,
            StepKind.DAY_END,
            actor=DAY_END,
            now=now,
            state=VisitState.DAY_ENDED,
            outcome=outcome,
            ended_at=now,
        )
        return True
    return False


def _free(session: Session, counter_id: int, *, now: datetime) -> bool:
    counter = lock_counter(session, counter_id)
    if counter is None or counter.signed_in_at is None or counter.staff_id is None:
        return False
    day = office_date(counter.signed_in_at, counter.office.time_zone)
    if not _is_over(session, counter.office_id, day, now):
        return False
    counter.staff_id = counter.signed_in_at = counter.paused_at = counter.pause_reason = None
    session.flush()
    record_counter(session, "counter.signed_out", counter, None, None, actor=DAY_END, now=now)
    return True


def _is_over(session: Session, office_id: int, day: date, now: datetime) -> bool:
    office = session.get_one(Office, office_id)
    of_day = {"office_id": office_id, "day": day}
    busy = [
        session.scalar(select(func.max(Slot.ends_at)).filter_by(**of_day)),
        session.scalar(select(func.max(VisitStep.at)).filter_by(**of_day).where(VisitStep.kind != StepKind.DAY_END)),
        session.scalar(select(func.max(Visit.arrived_at)).filter_by(**of_day)),
        session.scalar(select(func.max(Counter.signed_in_at)).filter_by(office_id=office_id)),
    ]
    return day_is_over(
        day,
        today=office_date(now, office.time_zone),
        last_window_ends=busy[0],
        last_busy=max((at for at in busy[1:] if at), default=None),
        now=now,
    )
