"""Delete personal data that is past its retention (UU 27/2022): the rows stay, for counts and for the audit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from queue_app.domain.roles import Actor
from queue_app.models import Booking, Ticket
from queue_app.services.access.staff import purge_sessions
from queue_app.services.offline.devices import purge_devices

from . import audit

SESSION_RETENTION = timedelta(days=30)


def purge(session: Session, *, retention: timedelta, now: datetime, limit: int = 500) -> int:
    """Empty NIK, name, phone and e-mail of bookings whose last appointment is older than ``retention``.

    Returns how many bookings were emptied; at most ``limit``, so that no transaction is long.
    """
    before = now - retention
    later = select(Ticket.id).where(Ticket.booking_id == Booking.id, Ticket.starts_at >= before).exists()
    holds_data = select(Ticket.id).where(Ticket.booking_id == Booking.id, Ticket.nik.is_not(None)).exists()
    ids = session.scalars(
        select(Booking.id)
        .where(~later, or_(holds_data, Booking.phone.is_not(None), Booking.email.is_not(None)))
        .order_by(Booking.id)
        .limit(limit)
    ).all()
    session.execute(
        update(Ticket)
        .where(Ticket.booking_id.in_(ids))
        .values(nik=None, name=None, person_index=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Booking)
        .where(Booking.id.in_(ids))
        .values(phone=None, email=None)
        .execution_options(synchronize_session=False)
    )
    for booking_id in ids:
        audit.record(session, "booking.purged", "booking", booking_id, actor=Actor.system("purge"), now=now)
    purge_sessions(session, before=now - SESSION_RETENTION)
    purge_devices(session, before=now - SESSION_RETENTION)
    session.flush()
    return len(ids)
