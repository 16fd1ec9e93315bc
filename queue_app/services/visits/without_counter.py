"""Steps of a visit made in the list of arrivals: for offices, or services, that work without counters.

Where a service is called at counters the published order holds: there somebody is begun with in the list only with a
reason, which the history, the audit and the hall show (`docs/rules.md` R-CALL-4).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from queue_app.domain.errors import IllegalVisitStep
from queue_app.domain.overrides import Overrider
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor, Permission
from queue_app.domain.visits import CalledAtCounters, Outcome, StepKind, VisitState
from queue_app.models import Visit
from queue_app.queries.visits.counters import called_at_counters
from queue_app.services.records.overrides import require_agreement

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

    Raises NotFound for somebody who is not here; IllegalVisitStep, also for somebody whom a counter has;
    CalledAtCounters for the beginning of a service that is called at counters.
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
    begins = visit.state is VisitState.WAITING
    if begins and visit.service_id in called_at_counters(session, office_id):
        raise CalledAtCounters()
    changes: dict[str, Any] = {"outcome": None, "ended_at": None}
    if target is VisitState.SERVED:
        changes = {"outcome": Outcome.DONE, "ended_at": now}
    elif begins:
        changes["started_at"] = now
    step(session, visit, kind, actor=actor, now=now, state=target, **changes)
    return visit


def start_out_of_order(
    session: Session,
    ticket_id: int,
    *,
    office_id: int,
    reason: str,
    actor: Actor,
    now: datetime,
    who: Overrider,
) -> Visit:
    """Begin with somebody who waits, past those before them. Done already, it changes nothing.

    Raises ReasonRequired, AgreementNeeded, NotFound; IllegalVisitStep unless they wait, and for somebody who was sent
    to one counter.
    """
    reason = read_reason(reason)
    lock_queue_of(session, ticket_id)
    visit = load_visit(session, ticket_id, office_id=office_id)
    if visit.state is VisitState.IN_SERVICE and visit.counter_id is None:
        return visit
    if visit.state is not VisitState.WAITING or visit.counter_id is not None:
        raise IllegalVisitStep(state=visit.state, target=VisitState.IN_SERVICE)
    require_agreement(session, who, office_id=office_id, permission=Permission.SERVE_OUT_OF_ORDER, now=now)
    step(
        session,
        visit,
        StepKind.OUT_OF_ORDER,
        actor=actor,
        now=now,
        reason=reason,
        state=VisitState.IN_SERVICE,
        started_at=now,
        not_before=0,
    )
    return visit
