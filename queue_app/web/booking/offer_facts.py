"""The place that a closure offers, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_app.db import db
from queue_app.domain.closures import OfferState
from queue_app.models import Closure, Offer, Office, Slot, Ticket
from queue_app.services.booking import answering
from queue_app.services.booking.offers import latest_offer


@dataclass(frozen=True)
class OfferFacts:
    """``slot`` and ``office``: of the place that can be accepted now, None when there is none (any more).

    ``first_choice_until``: till when they choose before others, where nothing fitted on their day or later. Instants
    are UTC.
    """

    state: OfferState
    closure: Closure
    old_slot: Slot
    slot: Slot | None
    office: Office
    held_until: datetime | None
    first_choice_until: datetime | None

    @property
    def elsewhere(self) -> bool:
        return self.office.id != self.closure.office_id

    @property
    def is_earlier(self) -> bool:
        return self.slot is not None and self.slot.day < self.old_slot.day

    @property
    def is_return(self) -> bool:
        """Their own old place, open again."""
        return self.state is OfferState.OFFERED_BACK


def offer_facts(ticket: Ticket, *, now: datetime) -> OfferFacts | None:
    """None where no closure concerns the booking."""
    session = db.session()
    offer = latest_offer(session, ticket.booking_id)
    if offer is None:
        return None
    slot = _slot(offer) if answering.refusal_to_accept(session, offer, now=now) is None else None
    first_choice = offer.has_first_choice and now < offer.choose_until
    return OfferFacts(
        state=offer.state,
        closure=offer.closure,
        old_slot=offer.old_slot,
        slot=slot,
        office=session.get_one(Office, slot.office_id if slot else offer.closure.office_id),
        held_until=offer.held_until if offer.state is OfferState.OPEN else None,
        first_choice_until=offer.choose_until if first_choice else None,
    )


def _slot(offer: Offer) -> Slot | None:
    return offer.old_slot if offer.state is OfferState.OFFERED_BACK else offer.slot
