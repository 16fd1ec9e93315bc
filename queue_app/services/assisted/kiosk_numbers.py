"""A number from the kiosk: like one from the desk, but nobody looks at who asks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from queue_app.domain.errors import AlreadyBooked
from queue_app.domain.keyring import Keyring
from queue_app.domain.visits import VisitState
from queue_app.models import Ticket, Visit
from queue_app.services.access.kiosks import DeviceIdentity
from queue_app.services.booking.book import Booked

from .book_for_others import AssistedRequest, book_assisted

OVER = (VisitState.SERVED, VisitState.ABSENT, VisitState.DAY_ENDED)


def give_number(
    session: Session, request: AssistedRequest, *, device: DeviceIdentity, keyring: Keyring, now: datetime
) -> Booked:
    """Book for now, and check in. Raises what `book_assisted` raises; AlreadyBooked also for somebody who waits here
    for the same service already: who has come may book again, and one NIK could take every number of the day.
    """
    booked = book_assisted(
        session,
        request,
        office_id=device.office_id,
        keyring=keyring,
        now=now,
        actor=device.actor,
        device_id=device.device_id,
    )
    # Afterwards: whoever gives a number counts it on the service's day, and so waits for others who do the same.
    if waits_already(session, booked.booking_id):
        raise AlreadyBooked()
    return booked


def waits_already(session: Session, booking_id: int) -> bool:
    """Whether the persons of the booking have another ticket of that day and service, and are not done with it."""
    other = aliased(Ticket)
    return (
        session.scalars(
            select(other.id)
            .join(Visit, Visit.ticket_id == other.id)
            .join(
                Ticket,
                (Ticket.person_index == other.person_index)
                & (Ticket.office_id == other.office_id)
                & (Ticket.service_id == other.service_id)
                & (Ticket.day == other.day),
            )
            .where(Ticket.booking_id == booking_id, other.booking_id != booking_id, Visit.state.not_in(OVER))
            .limit(1)
        ).first()
        is not None
    )
