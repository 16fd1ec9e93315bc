"""The visit of an admitted person: how each of its steps is recorded and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.errors import CallOpen, IllegalVisitStep, NotFound, UndoExpired
from queue_app.domain.roles import Actor
from queue_app.domain.visits import UNDO_STEP_WITHIN, StepKind, VisitState, check_visit_step
from queue_app.models import Counter, Queue, Ticket, Visit, VisitStep
from queue_app.services.booking.tickets import store
from queue_app.services.records import audit

from .counters import lock_counter
from .queues import lock_queue

# What a step may change, and so what undoing it brings back.
CHANGING = (
    "state",
    "since",
    "service_id",
    "counter_id",
    "calls",
    "skips",
    "not_before",
    "had_more_time",
    "called_at",
    "started_at",
    "ended_at",
    "outcome",
)
ENDED = (VisitState.SERVED, VisitState.DAY_ENDED)  # and so with an outcome
OF_QUEUE = ("calls", "appointments_since_walk_in", "regular_since_priority")


def end_visit(session: Session, ticket: Ticket, *, now: datetime, also: VisitState | None = None) -> None:
    """Forget a visit whose admission is taken back; raise IllegalVisitStep when it has gone on already.

    ``also``: a further state in which it may be. A call stays in the history as one that was taken back.
    """
    states = (VisitState.WAITING, also or VisitState.WAITING)
    gone = session.execute(
        delete(Visit)
        .where(Visit.ticket_id == ticket.id, Visit.state.in_(states))
        .returning(Visit.ticket_id)
        .execution_options(synchronize_session="fetch")
    ).first()
    if gone:
        session.execute(
            update(VisitStep)
            .where(VisitStep.ticket_id == ticket.id, VisitStep.undone_at.is_(None))
            .values(undone_at=now)
            .execution_options(synchronize_session=False)
        )
    else:
        state = session.scalars(select(Visit.state).where(Visit.ticket_id == ticket.id)).one_or_none()
        if state is not None:
            raise IllegalVisitStep(state=state, target=None)


def load_visit(session: Session, ticket_id: int, *, office_id: int) -> Visit:
    """Lock a visit. Raises NotFound for somebody who is not here."""
    # In two statements: joined to a row that had to be waited for, PostgreSQL would look for the service of before.
    session.execute(select(Visit.ticket_id).where(Visit.ticket_id == ticket_id).with_for_update(key_share=True))
    visit = session.get(Visit, ticket_id, populate_existing=True)
    if visit is None or visit.office_id != office_id:
        raise NotFound()
    return visit


def step(
    session: Session,
    visit: Visit,
    kind: StepKind,
    *,
    actor: Actor,
    now: datetime,
    queue: Queue | None = None,
    nonce: str | None = None,
    at_counter: int | None = None,
    reason: str | None = None,
    **changes: Any,
) -> VisitStep:
    """Change a visit by one conditional statement and record it; ``queue``: the queue whose memory has changed with it,
    as it was. ``at_counter``: where it happened, if not at the counter that the visit has now.

    Raises IllegalVisitStep when the domain knows no such step, or when somebody else was faster; CallOpen when the
    counter has an open call.
    """
    row = VisitStep(
        ticket_id=visit.ticket_id,
        office_id=visit.office_id,
        service_id=visit.service_id,
        day=visit.day,
        at=now,
        kind=kind,
        counter_id=at_counter or changes.get("counter_id", visit.counter_id),
        actor=actor.label,
        before=_as_json(visit, CHANGING) | ({"line": _as_json(queue, OF_QUEUE)} if queue else {}),
        nonce=nonce,
        reason=reason,
    )
    before, service_id = visit.state, visit.service_id
    changes = {"state": before, **changes}
    check_visit_step(before, kind, changes["state"])
    if changes["state"] is not before:
        changes["since"] = now
    try:
        changed = session.execute(
            update(Visit)
            .where(Visit.ticket_id == visit.ticket_id, Visit.state == before, Visit.calls == visit.calls)
            .values(**changes)
            .returning(Visit.ticket_id)
            .execution_options(synchronize_session=False)
        ).first()
    except IntegrityError as problem:
        if "counter_id" in str(problem.orig):
            raise CallOpen() from None
        raise
    session.refresh(visit)
    if changed is None:
        raise IllegalVisitStep(state=visit.state, target=changes["state"])
    session.add(row)
    _record(session, visit, row, before, service_id)
    store(session)  # the nonce may be that of a press whose visit is no more
    return row


def _record(session: Session, visit: Visit, row: VisitStep, before: VisitState, service_id: int) -> None:
    """Into the audit log, with what the state alone does not tell: the step, where, what came of it."""
    counter = session.get(Counter, row.counter_id) if row.counter_id else None
    after = {
        "state": visit.state,
        "step": row.kind,
        "counter": counter.number if counter else None,
        "outcome": visit.outcome if visit.state in ENDED else None,
        "services": [visit.service.code] if visit.service_id != service_id else None,
    }
    audit.record(
        session,
        f"visit.{visit.state}",
        "visit",
        visit.ticket_id,
        actor=Actor(row.actor),
        now=row.at,
        office_id=visit.office_id,
        before={"state": before},
        after={name: value for name, value in after.items() if value is not None},
        reason=row.reason,
    )


def undo(session: Session, step_id: int, *, office_id: int, actor: Actor, now: datetime) -> Visit:
    """Take back the last step of a visit within a minute; undoing twice changes nothing.

    Raises NotFound, UndoExpired, IllegalVisitStep when another step has followed, CallOpen when the counter has called
    somebody else since.
    """
    row = session.get(VisitStep, step_id)
    if row is None or row.office_id != office_id:
        raise NotFound()
    if row.before["counter_id"]:
        lock_counter(session, row.before["counter_id"])  # to which the person returns: it may call somebody just now
    queue = lock_queue(session, row.office_id, row.service_id, row.day)
    visit = load_visit(session, row.ticket_id, office_id=office_id)
    session.refresh(row)
    if row.undone_at is not None:
        return visit
    if now - row.at > UNDO_STEP_WITHIN:
        raise UndoExpired(minutes=UNDO_STEP_WITHIN.seconds // 60)
    last = select(func.max(VisitStep.id)).where(VisitStep.ticket_id == row.ticket_id, VisitStep.undone_at.is_(None))
    if session.scalar(last) != row.id or row.kind is StepKind.DAY_END:
        raise IllegalVisitStep(state=visit.state, target=None)
    queue_before = row.before.get("line")
    if queue_before and queue.calls == queue_before["calls"] + 1:  # else others were called since, and that stays so
        for name in OF_QUEUE:
            setattr(queue, name, queue_before[name])
    undoing = step(session, visit, StepKind.UNDO, actor=actor, now=now, **_from_json(row.before))
    undoing.undone_at = row.undone_at = now  # neither of them stands, and an undoing is not undone itself
    session.flush()
    return visit


def _as_json(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _from_json(before: dict[str, Any]) -> dict[str, Any]:
    values = {name: before[name] for name in CHANGING if name != "since"}
    for name in ("called_at", "started_at", "ended_at"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    values["state"] = VisitState(values["state"])
    return values
