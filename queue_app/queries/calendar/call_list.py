"""Those of a closure whom no message reaches: somebody has to telephone them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, selectinload

from queue_app.domain.closures import UNANSWERED, OfferState
from queue_app.domain.errors import NotFound
from queue_app.domain.keyring import Keyring, person_of
from queue_app.domain.reminders import OF_CLOSURES
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import IN_A_FILE, Booking, Closure, MessageState, Offer, OutboxMessage, Slot, Staff, Ticket

REVOKED = (OfferState.KEPT, OfferState.OFFERED_BACK)


@dataclass(frozen=True)
class Call:
    """One booking to telephone. ``failed``: there was an address, and no message arrived. Instants are UTC."""

    offer: Offer
    code: str
    people: tuple[tuple[int, str, str], ...]  # ticket, number and name
    has_phone: bool
    failed: bool
    message_id: int | None
    old_slot: Slot
    slot: Slot | None
    called_by: str | None

    @property
    def open(self) -> bool:
        return self.offer.called_at is None and self.offer.state in (*UNANSWERED, *REVOKED)


@dataclass(frozen=True)
class CallCount:
    closure: Closure
    to_call: int
    called: int


def calls_of(session: Session, closure: Closure, *, keyring: Keyring) -> tuple[Call, ...]:
    """Those still to be called first, in the order of the hours that were closed."""
    rows = session.execute(
        select(Offer, OutboxMessage, Staff.name)
        .select_from(Offer)
        .outerjoin(OutboxMessage, _message())
        .outerjoin(Staff, Staff.id == Offer.called_by)
        .join(Slot, Slot.id == Offer.old_slot_id)
        .where(Offer.closure_id == closure.id, _unreached())
        .options(selectinload(Offer.booking).selectinload(Booking.tickets))
        .order_by(Slot.starts_at, Offer.booking_id)
        .execution_options(populate_existing=True)
    ).unique()
    calls = [_call(offer, message, name, keyring) for offer, message, name in rows]
    return tuple(sorted(calls, key=lambda call: not call.open))


def call_counts(session: Session, office_id: int) -> tuple[CallCount, ...]:
    """Of each closure of the office that has somebody to call, the newest first."""
    rows = session.execute(
        select(Closure, func.count(), func.count(Offer.called_at))
        .join(Offer, Offer.closure_id == Closure.id)
        .outerjoin(OutboxMessage, _message())
        .where(Closure.office_id == office_id, _unreached())
        .group_by(Closure.id)
        .order_by(Closure.first_day.desc(), Closure.id.desc())
        .limit(50)
    )
    closures = [(row[0], row[1], row[2]) for row in rows]
    return tuple(CallCount(closure, total - called, called) for closure, total, called in closures)


def offer_at(session: Session, offer_id: int, office_id: int) -> Offer:
    """Raises NotFound for one of another office."""
    offer = session.get(Offer, offer_id, populate_existing=True)
    if offer is None or offer.closure.office_id != office_id:
        raise NotFound()
    return offer


def _unreached() -> ColumnElement[bool]:
    answered = Offer.state.in_([*UNANSWERED, *REVOKED]) | Offer.called_at.is_not(None)
    unsent = (OutboxMessage.state == MessageState.FAILED) | (OutboxMessage.channel == IN_A_FILE)
    return (Offer.to_call | unsent) & answered


def _message() -> ColumnElement[bool]:
    """The newest message about a closure that was queued for the booking."""
    row = aliased(OutboxMessage)
    newest = (
        select(func.max(row.id))
        .where(row.booking_id == Offer.booking_id, row.kind.in_(OF_CLOSURES))
        .correlate(Offer)
        .scalar_subquery()
    )
    return OutboxMessage.id == newest


def _call(offer: Offer, message: OutboxMessage | None, name: str | None, keyring: Keyring) -> Call:
    booking = offer.booking
    return Call(
        offer=offer,
        code=show_code(booking.code),
        people=tuple(_people(offer, booking.tickets, keyring)),
        has_phone=booking.phone is not None,
        failed=message is not None and message.state is MessageState.FAILED,
        message_id=message.id if message is not None else None,
        old_slot=offer.old_slot,
        slot=offer.slot if offer.state is OfferState.OPEN else None,
        called_by=name,
    )


def _people(offer: Offer, tickets: Iterable[Ticket], keyring: Keyring) -> Iterable[tuple[int, str, str]]:
    for ticket in tickets:
        if ticket.slot_id == offer.old_slot_id:
            person = person_of(ticket, offer.booking.code, keyring)
            yield ticket.id, show_number(ticket.letter, ticket.queue_number), person.name or "–"
