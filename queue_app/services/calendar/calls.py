"""Telephone calls to those of a closure whom no message reaches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.data_rights import ProcessingSuspended
from queue_app.domain.keyring import Keyring, bound_to, opened
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Offer
from queue_app.queries.calendar.call_list import offer_at
from queue_app.services.booking.offers import lock_bookings
from queue_app.services.records import audit


def show_phone(
    session: Session, offer_id: int, *, office_id: int, keyring: Keyring, actor: Actor, now: datetime
) -> str | None:
    """The telephone number of a booking, and who asked for it, in the audit log; None when there is none, `UNREADABLE`
    where the keys do not open it.

    Raises NotFound, ProcessingSuspended.
    """
    offer = offer_at(session, offer_id, office_id)
    if offer.booking.suspended_at is not None:
        raise ProcessingSuspended()
    _record(session, "offer.phone_shown", offer, actor=actor, now=now)
    booking = offer.booking
    return opened(keyring, booking.phone, bound_to=bound_to(booking.code, "phone"))


def record_call(session: Session, offer_id: int, *, office_id: int, staff_id: int, note: str, now: datetime) -> Offer:
    """Tick a person as told; who did it first stays written down. Raises NotFound, ReasonRequired for a note that
    names somebody.
    """
    offer = offer_at(session, offer_id, office_id)
    lock_bookings(session, [offer.booking_id])
    session.refresh(offer)
    if offer.called_at is not None:
        return offer
    offer.called_at, offer.called_by = now, staff_id
    offer.note = read_reason(note) if note.strip() else None
    _record(session, "offer.called", offer, actor=Actor.staff(staff_id), now=now, reason=offer.note)
    session.flush()
    return offer


def _record(
    session: Session, action: str, offer: Offer, *, actor: Actor, now: datetime, reason: str | None = None
) -> None:
    after = {"booking": offer.booking_id, "closure": offer.closure_id}
    office_id = offer.closure.office_id
    audit.record(
        session, action, "offer", offer.id, actor=actor, now=now, office_id=office_id, after=after, reason=reason
    )
