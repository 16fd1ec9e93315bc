"""Hours that have fewer places now than people: they serve everybody, and whoever likes may come at another time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import Actor
from queue_app.models import Booking, OfficeService
from queue_app.queries.calendar.withdrawn import Withdrawn, to_be_told, told_to_move, withdrawn_tickets
from queue_app.services.booking.offers import lock_bookings
from queue_app.services.records import audit, outbox


def tell_of_cut(session: Session, office_service_id: int, *, actor: Actor, now: datetime) -> int:
    """Tell those who are too many in hours that were cut that they may move; return how many bookings hear of it.

    Each whom a message reaches is told once of the place they hold. It stays theirs, so nothing else is held for them
    and there is nothing to be answered (decision 0018). Raises NotFound.
    """
    offering = session.get(OfficeService, office_service_id)
    if offering is None:
        raise NotFound()
    lock_bookings(session, {entry.booking_id for entry in _to_tell(session, offering, now=now)})
    # Some may have moved or been told while their bookings were waited for.
    still = sorted({entry.booking_id for entry in _to_tell(session, offering, now=now)})
    bookings = [session.get_one(Booking, booking_id) for booking_id in still]
    told = sum(outbox.queue(session, booking, MessageKind.HOUR_CUT, due_at=now) for booking in bookings)
    if told:
        audit.record(
            session,
            "hour.cut_told",
            "office_service",
            offering.id,
            actor=actor,
            now=now,
            office_id=offering.office_id,
            after={"bookings": told},
        )
    return told


def _to_tell(session: Session, offering: OfficeService, *, now: datetime) -> list[Withdrawn]:
    here = {"office_id": offering.office_id, "service_id": offering.service_id}
    entries = withdrawn_tickets(session, **here, now=now)
    return to_be_told(entries, told_to_move(session, [entry.ticket_id for entry in entries]), now=now)
