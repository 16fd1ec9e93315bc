"""Shared by all steps of a ticket's life: storing one, and writing it into the audit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState, check_transition
from queue_app.domain.errors import AlreadyBooked, DomainError, RepeatedRequest
from queue_app.domain.roles import Actor
from queue_app.models import Ticket
from queue_app.services.records import audit


def store(session: Session) -> None:
    """Flush, and turn a unique index that says no into the refusal it stands for."""
    try:
        session.flush()
    except IntegrityError as problem:
        raise refusal_of(problem) from None


# Unique columns whose value comes again only with the same request, or by a rare chance with a new random one.
REPEATED = ("request_key", "nonce", "booking.code", "uq_booking_code")


def refusal_of(problem: IntegrityError) -> DomainError | IntegrityError:
    """What a unique index that says no stands for; the problem itself when no rule foresees it."""
    text = str(problem.orig)
    if "person_index" in text:
        return AlreadyBooked()
    if any(name in text for name in REPEATED):
        return RepeatedRequest()  # repeated with the same key, or with a new random code
    return problem


def record_transition(
    session: Session,
    ticket: Ticket,
    before: TicketState | None,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Audit a step of a ticket's life; `queue-app check` replays these rows against the legal transitions.

    Raises IllegalTransition for a step that must not be: then nothing of the transaction is kept.
    """
    check_transition(before, ticket.state)
    audit.record(
        session,
        f"ticket.{ticket.state}",
        "ticket",
        ticket.id,
        actor=actor,
        now=now,
        office_id=ticket.office_id,
        before={"state": before} if before else None,
        after={"state": ticket.state, "slot": ticket.slot_id, "number": ticket.queue_number},
        reason=reason,
    )


def step_ticket(session: Session, ticket: Ticket, before: TicketState, after: TicketState, *, now: datetime) -> bool:
    """Move one ticket by one conditional statement; False when it was not in ``before`` any more."""
    changed = session.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id, Ticket.state == before)
        .values(state=after, state_since=now)
        .returning(Ticket.id)
        .execution_options(synchronize_session=False)
    ).first()
    session.refresh(ticket, ["state", "state_since"])
    return changed is not None
