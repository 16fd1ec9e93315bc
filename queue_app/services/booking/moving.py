"""Tickets that leave their place, and the new ones that take theirs: the same for every way of moving."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.booking import LEFT_STATES, TicketState
from queue_app.domain.errors import IllegalTransition, NotFound
from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import Actor
from queue_app.models import Booking, Ticket
from queue_app.services.records import outbox

from .claim import GivenTicket, NewPerson, insert_tickets
from .places import release_places
from .statements import OF_PERSON
from .tickets import record_transition, refusal_of


def load_booking(session: Session, booking_id: int) -> Booking:
    """Lock a booking, so that a second request to change it waits and then sees what the first one made of it."""
    booking = session.get(Booking, booking_id, with_for_update={"key_share": True, "of": Booking})
    if booking is None:
        raise NotFound()
    return booking


def current_tickets(session: Session, booking: Booking) -> list[Ticket]:
    """The tickets of the booking that stand: the latest of each person, unless cancelled."""
    rows = session.scalars(
        select(Ticket)
        .where(Ticket.booking_id == booking.id)
        .where(Ticket.state.not_in(LEFT_STATES))
        .order_by(Ticket.position)
        .execution_options(populate_existing=True)
    )
    return list(rows)


def move(
    session: Session,
    booking: Booking,
    old: Sequence[Ticket],
    taken: Sequence[Any],
    letter: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Let new tickets in places just taken stand for ``old`` ones, whose places are released.

    ``taken``: a row of `TAKE_PLACES`. The caller has locked the slots of both.
    """
    leave(session, old, TicketState.RESCHEDULED, now=now)
    release_places(session, old[0].slot_id, len(old))
    for ticket, given in zip(old, _give_again(session, old, taken, letter, now=now), strict=True):
        ticket.replaced_by_id = given.id
        record_transition(session, ticket, TicketState.BOOKED, actor=actor, now=now)
        record_transition(session, session.get_one(Ticket, given.id), None, actor=actor, now=now)
    session.expire(booking, ["tickets"])
    outbox.queue(session, booking, MessageKind.RESCHEDULED, due_at=now)
    session.flush()


def _give_again(
    session: Session, old: Sequence[Ticket], taken: Sequence[Any], letter: str, *, now: datetime
) -> tuple[GivenTicket, ...]:
    """New tickets for the same persons, in their order. What is sealed is bound to the booking, so it is copied."""
    persons = [NewPerson(**{name: getattr(ticket, name) for name in OF_PERSON}) for ticket in old]
    try:
        return insert_tickets(
            session.connection(), old[0].booking_id, taken, persons, letter=letter, walk_in=False, now=now
        )
    except IntegrityError as problem:
        raise refusal_of(problem) from None


def leave(session: Session, tickets: Sequence[Ticket], target: TicketState, *, now: datetime) -> None:
    """Move booked tickets to a final state; raise IllegalTransition when one was changed meanwhile."""
    ids = [ticket.id for ticket in tickets]
    # In the order of ids, as everybody who takes several tickets (`check_in` of a party takes no slot before).
    session.execute(select(Ticket.id).where(Ticket.id.in_(ids)).order_by(Ticket.id).with_for_update(key_share=True))
    changed = session.execute(
        update(Ticket)
        .where(Ticket.id.in_(ids), Ticket.state == TicketState.BOOKED)
        .values(state=target, state_since=now)
        .returning(Ticket.id)
        .execution_options(synchronize_session=False)
    ).all()
    if len(changed) != len(tickets):
        raise IllegalTransition(state=TicketState.BOOKED, target=target)
    for ticket in tickets:
        session.refresh(ticket, ["state", "state_since"])
