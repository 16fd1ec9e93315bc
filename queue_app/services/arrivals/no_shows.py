"""Void the tickets of those who never came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from queue_app.domain.booking import TicketState
from queue_app.domain.closures import UNANSWERED, ClosureState
from queue_app.domain.roles import Actor
from queue_app.models import Closure, Offer, Slot, Ticket
from queue_app.services.booking.places import lock_slots, release_places
from queue_app.services.booking.tickets import record_transition

from .check_in import step_ticket


def _may_choose(now: datetime) -> ColumnElement[bool]:
    """A closure has taken their place, and they have not answered its offer, or have not been made it yet."""
    offered = (
        select(Offer.id)
        .where(Offer.booking_id == Ticket.booking_id, Offer.closure_id == Slot.closure_id)
        .where(Offer.state.in_(UNANSWERED), Offer.choose_until > now)
    )
    at_work = select(Closure.id).where(Closure.id == Slot.closure_id, Closure.state == ClosureState.CONFIRMED)
    return offered.exists() | at_work.exists()


def mark_no_shows(session: Session, *, now: datetime, limit: int = 500) -> int:
    """Void the booked tickets of days that have ended, at most ``limit`` in one transaction; return how many.

    Absent all day: the number is void (`docs/rules.md` R-ABSENT-1). Where the office itself had closed the day nobody
    was absent: those tickets are cancelled instead, so that their owners may book again; but not while they may still
    choose another place by their link (R-CLOSE-2).
    """
    later = aliased(Slot)
    day_goes_on = select(later.id).where(later.service_day_id == Slot.service_day_id, later.ends_at > now).exists()
    tickets = session.scalars(
        select(Ticket)
        .join(Slot, Slot.id == Ticket.slot_id)
        .where(Ticket.state == TicketState.BOOKED, Ticket.starts_at < now, ~day_goes_on, ~_may_choose(now))
        .order_by(Ticket.slot_id, Ticket.id)
        .limit(limit)
    ).all()
    lock_slots(session, Slot.id.in_({ticket.slot_id for ticket in tickets}))
    marked = 0
    for ticket in tickets:
        end = TicketState.NO_SHOW if ticket.slot.accepts else TicketState.CANCELLED
        if not step_ticket(session, ticket, TicketState.BOOKED, end, now=now):
            continue
        if end is TicketState.CANCELLED:
            release_places(session, ticket.slot_id, 1)
        record_transition(session, ticket, TicketState.BOOKED, actor=Actor.system("no-shows"), now=now)
        marked += 1
    session.flush()
    return marked
