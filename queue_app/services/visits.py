"""What happens to an admitted person until they leave."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from queue_app.domain.errors import IllegalVisitStep, NotFound
from queue_app.domain.roles import Actor
from queue_app.domain.visits import VisitState, check_visit_step
from queue_app.models import Ticket, Visit

from . import audit


def begin_visit(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """The person is here and waits."""
    session.add(Visit(ticket_id=ticket.id, office_id=ticket.office_id, day=ticket.day, since=now))
    session.flush()


def end_visit(session: Session, ticket: Ticket) -> None:
    """Forget a visit whose admission is taken back; raise IllegalVisitStep when it has gone on already."""
    gone = session.execute(
        delete(Visit)
        .where(Visit.ticket_id == ticket.id, Visit.state == VisitState.WAITING)
        .returning(Visit.ticket_id)
        .execution_options(synchronize_session="fetch")
    ).first()
    if gone is None:
        state = session.scalars(select(Visit.state).where(Visit.ticket_id == ticket.id)).one_or_none()
        if state is not None:
            raise IllegalVisitStep(state=state, target=None)


def step(session: Session, ticket_id: int, target: VisitState, *, office_id: int, actor: Actor, now: datetime) -> Visit:
    """Go one step on, or one back. A step that was made already changes nothing.

    Raises NotFound for somebody who is not here, IllegalVisitStep.
    """
    visit = session.get(Visit, ticket_id, populate_existing=True)
    if visit is None or visit.office_id != office_id:
        raise NotFound()
    before = visit.state
    if before is target:
        return visit
    check_visit_step(before, target)
    changed = session.execute(
        update(Visit)
        .where(Visit.ticket_id == ticket_id, Visit.state == before)
        .values(state=target, since=now)
        .returning(Visit.ticket_id)
        .execution_options(synchronize_session=False)
    ).first()
    visit = session.get(Visit, ticket_id, populate_existing=True)
    if visit is None:  # the admission was taken back at this moment
        raise NotFound()
    if changed is None:  # somebody else was faster: their step may be the very same one
        if visit.state is target:
            return visit
        raise IllegalVisitStep(state=visit.state, target=target)
    audit.record(
        session,
        f"visit.{target}",
        "visit",
        ticket_id,
        actor=actor,
        now=now,
        office_id=office_id,
        before={"state": before},
        after={"state": target},
    )
    session.flush()
    return visit
