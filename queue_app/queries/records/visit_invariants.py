"""The invariants of the hall: visits and their steps, queues and their calls; a part of `invariants.py`."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.visits import LEADS_TO, LEGAL_VISIT_STEPS, OPEN_STATES, StepKind, VisitState
from queue_app.models import Queue, Visit, VisitStep


def visits_follow_their_steps(session: Session) -> Iterator[str]:
    """Replay the steps that were not taken back. That no counter has two of them open is a unique index."""
    begun = VisitStep.before["state"].as_string()
    rows = session.execute(
        select(VisitStep.id, VisitStep.ticket_id, VisitStep.kind, VisitStep.counter_id, begun)
        .where(VisitStep.undone_at.is_(None))
        .order_by(VisitStep.id)
        .execution_options(yield_per=5000)
    )
    last: dict[int, VisitState] = {}
    for step_id, ticket_id, kind, counter_id, before in rows:
        state = last.get(ticket_id, VisitState.WAITING)
        # Called back to a counter, or into the queue.
        resumed = VisitState.CALLED if counter_id else VisitState.WAITING
        target = LEADS_TO.get(kind, resumed)
        if before != state:
            yield f"step {step_id} of visit {ticket_id} begins at {before}, the one before ended at {state}"
        if target is not state and target not in LEGAL_VISIT_STEPS[state]:
            yield f"step {step_id} of visit {ticket_id}: {state} -> {target} is not legal"
        last[ticket_id] = target
    visits = session.execute(select(Visit.ticket_id, Visit.state, Visit.counter_id, Visit.called_at))
    for ticket_id, state, counter_id, called_at in visits:
        if ticket_id not in last and called_at is None and state not in OPEN_STATES:
            continue  # of before the steps were kept
        if last.get(ticket_id, VisitState.WAITING) is not state:
            yield f"visit {ticket_id} is {state}, its steps ended at {last.get(ticket_id, VisitState.WAITING)}"
        if state is VisitState.CALLED and counter_id is None:  # whoever is served in the list has no counter
            yield f"visit {ticket_id} is {state} at no counter"


def queues_remember_their_calls(session: Session) -> Iterator[str]:
    """Every standing call, and none that was not made: one that was taken back after another was made still counts."""
    place = (VisitStep.office_id, VisitStep.service_id, VisitStep.day)
    made = session.execute(
        select(*place, func.count(), func.count().filter(VisitStep.undone_at.is_(None)))
        .where(VisitStep.kind == StepKind.CALL)
        .group_by(*place)
    )
    calls = {(office, service, day): (most, least) for office, service, day, most, least in made}
    queues = session.execute(select(Queue.office_id, Queue.service_id, Queue.day, Queue.calls))
    remembered = {(office, service, day): count for office, service, day, count in queues}
    for queue in sorted({*calls, *remembered}):
        most, least = calls.get(queue, (0, 0))
        if not least <= remembered.get(queue, 0) <= most:
            yield f"queue {'/'.join(map(str, queue))}: {remembered.get(queue, 0)} calls, {least} of {most} steps stand"
