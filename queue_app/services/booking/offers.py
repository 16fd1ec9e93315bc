"""The place that somebody is offered for the one that a closure took: held, accepted, given back.

An offer changes only under the lock of its booking (`moving.load_booking`, or `lock_bookings` for several), which is
taken before any slot: so an answer, the end of the hold and a revocation come one after the other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ADMITTING
from queue_app.domain.booking import TicketState
from queue_app.domain.closures import STANDING, UNANSWERED, OfferState
from queue_app.domain.roles import Actor
from queue_app.domain.stages import LEFT_WAITING
from queue_app.domain.visits import VisitState
from queue_app.models import Booking, CheckIn, Closure, Offer, Slot, Ticket, Visit
from queue_app.services.visits.steps import end_visit
from queue_app.services.visits.waiting import come_back

from .places import lock_slots, release_places
from .tickets import record_transition, refusal_of, step_ticket


def latest_offer(session: Session, booking_id: int) -> Offer | None:
    """The one that waits for an answer, else the newest, whatever became of it."""
    return (
        unanswered_offer(session, booking_id)
        or session.scalars(
            select(Offer)
            .where(Offer.booking_id == booking_id)
            .order_by(Offer.state_since.desc(), Offer.id.desc())
            .limit(1)
            .execution_options(populate_existing=True)
        ).first()
    )


def unanswered_offer(session: Session, booking_id: int) -> Offer | None:
    """The offer that the people of a booking have still to answer, of a closure that stands."""
    # Nearly nobody has one: every ticket's page asks, and what an offer brings along is read when there is one.
    offer_id = session.scalar(_UNANSWERED, {"booking_id": booking_id})
    return session.get(Offer, offer_id, populate_existing=True) if offer_id is not None else None


_UNANSWERED = (
    select(Offer.id)
    .join(Closure, Closure.id == Offer.closure_id)
    .where(Offer.booking_id == bindparam("booking_id"), Offer.state.in_(UNANSWERED), Closure.state.in_(STANDING))
    .order_by(Offer.id.desc())
    .limit(1)
)


def tickets_of(session: Session, offer: Offer) -> list[Ticket]:
    """Those whom it concerns: still to come, or in the hall and not served."""
    rows = session.scalars(
        select(Ticket)
        .outerjoin(Visit, Visit.ticket_id == Ticket.id)
        .where(Ticket.booking_id == offer.booking_id, Ticket.slot_id == offer.old_slot_id)
        .where((Ticket.state == TicketState.BOOKED) | Visit.state.in_(LEFT_WAITING))
        .order_by(Ticket.position)
        .execution_options(populate_existing=True)
    )
    return list(rows)


def leave_hall(session: Session, tickets: Sequence[Ticket], *, actor: Actor, now: datetime) -> None:
    """Take back the admission of those who waited in the hall for nothing: they will come another time.

    Raises IllegalVisitStep when a counter has called them just now, AlreadyBooked when they have booked anew.
    """
    for ticket in tickets:
        if ticket.state is not TicketState.CHECKED_IN:
            continue
        visit = session.get(Visit, ticket.id, populate_existing=True)
        if visit is not None and visit.state is VisitState.HELD:
            come_back(session, ticket.id, office_id=ticket.office_id, actor=actor, now=now)
        end_visit(session, ticket, now=now, also=VisitState.DAY_ENDED)  # they waited, and the evening came
        try:
            step_ticket(session, ticket, TicketState.CHECKED_IN, TicketState.BOOKED, now=now)
        except IntegrityError as problem:  # the person has booked the same service again since
            raise refusal_of(problem) from None
        record_transition(session, ticket, TicketState.CHECKED_IN, actor=actor, now=now, reason="closed")
        session.execute(
            update(CheckIn)
            .where(CheckIn.ticket_id == ticket.id, CheckIn.result.in_(ADMITTING), CheckIn.undone_at.is_(None))
            .values(undone_at=now)
            .execution_options(synchronize_session=False)
        )


def settle(session: Session, offer: Offer, state: OfferState, *, now: datetime) -> None:
    """Write down what became of an offer, and give its place back unless it was accepted.

    The caller has locked the booking, and the slots.
    """
    if offer.state is OfferState.OPEN and state is not OfferState.ACCEPTED:
        give_back(session, offer, offer.places)
    offer.state, offer.state_since = state, now
    session.flush()


def give_back(session: Session, offer: Offer, places: int) -> None:
    """Release so many of the held places, and first those that were added to the slot for it, which go with them."""
    if offer.slot_id is None or not places:
        return
    release_places(session, offer.slot_id, places)
    offer.extra -= min(offer.extra, places)
    session.flush()


def lapse_offers(session: Session, *, now: datetime, limit: int = 500) -> int:
    """Give back the places whose time of holding is over; return how many offers that were."""
    due = session.execute(
        select(Offer.id, Offer.booking_id)
        .where(Offer.state == OfferState.OPEN, Offer.held_until <= now)
        .order_by(Offer.held_until, Offer.id)
        .limit(limit)
    ).all()
    lapsed = 0
    for offer in lock_offers(session, [row.id for row in due]):
        if offer.state is OfferState.OPEN and offer.held_until is not None and offer.held_until <= now:
            settle(session, offer, OfferState.LAPSED, now=now)
            lapsed += 1
    return lapsed


def lock_offers(session: Session, offer_ids: Sequence[int]) -> list[Offer]:
    """Lock the bookings of several offers, then the slots they hold; the offers as they are by then."""
    lock_bookings(session, session.scalars(select(Offer.booking_id).where(Offer.id.in_(offer_ids))).all())
    offers = session.scalars(
        select(Offer).where(Offer.id.in_(offer_ids)).order_by(Offer.id).execution_options(populate_existing=True)
    ).all()
    lock_slots(session, Slot.id.in_({offer.slot_id for offer in offers if offer.state is OfferState.OPEN}))
    return list(offers)


def lock_bookings(session: Session, booking_ids: Collection[int]) -> None:
    """In the order of ids, and before any slot: nobody waits in a circle."""
    statement = select(Booking.id).where(Booking.id.in_(set(booking_ids))).order_by(Booking.id)
    session.execute(statement.with_for_update(key_share=True))
