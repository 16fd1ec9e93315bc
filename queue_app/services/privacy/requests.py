"""Requests about data: received with a clock, and answered once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from queue_app.domain.data_rights import RequestAnswered, RequestKind, RequestProof, RequestState, due_at
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import DataRequest, Ticket
from queue_app.queries.privacy.requests import open_request
from queue_app.services.booking.moving import load_booking
from queue_app.services.records import audit


def receive(
    session: Session, ticket: Ticket, kind: RequestKind, *, proof: RequestProof, actor: Actor, now: datetime
) -> DataRequest:
    """Write a request down and start its clock. The same one asked for again is the one that is open."""
    load_booking(session, ticket.booking_id)  # two at once: the second finds what the first wrote
    if stored := open_request(session, ticket.booking_id, ticket.position, kind):
        return stored
    request = DataRequest(
        booking_id=ticket.booking_id,
        position=ticket.position,
        ticket_id=ticket.id,
        office_id=ticket.office_id,
        kind=kind,
        proof=proof,
        received_at=now,
        received_by=actor.label,
        due_at=due_at(now),
    )
    session.add(request)
    session.flush()
    _record(session, "data.requested", request, actor=actor, now=now, after={"request": kind, "proof": proof})
    return request


def answer(
    session: Session,
    request: DataRequest,
    state: RequestState,
    *,
    proof: RequestProof,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> DataRequest:
    """Done, or refused with a reason. Raises RequestAnswered when somebody else was quicker, ReasonRequired."""
    if state is RequestState.REFUSED or (reason or "").strip():
        reason = read_reason(reason or "")
    answered = session.execute(
        update(DataRequest)
        .where(DataRequest.id == request.id, DataRequest.state == RequestState.OPEN)
        .values(state=state, proof=proof, answered_at=now, answered_by=actor.label, reason=reason or None)
        .returning(DataRequest.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if answered is None:
        raise RequestAnswered()
    session.refresh(request)
    after = {"request": request.kind, "answer": state, "proof": proof}
    _record(session, "data.answered", request, actor=actor, now=now, after=after, reason=reason or None)
    return request


def done_at_once(
    session: Session,
    ticket: Ticket,
    kind: RequestKind,
    *,
    proof: RequestProof,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> DataRequest:
    """For what was asked and done in one breath: the row says so, and an open one of the kind is answered by it."""
    request = receive(session, ticket, kind, proof=proof, actor=actor, now=now)
    return answer(session, request, RequestState.DONE, proof=proof, actor=actor, now=now, reason=reason)


def answered_by(
    session: Session, ticket: Ticket, kind: RequestKind, *, proof: RequestProof, actor: Actor, now: datetime
) -> None:
    """What staff have just done answers a request for it, where one is open."""
    if request := open_request(session, ticket.booking_id, ticket.position, kind):
        answer(session, request, RequestState.DONE, proof=proof, actor=actor, now=now)


def _record(
    session: Session,
    action: str,
    request: DataRequest,
    *,
    actor: Actor,
    now: datetime,
    after: dict[str, Any],
    reason: str | None = None,
) -> None:
    audit.record(
        session,
        action,
        "booking",
        request.booking_id,
        actor=actor,
        now=now,
        office_id=request.office_id,
        after=after,
        reason=reason,
    )
