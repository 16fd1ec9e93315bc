"""Messages about a closure: the place that is offered, or that the day is open after all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters import language as wording
from queue_app.domain.closures import STANDING, UNANSWERED, ClosureKind, OfferState
from queue_app.domain.reminders import MessageKind
from queue_app.domain.stages import VALID
from queue_app.models import Booking, MessageState, Offer, Office, OutboxMessage, Slot, Ticket
from queue_app.queries.booking.lives import lives_of
from queue_app.services.booking.moving import current_tickets
from queue_app.services.booking.offers import latest_offer, tickets_of

ANSWERED_BY_REVOKING = (OfferState.KEPT, OfferState.OFFERED_BACK)


def is_overtaken(session: Session, row: OutboxMessage, *, now: datetime) -> bool:
    """Whether nobody needs it any more: they have answered, or the closure was revoked before they heard of it."""
    offer = latest_offer(session, row.booking.id)
    if offer is None:
        return True
    if row.kind is MessageKind.DAY_OPENED:
        # Closed once more since, or their tickets have come to another end: it would be untrue, or about nobody.
        over = offer.state not in ANSWERED_BY_REVOKING or offer.old_slot.ends_at <= now or not offer.old_slot.accepts
        return over or not _still_valid(session, offer, now=now) or not (offer.called_at or _was_told(session, offer))
    return offer.state not in UNANSWERED or offer.closure.state not in STANDING or not tickets_of(session, offer)


def _was_told(session: Session, offer: Offer) -> bool:
    told = select(OutboxMessage.id).where(
        OutboxMessage.booking_id == offer.booking_id,
        OutboxMessage.kind.in_([MessageKind.DAY_CLOSED, MessageKind.SENT_HOME]),
        OutboxMessage.due_at == offer.closure.confirmed_at,
        OutboxMessage.state == MessageState.SENT,
    )
    return session.execute(told).first() is not None


def tickets_to_name(session: Session, row: OutboxMessage, *, now: datetime) -> list[Ticket]:
    """Those that lost their place; or once it is open again, those that stand. Empty without an offer."""
    offer = latest_offer(session, row.booking.id)
    if offer is None:
        return []
    return (
        tickets_of(session, offer) if row.kind is not MessageKind.DAY_OPENED else _still_valid(session, offer, now=now)
    )


def _still_valid(session: Session, offer: Offer, *, now: datetime) -> list[Ticket]:
    """Who keeps the old place has a ticket for it; whoever has moved by themselves since keeps nothing."""
    tickets = current_tickets(session, session.get_one(Booking, offer.booking_id))
    lives = lives_of(session, tickets)
    valid = [ticket for ticket in tickets if lives[ticket.id].stage(now=now) in VALID]
    return [one for one in valid if offer.state is not OfferState.KEPT or one.slot_id == offer.old_slot_id]


def offer_values(session: Session, row: OutboxMessage, link: str, language: str, *, now: datetime) -> dict[str, Any]:
    """Reason, the place that is offered until when, and the three links. ``link``: the address of the ticket."""
    offer = latest_offer(session, row.booking.id)
    if offer is None:
        raise LookupError("no offer to write about")
    closure, zone = offer.closure, offer.closure.office.time_zone
    held = offer.state is OfferState.OPEN and offer.held_until is not None and offer.held_until > now
    return {
        "closed_because": closure.reason_en if language == wording.ENGLISH else closure.reason_id,
        "closed_office": closure.office.name,
        "closed_office_id": closure.office_id,  # in whose words it is told, also to whoever has moved elsewhere since
        "closed_day": wording.format_day(offer.old_slot.day, language),
        "closed_window": wording.format_window(offer.old_slot.starts_at, offer.old_slot.ends_at, zone, language),
        "part_of_day": not closure.time.whole_days,
        "today": closure.kind is ClosureKind.TODAY,
        "offered": _place(session, offer, language) if held else None,
        "offered_back": offer.state is OfferState.OFFERED_BACK,
        "first_choice_until": wording.format_instant(offer.choose_until, zone, language)
        if offer.has_first_choice and now < offer.choose_until
        else None,
        "accept_link": f"{link}/terima",
        "choose_link": f"{link}/ubah",
        "cancel_link": f"{link}/batal",
    }


def _place(session: Session, offer: Offer, language: str) -> dict[str, Any]:
    slot = session.get_one(Slot, offer.slot_id)
    office = session.get_one(Office, slot.office_id)
    until = offer.held_until or slot.starts_at
    return {
        "day": wording.format_day(slot.day, language),
        "window": wording.format_window(slot.starts_at, slot.ends_at, office.time_zone, language),
        "office": office.name,
        "address": office.address,
        "earlier": offer.is_earlier,
        "elsewhere": office.id != offer.closure.office_id,
        "until": wording.format_instant(until, office.time_zone, language),
    }
