"""Cancel a booking, or move it to another day or hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import LEFT_STATES, TicketState
from queue_app.domain.calendar import BeforeDay, BookingRules, Share, check_ahead
from queue_app.domain.closures import OfferState
from queue_app.domain.errors import ChangeClosed, IllegalTransition, NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import CITIZEN, Actor
from queue_app.domain.stages import Act
from queue_app.models import Booking, Offer, OfficeService, Slot, Ticket
from queue_app.queries.booking.lives import life_of
from queue_app.queries.calendar.offices import offering_at
from queue_app.services.records import outbox

from .answering import take_held_place
from .moving import current_tickets, leave, load_booking, move
from .offers import give_back, leave_hall, settle, tickets_of, unanswered_offer
from .places import claim_places, lock_slots, release_places
from .tickets import record_transition

# Who fits nowhere may choose among days that are not open to others yet (docs/rules.md R-CLOSE-4).
AT_ANY_TIME = BeforeDay(366, time(0))


def cancel(
    session: Session,
    booking_id: int,
    *,
    position: int | None = None,
    now: datetime,
    actor: Actor = CITIZEN,
    reason: str | None = None,
    by_office: bool = False,
) -> Booking:
    """Cancel all booked tickets of a booking and give the places back; their numbers stay unused.

    ``position``: of the one person of a party who will not come; the others keep their tickets.
    ``by_office``: the office does it for them, whatever the time, and says why (`docs/rules.md` R-CUTOFF-3); raises
    ReasonRequired.
    Cancelling what is cancelled already changes nothing. Raises ChangeClosed from the hour of arrival on (not when the
    office took the place away), IllegalTransition when somebody of them has checked in.
    """
    if by_office:
        reason = read_reason(reason or "")
    booking = load_booking(session, booking_id)
    offer, standing = _standing(session, booking)
    tickets = [one for one in standing if position is None or one.position == position]
    if not tickets:
        return booking
    slot_id = tickets[0].slot_id
    _require(session, tickets, Act.CANCEL, offer, now=now, by_office=by_office)
    _lock(session, slot_id, offer)
    if offer:
        leave_hall(session, tickets, actor=actor, now=now)
    leave(session, tickets, TicketState.CANCELLED, now=now)
    release_places(session, slot_id, len(tickets))
    if offer and len(tickets) < len(standing):
        _shrink(session, offer, len(tickets))
    elif offer:
        settle(session, offer, OfferState.CANCELLED, now=now)
    for ticket in tickets:
        record_transition(session, ticket, TicketState.BOOKED, actor=actor, now=now, reason=reason)
    outbox.queue(session, booking, MessageKind.CANCELLED, due_at=now)
    return booking


def reschedule(
    session: Session,
    booking_id: int,
    slot_id: int,
    *,
    now: datetime,
    actor: Actor = CITIZEN,
    by_office: bool = False,
) -> Booking:
    """Move all booked tickets of a booking to another slot of the same service: new numbers, new tokens, same code.

    The old tickets stay as "rescheduled" and point to the new ones. A place that a closure has offered them goes back
    in the same breath. Raises what booking raises, ChangeClosed from the cut-off on for another day and from the hour
    of arrival on for another hour, IllegalTransition as `cancel` does. Moving to the slot it is in already changes
    nothing. ``by_office``: the office does it for them, to a slot of any share for which it books itself, and its own
    cut-off does not hold it.
    """
    booking = load_booking(session, booking_id)
    offer, old = _standing(session, booking)
    _require(session, old, Act.MOVE_HOUR, offer, now=now, by_office=by_office)
    old_slot_id = old[0].slot_id
    if slot_id == old_slot_id:
        return booking
    if offer and offer.state is OfferState.OPEN and slot_id == offer.slot_id:
        take_held_place(session, booking, offer, actor=actor, now=now)
        return booking
    slot, offering = _load_slot(session, slot_id, tuple(Share) if by_office else (Share.PUBLIC,))
    if slot.service_id != booking.service_id:
        raise NotFound()
    if by_office:
        offering.booking_rules.check_assistable(slot.day, slot.ends_at, now=now)
    elif _is_of_day(slot, old[0].slot):
        check_ahead(slot.starts_at, now=now)  # they have a place of this day: its cut-off for booking is not for them
    else:
        _require(session, old, Act.MOVE_DAY, offer, now=now)
        rules_for(offering, offer, now=now).check_bookable(slot.day, slot.starts_at, now=now)

    _lock(session, old_slot_id, offer, slot_id)
    taken = claim_places(session, slot_id, len(old))
    if offer:
        leave_hall(session, old, actor=actor, now=now)
        settle(session, offer, OfferState.ELSEWHERE, now=now)
    move(session, booking, old, taken, offering.letter, actor=actor, now=now)
    return booking


def rules_for(offering: OfficeService, offer: Offer | None, *, now: datetime) -> BookingRules:
    """When they may choose: before the others, as long as a closure that left them without a place says so."""
    rules = offering.booking_rules
    if offer and offer.has_first_choice and now < offer.choose_until:
        return replace(rules, opens=AT_ANY_TIME)
    return rules


def acts_of(
    session: Session, booking: Booking, rules_of: Callable[[Ticket], BookingRules], *, now: datetime
) -> frozenset[Act]:
    """What the owner may do with the booking now, as trying would find it; by its tickets as they were read already.

    ``rules_of``: of the service at the office that a ticket is for.
    """
    offer = unanswered_offer(session, booking.id)
    if offer and tickets_of(session, offer):
        return frozenset(Act)
    tickets = [ticket for ticket in booking.tickets if ticket.state not in LEFT_STATES]
    if not tickets or any(ticket.state is not TicketState.BOOKED for ticket in tickets):
        return frozenset()
    return life_of(session, tickets[0]).acts(rules_of(tickets[0]), now=now)


def _standing(session: Session, booking: Booking) -> tuple[Offer | None, list[Ticket]]:
    """The offer that waits for an answer, and the tickets it is about; without one all that stand."""
    offer = unanswered_offer(session, booking.id)
    if offer and (tickets := tickets_of(session, offer)):
        return offer, tickets
    return None, current_tickets(session, booking)


def _lock(session: Session, slot_id: int, offer: Offer | None, *others: int) -> None:
    """All slots of a change, in one order: the one that is left, the one that is held, the one that is wanted."""
    held = [offer.slot_id] if offer and offer.state is OfferState.OPEN else []
    lock_slots(session, Slot.id.in_([slot_id, *held, *others]))


def _shrink(session: Session, offer: Offer, places: int) -> None:
    """One of a party will not come: the others are still offered theirs."""
    if offer.state is OfferState.OPEN:
        give_back(session, offer, places)
    offer.places -= places
    session.flush()


def _load_slot(session: Session, slot_id: int, shares: Sequence[Share]) -> tuple[Slot, OfficeService]:
    """A slot that may be booked in this way, with the rules of its service; raise NotFound."""
    found = session.execute(
        select(Slot, OfficeService)
        .join(
            OfficeService,
            (OfficeService.office_id == Slot.office_id) & (OfficeService.service_id == Slot.service_id),
        )
        .where(Slot.id == slot_id, Slot.share.in_(shares), OfficeService.active)
    ).one_or_none()
    if found is None:
        raise NotFound()
    return found[0], found[1]


def _require(
    session: Session,
    tickets: Sequence[Ticket],
    act: Act,
    offer: Offer | None,
    *,
    now: datetime,
    by_office: bool = False,
) -> None:
    """Raise IllegalTransition or ChangeClosed unless the owners of the tickets, or the office for them, may do this."""
    target = TicketState.CANCELLED if act is Act.CANCEL else TicketState.RESCHEDULED
    if not tickets:
        raise IllegalTransition(state=TicketState.CANCELLED, target=target)
    if offer:  # they may leave even the hall: nobody is held there by an office that closed
        return
    for ticket in tickets:
        if ticket.state is not TicketState.BOOKED:
            raise IllegalTransition(state=ticket.state, target=target)
    if by_office:
        return
    first = tickets[0]
    rules = _rules_of(session, first)
    if act not in life_of(session, first).acts(rules, now=now):
        until = rules.moves_close(first.day, first.starts_at) if act is Act.MOVE_DAY else first.starts_at
        raise ChangeClosed(closed_at=until)


def _rules_of(session: Session, ticket: Ticket) -> BookingRules:
    return offering_at(session, ticket.office_id, ticket.service_id).booking_rules


def _is_of_day(slot: Slot, other: Slot) -> bool:
    return (slot.office_id, slot.day) == (other.office_id, other.day)
