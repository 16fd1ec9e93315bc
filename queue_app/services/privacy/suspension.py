"""Suspending the use of a booking's data (UU 27/2022 Pasal 11, 41), and taking that back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.roles import Actor
from queue_app.models import Booking
from queue_app.services.booking.moving import load_booking
from queue_app.services.records import audit


def suspend(session: Session, booking_id: int, *, actor: Actor, now: datetime) -> Booking:
    """From now on no message and no search by name, NIK or number. The ticket stays good for whoever brings it.

    Of the whole booking, since its people have one contact. Suspending what is suspended changes nothing.
    """
    booking = load_booking(session, booking_id)
    if booking.suspended_at is None:
        booking.suspended_at = now
        audit.record(session, "data.suspended", "booking", booking.id, actor=actor, now=now)
    session.flush()
    return booking


def resume(session: Session, booking_id: int, *, actor: Actor, now: datetime) -> Booking:
    booking = load_booking(session, booking_id)
    if booking.suspended_at is not None:
        booking.suspended_at = None
        audit.record(session, "data.resumed", "booking", booking.id, actor=actor, now=now)
    session.flush()
    return booking
