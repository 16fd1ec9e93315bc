"""Cancel a booking, or move it to another day or hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import BookingRules, Share, check_ahead
from queue_app.domain.errors import ChangeClosed, IllegalTransition, NotFound
from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import CITIZEN, Actor
from queue_app.domain.stages import Act
from queue_app.models import Booking, OfficeService, Slot, Ticket
from queue_app.queries.booking.lives import life_of
from queue_app.queries.calendar.offices import offering_at
from queue_app.services.records import outbox

from .claim import GivenTicket, NewPerson, insert_tickets
from .places import claim_places, lock_slots, release_places
from .statements import OF_PERSON
from .tickets import record_transition, refusal_of


def cancel(
    session: Session,
    booking_id: int,
    *,
    position: int | None = None,
    now: datetime,
    actor: Actor = CITIZEN,
    reason: str | None = None,
) -> Booking:
    """Cancel all booked tickets of a booking and give the places back; their numbers stay unused.

    ``position``: of the one person of a party who will not come; the others keep their tickets.
    Cancelling what is cancelled already changes nothing. Raises ChangeClosed from the hour of arrival on (not when the
    office took the place away), IllegalTransition when somebody of them has checked in.
    """
    booking = load_booking(session, booking_id)
    tickets = [one for one in current_tickets(session, booking) if position is None or one.position == position]
    if not tickets:
        return booking
    slot_id = tickets[0].slot_id
    _require(session, tickets, Act.CANCEL, now=now)
    lock_slots(session, Slot.id == slot_id)
    _leave(session, tickets, TicketState.CANCELLED, now=now)
    release_places(session, slot_id, len(tickets))
    for ticket in tickets:
        record_transition(session, ticket, TicketState.BOOKED, actor=actor, now=now, reason=reason)
    outbox.queue(session, booking, MessageKind.CANCELLED, due_at=now)
    return booking


def reschedule(session: Session, booking_id: int, slot_id: int, *, now: datetime, actor: Actor = CITIZEN) -> Booking:
    """Move all booked tickets of a booking to another slot of the same service: new numbers, new tokens, same code.

    The old tickets stay as "rescheduled" and point to the new ones. Raises what booking raises, ChangeClosed from the
    cut-off on for another day and from the hour of arrival on for another hour, IllegalTransition as `cancel` does.
    Moving to the slot it is in already changes nothing.
    """
    booking = load_booking(session, booking_id)
    old = current_tickets(session, booking)
    _require(session, old, Act.MOVE_HOUR, now=now)
    old_slot_id = old[0].slot_id
    if slot_id == old_slot_id:
        return booking
    slot, offering = _load_slot(session, slot_id, Share.PUBLIC)
    if slot.service_id != booking.service_id:
        raise NotFound()
    if _is_of_day(slot, old[0].slot):
        check_ahead(slot.starts_at, now=now)  # they have a place of this day: its cut-off for booking is not for them
    else:
        _require(session, old, Act.MOVE_DAY, now=now)
        offering.booking_rules.check_bookable(slot.day, slot.starts_at, now=now)

    lock_slots(session, Slot.id.in_([old_slot_id, slot_id]))
    taken = claim_places(session, slot_id, len(old))
    _leave(session, old, TicketState.RESCHEDULED, now=now)
    release_places(session, old_slot_id, len(old))
    for ticket, given in zip(old, _give_again(session, old, taken, offering.letter, now=now), strict=True):
        ticket.replaced_by_id = given.id
        record_transition(session, ticket, TicketState.BOOKED, actor=actor, now=now)
        record_transition(session, session.get_one(Ticket, given.id), None, actor=actor, now=now)
    session.expire(booking, ["tickets"])
    outbox.queue(session, booking, MessageKind.RESCHEDULED, due_at=now)
    session.flush()
    return booking


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


def acts_of(session: Session, booking: Booking, *, now: datetime) -> frozenset[Act]:
    """What the owner may do with the booking now, as trying would find it."""
    tickets = current_tickets(session, booking)
    if not tickets or any(ticket.state is not TicketState.BOOKED for ticket in tickets):
        return frozenset()
    return life_of(session, tickets[0]).acts(_rules_of(session, tickets[0]), now=now)


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
        .where(Ticket.state.not_in([TicketState.CANCELLED, TicketState.RESCHEDULED]))
        .order_by(Ticket.position)
        .execution_options(populate_existing=True)
    )
    return list(rows)


def _load_slot(session: Session, slot_id: int, share: Share) -> tuple[Slot, OfficeService]:
    """A slot that may be booked in this way, with the rules of its service; raise NotFound."""
    found = session.execute(
        select(Slot, OfficeService)
        .join(
            OfficeService,
            (OfficeService.office_id == Slot.office_id) & (OfficeService.service_id == Slot.service_id),
        )
        .where(Slot.id == slot_id, Slot.share == share, OfficeService.active)
    ).one_or_none()
    if found is None:
        raise NotFound()
    return found[0], found[1]


def _require(session: Session, tickets: Sequence[Ticket], act: Act, *, now: datetime) -> None:
    """Raise IllegalTransition or ChangeClosed unless the owners of the tickets may do this."""
    target = TicketState.CANCELLED if act is Act.CANCEL else TicketState.RESCHEDULED
    if not tickets:
        raise IllegalTransition(state=TicketState.CANCELLED, target=target)
    for ticket in tickets:
        if ticket.state is not TicketState.BOOKED:
            raise IllegalTransition(state=ticket.state, target=target)
    first = tickets[0]
    rules = _rules_of(session, first)
    if act not in life_of(session, first).acts(rules, now=now):
        until = rules.moves_close(first.day, first.starts_at) if act is Act.MOVE_DAY else first.starts_at
        raise ChangeClosed(closed_at=until)


def _rules_of(session: Session, ticket: Ticket) -> BookingRules:
    return offering_at(session, ticket.office_id, ticket.service_id).booking_rules


def _is_of_day(slot: Slot, other: Slot) -> bool:
    return (slot.office_id, slot.day) == (other.office_id, other.day)


def _leave(session: Session, tickets: Sequence[Ticket], target: TicketState, *, now: datetime) -> None:
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
