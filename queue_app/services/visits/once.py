"""One press of a key at a counter, told from the same press that is sent once more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import IllegalVisitStep, NotFound, NotYourCounter, RequestChanged
from queue_app.domain.roles import Actor
from queue_app.domain.visits import StepKind, VisitState
from queue_app.models import Counter, Visit, VisitStep

from .steps import load_visit, undo


def made_before(
    session: Session, nonce: str | None, counter: Counter, *kinds: StepKind, ticket_id: int | None = None
) -> Visit | None:
    """What a press with this nonce has made already: a second press, or one whose answer was lost, does nothing more.

    ``kinds``: the steps that this key makes; ``ticket_id``: of whom, where the key names somebody. The counter is
    locked, so two of them at once go one after the other. Raises NotYourCounter for the nonce of another counter's
    press, RequestChanged for that of another key or person.
    """
    if nonce is None:
        return None
    made = session.scalars(select(VisitStep).where(VisitStep.nonce == nonce)).one_or_none()
    if made is None:
        return None
    if made.counter_id != counter.id:
        raise NotYourCounter()
    if made.kind not in kinds or ticket_id not in (None, made.ticket_id):
        raise RequestChanged(act=True)
    return session.get(Visit, made.ticket_id, populate_existing=True)


def open_visit(session: Session, ticket_id: int, counter: Counter, *states: VisitState) -> Visit:
    """The visit that this counter has open. Raises NotFound, IllegalVisitStep."""
    visit = load_visit(session, ticket_id, office_id=counter.office_id)
    if visit.counter_id != counter.id or visit.state not in states:
        raise IllegalVisitStep(state=visit.state, target=None)
    return visit


def undo_here(
    session: Session, step_id: int, *, counter_id: int, office_id: int, staff_id: int, now: datetime
) -> Visit:
    """Take back a step of this counter, whoever sat there. Raises NotFound for another counter's, and as `undo`."""
    row = session.get(VisitStep, step_id)
    if row is None or row.counter_id != counter_id:
        raise NotFound()
    return undo(session, step_id, office_id=office_id, actor=Actor.staff(staff_id), now=now)
