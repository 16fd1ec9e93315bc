"""Void the tickets of those who never came, and take that back where it was a mistake."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from queue_app.domain.booking import TicketState
from queue_app.domain.closures import UNANSWERED, ClosureState
from queue_app.domain.errors import DomainError, IllegalTransition
from queue_app.domain.office_acts import TAKEN_BACK_WITHIN, OfficeAct, office_acts
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Closure, Offer, Slot, Ticket
from queue_app.queries.access.office_rows import ticket_at
from queue_app.queries.booking.lives import life_of
from queue_app.services.booking.places import lock_slots, release_places
from queue_app.services.booking.tickets import record_transition, refusal_of, step_ticket


def _may_choose(now: datetime) -> ColumnElement[bool]:
    """A closure has taken their place, and they have not answered its offer, or have not been made it yet."""
    offered = (
        select(Offer.id)
        .where(Offer.booking_id == Ticket.booking_id, Offer.closure_id == Slot.closure_id)
        .where(Offer.state.in_(UNANSWERED), Offer.choose_until > now)
    )
    at_work = select(Closure.id).where(Closure.id == Slot.closure_id, Closure.state == ClosureState.CONFIRMED)
    return offered.exists() | at_work.exists()


def _day_goes_on(now: datetime) -> ColumnElement[bool]:
    later = aliased(Slot)
    return select(later.id).where(later.service_day_id == Slot.service_day_id, later.ends_at > now).exists()


def mark_no_shows(session: Session, *, now: datetime, limit: int = 500) -> int:
    """Void the booked tickets of days that have ended, at most ``limit`` in one transaction; return how many.

    Absent all day: the number is void (`docs/rules.md` R-ABSENT-1). What was taken back after its day is left alone for
    as long as it may be moved (R-ABSENT-2). Where the office itself had closed the day nobody
    was absent: those tickets are cancelled instead, so that their owners may book again; but not while they may still
    choose another place by their link (R-CLOSE-2).
    """
    left_alone = Ticket.open_until.is_not(None) & (Ticket.open_until > now)
    tickets = session.scalars(
        select(Ticket)
        .join(Slot, Slot.id == Ticket.slot_id)
        .where(Ticket.state == TicketState.BOOKED, Ticket.starts_at < now, ~_day_goes_on(now), ~_may_choose(now))
        .where(~left_alone)
        .order_by(Ticket.starts_at, Ticket.id)  # as the index has them
        .limit(limit)
    ).all()
    tickets = sorted(tickets, key=lambda ticket: (ticket.slot_id, ticket.id))
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


def take_back_no_show(
    session: Session, ticket_id: int, *, office_id: int, reason: str, actor: Actor, now: datetime
) -> Ticket:
    """They were marked by mistake: the ticket is what it was, and arrives or is moved by its rules.

    Raises ReasonRequired, NotFound; IllegalTransition when it is no no-show (any more) or its day is too long ago;
    AlreadyBooked when the person has booked the same service again since.
    """
    reason = read_reason(reason)
    ticket = ticket_at(session, ticket_id, office_id)
    if OfficeAct.TAKE_BACK not in office_acts(life_of(session, ticket), now=now):
        raise IllegalTransition(state=ticket.state, target=TicketState.BOOKED)
    try:
        stood = step_ticket(session, ticket, TicketState.NO_SHOW, TicketState.BOOKED, now=now)
    except IntegrityError as problem:  # one active ticket per person: the new booking is it
        raise refusal_of(problem) from None
    if not stood:
        raise IllegalTransition(state=ticket.state, target=TicketState.BOOKED)
    goes_on = select(Slot.id).where(Slot.id == ticket.slot_id, _day_goes_on(now))
    ticket.open_until = None if session.scalar(goes_on) else now + TAKEN_BACK_WITHIN
    record_transition(session, ticket, TicketState.NO_SHOW, actor=actor, now=now, reason=reason)
    session.flush()
    return ticket


def take_back_day(
    session: Session,
    office_id: int,
    day: date,
    *,
    after: int,
    reason: str,
    actor: Actor,
    now: datetime,
    limit: int = 500,
) -> tuple[int, int, int]:
    """The same for everybody of a day with a ticket id above ``after``, at most ``limit`` in one transaction.

    Returns how many were taken back, how many stay as they are (they have booked again since, or the day is too long
    ago), and the last id looked at: 0 when none was left. Raises ReasonRequired.
    """
    reason, taken, last = read_reason(reason), 0, 0
    missed = select(Ticket.id).where(
        Ticket.office_id == office_id, Ticket.day == day, Ticket.state == TicketState.NO_SHOW, Ticket.id > after
    )
    found = session.scalars(missed.order_by(Ticket.id).limit(limit)).all()
    for last in found:
        try:
            with session.begin_nested():
                take_back_no_show(session, last, office_id=office_id, reason=reason, actor=actor, now=now)
        except DomainError:
            continue
        taken += 1
    return taken, len(found) - taken, last
