"""Serve people at a counter until it is free again. Each function is one press of a key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor
from queue_app.domain.visits import OPEN_STATES, Outcome, StepKind, VisitState
from queue_app.models import Counter, OfficeService, Visit

from .counters import own_counter
from .once import made_before, open_visit
from .steps import step


def start(
    session: Session, ticket_id: int, *, counter_id: int, staff_id: int, now: datetime, nonce: str | None = None
) -> Visit:
    """The person is here, and the service begins."""
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if made := made_before(session, nonce, counter, StepKind.START, ticket_id=ticket_id):
        return made
    visit = open_visit(session, ticket_id, counter, VisitState.CALLED)
    actor = Actor.staff(staff_id)
    step(session, visit, StepKind.START, actor=actor, now=now, nonce=nonce, state=VisitState.IN_SERVICE, started_at=now)
    return visit


def finish(
    session: Session,
    ticket_id: int,
    outcome: Outcome,
    *,
    counter_id: int,
    staff_id: int,
    now: datetime,
    nonce: str | None = None,
) -> Visit:
    """The service has ended, well or not."""
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if made := made_before(session, nonce, counter, StepKind.FINISH, ticket_id=ticket_id):
        return made
    visit = open_visit(session, ticket_id, counter, VisitState.IN_SERVICE)
    step(
        session,
        visit,
        StepKind.FINISH,
        actor=Actor.staff(staff_id),
        now=now,
        nonce=nonce,
        state=VisitState.SERVED,
        ended_at=now,
        outcome=outcome,
    )
    return visit


def hold(
    session: Session, ticket_id: int, *, counter_id: int, staff_id: int, now: datetime, nonce: str | None = None
) -> Visit:
    """Put somebody aside who has to fetch or fill in something; the counter is free for the next one."""
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if made := made_before(session, nonce, counter, StepKind.HOLD, ticket_id=ticket_id):
        return made
    visit = open_visit(session, ticket_id, counter, *OPEN_STATES)
    step(session, visit, StepKind.HOLD, actor=Actor.staff(staff_id), now=now, nonce=nonce, state=VisitState.HELD)
    return visit


def transfer(
    session: Session,
    ticket_id: int,
    *,
    counter_id: int,
    staff_id: int,
    now: datetime,
    nonce: str | None = None,
    to_service_id: int | None = None,
    to_counter_id: int | None = None,
) -> Visit:
    """Pass somebody on to another service or counter. They keep number and hour, so they are among the first there.

    Raises NotFound for a service or counter that the office has not, and a counter that does not take the service.
    """
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if made := made_before(session, nonce, counter, StepKind.TRANSFER, ticket_id=ticket_id):
        return made
    visit = open_visit(session, ticket_id, counter, *OPEN_STATES)
    service_id = to_service_id or visit.service_id
    offered = select(OfficeService.id).where(
        OfficeService.office_id == counter.office_id, OfficeService.service_id == service_id, OfficeService.active
    )
    if session.scalar(offered) is None:
        raise NotFound()
    if to_counter_id is not None:
        target = session.get(Counter, to_counter_id)
        if target is None or target.office_id != counter.office_id or not target.active or target.id == counter.id:
            raise NotFound()
        if service_id not in {service.id for service in target.services}:
            raise NotFound()  # nobody would call them: other counters leave them to this one
    step(
        session,
        visit,
        StepKind.TRANSFER,
        actor=Actor.staff(staff_id),
        now=now,
        nonce=nonce,
        at_counter=counter.id,
        state=VisitState.WAITING,
        service_id=service_id,
        counter_id=to_counter_id,
        calls=0,
        skips=0,
        not_before=0,
    )
    return visit
