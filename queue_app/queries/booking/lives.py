"""The life of tickets: what decides where each of them stands (`domain/stages.py`)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.stages import TicketLife
from queue_app.models import Closure, ServiceDay, Ticket, Visit


def taken_by(session: Session, ticket: Ticket) -> Closure | ServiceDay | None:
    """What took the place away, with the reason that citizens read: a closure, or the day that is a holiday."""
    slot = ticket.slot
    if slot.accepts:
        return None
    return session.get(Closure, slot.closure_id) if slot.closure_id else slot.service_day


def life_of(session: Session, ticket: Ticket) -> TicketLife:
    return lives_of(session, [ticket])[ticket.id]


def lives_of(session: Session, tickets: Iterable[Ticket]) -> dict[int, TicketLife]:
    """By ticket; one further statement, and none when nobody has come."""
    tickets = list(tickets)
    came = [ticket.id for ticket in tickets if ticket.state is TicketState.CHECKED_IN]
    found = select(Visit.ticket_id, Visit.state, Visit.outcome).where(Visit.ticket_id.in_(came))
    visits = {row.ticket_id: row for row in session.execute(found)} if came else {}
    lives = {}
    for ticket in tickets:
        visit = visits.get(ticket.id)
        lives[ticket.id] = TicketLife(
            state=ticket.state,
            day=ticket.day,
            starts_at=ticket.starts_at,
            zone=ticket.office.time_zone,
            given=ticket.slot.accepts,
            visit=visit.state if visit else None,
            outcome=visit.outcome if visit else None,
        )
    return lives
