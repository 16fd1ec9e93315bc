"""Messages about a closure: the place that is offered, or that the day is open after all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters import language as wording
from queue_app.domain.booking import TicketState
from queue_app.domain.closures import STANDING, UNANSWERED, ClosureKind, OfferState
from queue_app.domain.reminders import MessageKind
from queue_app.models import MessageState, Offer, Office, OutboxMessage, Slot, Ticket
from queue_app.services.booking.moving import current_tickets
from queue_app.services.booking.offers import latest_offer, tickets_of

ANSWERED_BY_REVOKING = (OfferState.KEPT, OfferState.OFFERED_BACK)


def is_overtaken(session: Session, row: OutboxMessage, *, now: datetime) -> bool:
    """Whether nobody needs it any more: they have answered, or the closure was revoked before they heard of it."""
    offer = latest_offer(session, row.booking.id)
    if offer is None:
        return True
    if row.kind is MessageKind.DAY_OPENED:
        over = offer.state not in ANSWERED_BY_REVOKING or offer.old_slot.ends_at <= now
        return over or not (offer.called_at or _was_told(session, offer))
    return offer.state not in UNANSWERED or offer.closure.state not in STANDING or not tickets_of(session, offer)


def _was_told(session: Session, offer: Offer) -> bool:
    told = select(OutboxMessage.id).where(
        OutboxMessage.booking_id == offer.booking_id,
        OutboxMessage.kind.in_([MessageKind.DAY_CLOSED, MessageKind.SENT_HOME]),
        OutboxMessage.due_at == offer.closure.confirmed_at,
        OutboxMessage.state == MessageState.SENT,
    )
    return session.execute(told).first() is not None


def tickets_to_name(session: Session, row: OutboxMessage) -> list[Ticket]:
    """Those that lost their place; or once it is open again, those that stand. Empty without an offer."""
    offer = latest_offer(session, row.booking.id)
    if offer is None:
        return []
    if row.kind is not MessageKind.DAY_OPENED:
        return tickets_of(session, offer)
    return [one for one in current_tickets(session, row.booking) if one.state is not TicketState.NO_SHOW]


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
        "closed_day": wording.format_day(offer.old_slot.day, language),
        "closed_window": wording.format_window(offer.old_slot.starts_at, offer.old_slot.ends_at, zone, language),
        "part_of_day": not closure.time.whole_days,
        "today": closure.kind is ClosureKind.TODAY,
        "offered": _place(session, offer, language) if held else None,
        "offered_back": offer.state is OfferState.OFFERED_BACK,
        "first_choice_until": wording.format_instant(offer.choose_until, zone, language)
        if offer.state is OfferState.WAITING and now < offer.choose_until
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
        "elsewhere": office.id != offer.closure.office_id,
        "until": wording.format_instant(until, office.time_zone, language),
    }
