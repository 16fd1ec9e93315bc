"""Changes of somebody's place in a queue that no counter makes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.calling import CallingRules, call_order
from queue_app.domain.errors import IllegalVisitStep, NoMoreTime
from queue_app.domain.roles import Actor
from queue_app.domain.visits import OPEN_STATES, StepKind, VisitState
from queue_app.models import Visit
from queue_app.queries.visits.queues import state_of, waiting_in

from .queues import lock_queue_of
from .steps import load_visit, step


def come_back(session: Session, ticket_id: int, *, office_id: int, actor: Actor, now: datetime) -> Visit:
    """Somebody who was marked absent, put aside, or who needs a further service, stands in the queue again.

    Raises NotFound; IllegalVisitStep while a counter has them.
    """
    lock_queue_of(session, ticket_id)
    visit = load_visit(session, ticket_id, office_id=office_id)
    if visit.state is VisitState.WAITING:
        return visit
    if visit.state in OPEN_STATES:
        raise IllegalVisitStep(state=visit.state, target=VisitState.WAITING)
    step(
        session,
        visit,
        StepKind.RESUME,
        actor=actor,
        now=now,
        state=VisitState.WAITING,
        counter_id=None,
        calls=0,
        skips=0,
        not_before=0,
        outcome=None,
        ended_at=None,
    )
    return visit


def more_time(
    session: Session,
    ticket_id: int,
    *,
    rules: CallingRules,
    actor: Actor,
    now: datetime,
    party: Collection[int] = (),
) -> Visit:
    """Let others go first, once, because the person cannot be at the counter in time. ``party``: the tickets of those
    who came together, who all go back.

    Raises NoMoreTime; also where nobody else stands behind them, so that it would change nothing.
    """
    queue = lock_queue_of(session, ticket_id)
    visit = load_visit(session, ticket_id, office_id=queue.office_id)
    if visit.state is not VisitState.WAITING or visit.had_more_time:
        raise NoMoreTime()
    waiting = waiting_in(session, visit.office_id, visit.day, [visit.service_id])[visit.service_id]
    order = call_order(waiting, state_of(queue), rules, now=now)
    ahead = next(place for place, one in enumerate(order) if one.ticket_id == ticket_id)
    if all(one.ticket_id in party for one in order[ahead + 1 :]):
        raise NoMoreTime(why="last")
    not_before = queue.calls + ahead + rules.more_time_back
    step(session, visit, StepKind.MORE_TIME, actor=actor, now=now, had_more_time=True, not_before=not_before, since=now)
    return visit
