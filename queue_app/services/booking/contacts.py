"""Show the contact of a booking to a member of staff: whoever has seen it stands in the audit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.data_rights import ProcessingSuspended
from queue_app.domain.keyring import Keyring
from queue_app.domain.reasons import ContactPurpose
from queue_app.domain.roles import Actor
from queue_app.queries.booking.contacts import Contact, contact_of
from queue_app.queries.printing.printing import booking_at
from queue_app.services.records import audit


def reveal_contact(
    session: Session,
    booking_id: int,
    *,
    purpose: ContactPurpose,
    office_id: int,
    keyring: Keyring,
    actor: Actor,
    now: datetime,
) -> Contact:
    """The whole telephone number and address, and what for.

    Raises NotFound for a booking that has no ticket at the office, ProcessingSuspended.
    """
    booking = booking_at(session, booking_id, office_id)
    if booking.suspended_at is not None:
        raise ProcessingSuspended()
    audit.record(
        session,
        "booking.contact_shown",
        "booking",
        booking.id,
        actor=actor,
        now=now,
        office_id=office_id,
        after={"purpose": purpose},
    )
    return contact_of(booking, keyring)
