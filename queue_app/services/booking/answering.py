"""Answers to an offer: accept the place that is held, or take the old one back after all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.closures import STANDING, OfferGone, OfferState
from queue_app.domain.errors import DayClosed, DomainError, IllegalTransition, SlotFull
from queue_app.domain.roles import CITIZEN, Actor
from queue_app.models import Booking, Offer, Slot
from queue_app.queries.calendar.offices import offering_at

from .moving import current_tickets, load_booking, move
from .offers import give_back, latest_offer, leave_hall, settle, tickets_of
from .places import claim_places, held_places, lock_slots


def accept(session: Session, booking_id: int, *, now: datetime, actor: Actor = CITIZEN) -> Booking:
    """Take what is offered: the held place without a new claim, or after a revocation the old one while it is free.

    Having accepted already changes nothing. Raises OfferGone when it is not held any more, or was never held;
    IllegalTransition when the tickets have come to another end; IllegalVisitStep while a counter has them.
    """
    booking = load_booking(session, booking_id)
    offer = latest_offer(session, booking.id)
    if offer is None:
        raise OfferGone(state=None)
    if offer.state is OfferState.ACCEPTED:
        return booking
    if offer.state is OfferState.OFFERED_BACK:
        _return(session, booking, offer, actor=actor, now=now)
        return booking
    _require_held(offer, now=now)
    take_held_place(session, booking, offer, actor=actor, now=now)
    return booking


def refusal_to_accept(session: Session, offer: Offer, *, now: datetime) -> DomainError | None:
    """None when `accept` would be granted now, as far as can be seen."""
    try:
        if offer.state is OfferState.OFFERED_BACK:
            _require_free(session.get_one(Slot, offer.old_slot_id), offer.places, now=now)
        else:
            _require_held(offer, now=now)
    except DomainError as refusal:
        return refusal
    return None


def take_held_place(session: Session, booking: Booking, offer: Offer, *, actor: Actor, now: datetime) -> None:
    """Move the tickets into the place that is held for them. The booking is locked, the offer open."""
    lock_slots(session, Slot.id.in_([offer.old_slot_id, offer.slot_id]))
    slot = session.get_one(Slot, offer.slot_id, populate_existing=True)
    if not slot.accepts:  # a later closure has taken it too; another place will be offered
        raise OfferGone(state=offer.state)
    tickets = tickets_of(session, offer)
    if not tickets:
        raise IllegalTransition(state=TicketState.CANCELLED, target=TicketState.RESCHEDULED)
    leave_hall(session, tickets, actor=actor, now=now)
    if len(tickets) < offer.places:  # somebody of them was served after all
        give_back(session, offer, offer.places - len(tickets))
    settle(session, offer, OfferState.ACCEPTED, now=now)
    taken = held_places(session, slot.id, offer.first_number)
    letter = offering_at(session, slot.office_id, slot.service_id).letter
    move(session, booking, tickets, taken, letter, actor=actor, now=now)


def _require_held(offer: Offer, *, now: datetime) -> None:
    if offer.closure.state not in STANDING:
        raise OfferGone(state=OfferState.KEPT)
    if offer.state is not OfferState.OPEN or offer.held_until is None or offer.held_until <= now:
        raise OfferGone(state=OfferState.LAPSED if offer.state is OfferState.OPEN else offer.state)


def _require_free(slot: Slot, places: int, *, now: datetime) -> None:
    if not slot.accepts:
        raise DayClosed()
    if slot.starts_at <= now:
        raise OfferGone(state=OfferState.OFFERED_BACK)
    if slot.booked + places > slot.capacity:
        raise SlotFull()


def _return(session: Session, booking: Booking, offer: Offer, *, actor: Actor, now: datetime) -> None:
    """Back to where they were before the closure: by a claim like anybody's, since it was free for all."""
    tickets = current_tickets(session, booking)
    if not tickets or any(ticket.state is not TicketState.BOOKED for ticket in tickets):
        state = tickets[0].state if tickets else TicketState.CANCELLED
        raise IllegalTransition(state=state, target=TicketState.RESCHEDULED)
    lock_slots(session, Slot.id.in_([tickets[0].slot_id, offer.old_slot_id]))
    slot = session.get_one(Slot, offer.old_slot_id, populate_existing=True)
    _require_free(slot, len(tickets), now=now)
    taken = claim_places(session, slot.id, len(tickets))
    letter = offering_at(session, slot.office_id, slot.service_id).letter
    settle(session, offer, OfferState.KEPT, now=now)
    move(session, booking, tickets, taken, letter, actor=actor, now=now)
