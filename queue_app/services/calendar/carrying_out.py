"""One offer and one message for each booking that a closure concerns; and the same back when it is revoked.

In batches, each a transaction of its own: killed between two of them, the next run finds those who have no offer yet.
The order of locks is closure, bookings, slots.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.closures import (
    MOVED,
    UNANSWERED,
    ClosureKind,
    ClosureState,
    OfferState,
    held_until,
)
from queue_app.domain.errors import DayClosed, SlotFull
from queue_app.domain.proposed_places import Proposal, Room, precedence, propose
from queue_app.domain.reminders import MessageKind
from queue_app.models import Closure, Offer, OutboxMessage, Slot
from queue_app.queries.calendar.affected import Affected, rooms_for, without_offer
from queue_app.services.booking.offers import give_back, lock_bookings, lock_offers, settle, tickets_of
from queue_app.services.booking.places import add_places, claim_places, lock_slots, narrow
from queue_app.services.records.outbox import state_of_due
from queue_app.services.records.upsert import insert_absent

from .closures import lock_closure

BATCH = 100  # bookings a transaction: those who book wait no longer than that


def closures_to_carry_out(session: Session) -> list[int]:
    """Those that somebody still has to hear of, confirmed or revoked; the oldest first."""
    confirmed = Closure.state == ClosureState.CONFIRMED
    revoked = (Closure.state == ClosureState.REVOKED) & Closure.undone_at.is_(None)
    return list(session.scalars(select(Closure.id).where(confirmed | revoked).order_by(Closure.id)))


def carry_out(session: Session, closure_id: int, *, now: datetime, limit: int = BATCH) -> int:
    """Make the next offers of a closure, or take back the next ones; return how many bookings were looked at."""
    closure = lock_closure(session, closure_id)
    if closure.state is ClosureState.REVOKED:
        return _take_back(session, closure, now=now, limit=limit)
    if closure.state is not ClosureState.CONFIRMED:
        return 0
    concerned = without_offer(session, closure)
    if not concerned:
        closure.state, closure.done_at = ClosureState.DONE, now
        session.flush()
        return 0
    rooms = rooms_for(session, closure, concerned, now=now)
    plan = propose((one.party for one in concerned), rooms)
    batch = sorted(concerned, key=lambda one: precedence(one.party))[:limit]
    ids = {one.booking_id for one in batch}
    lock_bookings(session, ids)
    # Some may have moved, cancelled or come while their bookings were waited for.
    still = {one.booking_id: one for one in without_offer(session, closure, ids) if one.booking_id in ids}
    proposals = {booking_id: plan.get(booking_id) for booking_id in still}
    wanted = {proposal.slot_id for proposal in proposals.values() if proposal}
    lock_slots(session, Slot.id.in_(wanted | _held(session, still.values())))
    made = _Making(closure, {room.slot_id: room for room in rooms}, now)
    for one in batch:
        if one.booking_id in still:
            made.offer(session, still[one.booking_id], proposals[one.booking_id])
    made.store(session)
    return len(batch)


class _Making:
    """The offers of one batch, stored in two statements."""

    def __init__(self, closure: Closure, rooms: dict[int, Room], now: datetime) -> None:
        self._closure, self._rooms, self._now = closure, rooms, now
        self._offers: list[dict[str, Any]] = []
        self._told: list[int] = []

    def offer(self, session: Session, one: Affected, proposal: Proposal | None) -> None:
        """A place that has gone since the plan was made leaves the booking to the next batch, with a new plan."""
        place: dict[str, Any] = {"slot_id": None, "first_number": None, "extra": 0, "held_until": None}
        if proposal is not None:
            taken = _claim(session, proposal, one.party.places)
            if taken is None:
                return
            room = self._rooms[proposal.slot_id]
            hold = timedelta(hours=self._closure.hold_hours)
            until = held_until(room.starts_at, hold, now=self._now)
            place = {"slot_id": room.slot_id, "first_number": taken[-1], "extra": proposal.extra, "held_until": until}
        if one.offer_id is not None:
            self._offer_anew(session, one, place)
        else:
            self._offers.append(self._values(one, place))
        self._told.append(one.booking_id)

    def _offer_anew(self, session: Session, one: Affected, place: dict[str, Any]) -> None:
        """The place offered by an earlier closure was taken by this one."""
        offer = session.get_one(Offer, one.offer_id, populate_existing=True)
        give_back(session, offer, offer.places)
        for name, value in (place | {"places": one.party.places}).items():
            setattr(offer, name, value)
        offer.state = OfferState.OPEN if place["slot_id"] else OfferState.WAITING
        offer.state_since, offer.choose_until = self._now, max(offer.choose_until, self._choose_until())
        # Whoever was telephoned heard of a place that is gone.
        offer.to_call, offer.called_at, offer.called_by, offer.note = not one.has_email, None, None, None
        session.flush()

    def _values(self, one: Affected, place: dict[str, Any]) -> dict[str, Any]:
        return place | {
            "closure_id": self._closure.id,
            "booking_id": one.booking_id,
            "old_slot_id": one.slot_id,
            "places": one.party.places,
            "choose_until": self._choose_until(),
            "state": OfferState.OPEN if place["slot_id"] else OfferState.WAITING,
            "state_since": self._now,
            "to_call": not one.has_email,
        }

    def _choose_until(self) -> datetime:
        hold = timedelta(hours=self._closure.hold_hours)
        return self._now + max(hold, timedelta(days=self._closure.precedence_days))

    def store(self, session: Session) -> None:
        insert_absent(session, Offer, ["closure_id", "booking_id"], self._offers)
        kind = MessageKind.SENT_HOME if self._closure.kind is ClosureKind.TODAY else MessageKind.DAY_CLOSED
        _tell(session, self._closure, self._told, kind, self._closure.confirmed_at, now=self._now)


def _claim(session: Session, proposal: Proposal, places: int) -> tuple[Any, ...] | None:
    """None when the place has gone meanwhile."""
    if proposal.extra:
        add_places(session, proposal.slot_id, proposal.extra)
    try:
        return claim_places(session, proposal.slot_id, places)
    except (SlotFull, DayClosed):
        if proposal.extra:
            narrow(session, proposal.slot_id)
        return None


def _held(session: Session, concerned: Any) -> set[int]:
    """The slots of the offers that lose their held place."""
    ids = [one.offer_id for one in concerned if one.offer_id is not None]
    return set(session.scalars(select(Offer.slot_id).where(Offer.id.in_(ids), Offer.slot_id.is_not(None))))


def _take_back(session: Session, closure: Closure, *, now: datetime, limit: int) -> int:
    """Who has not moved keeps the place they had; who has is offered it back while it is free.

    Where another closure takes that place as well, theirs stands as that one's, and nobody is told that the day is
    open. Where the hour has no planned place any more the old one went with them, and there is nothing to be told.
    """
    to_go_back = Offer.state.in_(MOVED) & (Slot.planned > 0)
    ids = session.scalars(
        select(Offer.id)
        .join(Slot, Slot.id == Offer.old_slot_id)
        .where(Offer.closure_id == closure.id, Offer.state.in_(UNANSWERED) | to_go_back)
        .order_by(Offer.booking_id)
        .limit(limit)
    ).all()
    if not ids:
        closure.undone_at = now
        session.flush()
        return 0
    told = []
    for offer in lock_offers(session, ids):
        if heir := _heir(session, offer):
            offer.closure_id = heir
            continue
        was_called = offer.called_at is not None
        if offer.state in MOVED:
            settle(session, offer, OfferState.OFFERED_BACK, now=now)
        elif offer.state in UNANSWERED:
            settle(session, offer, OfferState.KEPT if tickets_of(session, offer) else OfferState.CANCELLED, now=now)
        if offer.state is not OfferState.CANCELLED:
            told.append(offer.booking_id)
        # Who was told by telephone hears of this by telephone too; who was not has never heard of it.
        offer.to_call = offer.to_call and was_called and offer.state is not OfferState.CANCELLED
        offer.called_at, offer.called_by, offer.note = None, None, None
    session.flush()
    _tell(session, closure, told, MessageKind.DAY_OPENED, closure.revoked_at, now=now)
    return len(ids)


def _heir(session: Session, offer: Offer) -> int | None:
    """The closure that covers what this one took, unless it has made the booking an offer of its own."""
    slot = session.get_one(Slot, offer.old_slot_id, populate_existing=True)
    if slot.closure_id in (None, offer.closure_id):
        return None
    own = select(Offer.id).where(Offer.booking_id == offer.booking_id, Offer.closure_id == slot.closure_id)
    return None if session.scalars(own).first() else slot.closure_id


def _tell(
    session: Session,
    closure: Closure,
    booking_ids: Sequence[int],
    kind: MessageKind,
    due_at: datetime | None,
    *,
    now: datetime,
) -> None:
    """One message a booking: a second one of the same kind and time changes nothing."""
    state = state_of_due(session, due_at or now)
    rows = [
        {
            "booking_id": booking_id,
            "office_id": closure.office_id,
            "kind": kind,
            "due_at": due_at or now,
            "state": state,
            "next_try_at": now,
            "attempts": 0,
        }
        for booking_id in booking_ids
    ]
    insert_absent(session, OutboxMessage, ["booking_id", "kind", "due_at"], rows)
