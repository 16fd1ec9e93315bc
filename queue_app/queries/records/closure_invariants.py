"""The invariants of closures: each returns the breaches it found."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import DayStatus
from queue_app.domain.closures import STANDING, UNANSWERED, ClosureState, OfferState
from queue_app.models import Closure, Offer, ServiceDay, Slot, Ticket


def closed_times(session: Session) -> Iterator[str]:
    """Slots accept exactly where nothing closes them; and whoever is still booked in a closed one was offered another
    place, unless the job has not come to it yet.
    """
    open_day = (ServiceDay.status == DayStatus.OPEN) & Slot.closure_id.is_(None)
    at_odds = session.scalars(
        select(Slot.id).join(ServiceDay, ServiceDay.id == Slot.service_day_id).where(Slot.accepts != open_day)
    )
    for slot_id in at_odds:
        yield f"slot {slot_id} accepts bookings against its day, or its closure"
    stands = select(Closure.id).where(Closure.id == Slot.closure_id, Closure.state.in_(STANDING)).exists()
    for slot_id in session.scalars(select(Slot.id).where(Slot.closure_id.is_not(None), ~stands)):
        yield f"slot {slot_id} is closed by a closure that does not stand"
    yield from _forgotten(session)
    yield from _offers(session)


def _forgotten(session: Session) -> Iterator[str]:
    at_work = select(Closure.id).where(Closure.id == Slot.closure_id, Closure.state == ClosureState.CONFIRMED)
    offered = select(Offer.id).where(Offer.booking_id == Ticket.booking_id, Offer.closure_id == Slot.closure_id)
    inherited = (
        select(Offer.id)
        .join(Closure, Closure.id == Offer.closure_id)
        .where(Offer.booking_id == Ticket.booking_id, Offer.old_slot_id == Ticket.slot_id)
    )
    rows = session.scalars(
        select(Ticket.id)
        .join(Slot, Slot.id == Ticket.slot_id)
        .where(~Slot.accepts, Ticket.state == TicketState.BOOKED)
        .where(~at_work.exists(), ~offered.exists(), ~inherited.exists())
    )
    for ticket_id in rows:
        yield f"ticket {ticket_id} is booked in a closed slot, and no place was offered"


def _offers(session: Session) -> Iterator[str]:
    """A place is held only while its people can still answer."""
    rows = session.scalars(
        select(Offer.id)
        .join(Closure, Closure.id == Offer.closure_id)
        .where(Offer.state.in_(UNANSWERED), Closure.state == ClosureState.REVOKED, Closure.undone_at.is_not(None))
    )
    for offer_id in rows:
        yield f"offer {offer_id} waits for an answer though its closure was revoked"
    accepted = (
        select(Ticket.id)
        .where(Ticket.booking_id == Offer.booking_id, Ticket.slot_id == Offer.slot_id)
        .where(Ticket.queue_number >= Offer.first_number, Ticket.queue_number < Offer.first_number + Offer.places)
    )
    for offer_id in session.scalars(
        select(Offer.id).where(Offer.state == OfferState.ACCEPTED, Offer.places > 0, ~accepted.exists())
    ):
        yield f"offer {offer_id} was accepted, and no ticket bears its number"
