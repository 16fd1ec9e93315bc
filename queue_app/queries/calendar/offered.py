"""The offers of a closure, as its page lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from queue_app.domain.closures import OfferState
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import Booking, Closure, Offer, Slot, Ticket


@dataclass(frozen=True)
class Offered:
    """One booking. ``place``: the UTC instant at which the offered window begins, None for who fitted nowhere;
    ``held_until``: how long it is kept for them, None when it is not (any more).
    """

    numbers: tuple[str, ...]
    code: str
    starts_at: datetime
    place: datetime | None
    held_until: datetime | None
    state: OfferState


def offered_by(session: Session, closure: Closure, *, first: int, limit: int) -> Sequence[Offered]:
    """A page of them, in the order of the hours that were closed."""
    old, new = aliased(Slot), aliased(Slot)
    rows = session.execute(
        select(Offer, Booking.code, old.starts_at, new.starts_at.label("place"))
        .select_from(Offer)
        .join(Booking, Booking.id == Offer.booking_id)
        .join(old, old.id == Offer.old_slot_id)
        .outerjoin(new, new.id == Offer.slot_id)
        .where(Offer.closure_id == closure.id)
        .order_by(old.starts_at, Offer.booking_id)
        .offset(first)
        .limit(limit)
    ).all()
    numbers: dict[int, list[str]] = {}
    lost = select(Ticket).join(Offer, (Offer.booking_id == Ticket.booking_id) & (Offer.old_slot_id == Ticket.slot_id))
    ids = [row.Offer.id for row in rows]
    for ticket in session.scalars(lost.where(Offer.id.in_(ids)).order_by(Ticket.position, Ticket.id)):
        numbers.setdefault(ticket.booking_id, []).append(show_number(ticket.letter, ticket.queue_number))
    return [
        Offered(
            numbers=tuple(numbers.get(row.Offer.booking_id, ())),
            code=show_code(row.code),
            starts_at=row.starts_at,
            place=row.place,
            held_until=row.Offer.held_until if row.Offer.state is OfferState.OPEN else None,
            state=row.Offer.state,
        )
        for row in rows
    ]
