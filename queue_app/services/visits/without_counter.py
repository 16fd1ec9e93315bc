"""Steps of a visit made in the list of arrivals: for offices, or services, that work without counters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from queue_app.domain.errors import IllegalVisitStep
from queue_app.domain.roles import Actor
from queue_app.domain.visits import Outcome, StepKind, VisitState
from queue_app.models import Visit

from .queues import lock_queue_of
from .steps import load_visit, step
from .waiting import come_back

# From where to where, on and back, and what the history calls it.
STEPS = {
    (VisitState.WAITING, VisitState.IN_SERVICE): StepKind.START,
    (VisitState.IN_SERVICE, VisitState.SERVED): StepKind.FINISH,
    (VisitState.SERVED, VisitState.IN_SERVICE): StepKind.START,
    (VisitState.IN_SERVICE, VisitState.WAITING): StepKind.RESUME,
}
# Also for whom a counter has put aside, or called in vain.
COMING_BACK = {(VisitState.ABSENT, VisitState.WAITING), (VisitState.HELD, VisitState.WAITING)}


def step_in_list(
    session: Session, ticket_id: int, target: VisitState, *, office_id: int, actor: Actor, now: datetime
) -> Visit:
    """Go one step on, or one back. A step that was made already changes nothing.

    Raises NotFound for somebody who is not here; IllegalVisitStep, also for somebody whom a counter has.
    """
    lock_queue_of(session, ticket_id)  # before the visit, as everybody does
    visit = load_visit(session, ticket_id, office_id=office_id)
    if visit.state is target:
        return visit
    if (visit.state, target) in COMING_BACK:
        return come_back(session, ticket_id, office_id=office_id, actor=actor, now=now)
    kind = STEPS.get((visit.state, target))
    if kind is None or visit.counter_id is not None:
        raise IllegalVisitStep(state=visit.state, target=target)
    changes: dict[str, Any] = {"outcome": None, "ended_at": None}
    if target is VisitState.SERVED:
        changes = {"outcome": Outcome.DONE, "ended_at": now}
    elif kind is StepKind.START and visit.state is VisitState.WAITING:
        changes["started_at"] = now
    step(session, visit, kind, actor=actor, now=now, state=target, **changes)
    return visit
