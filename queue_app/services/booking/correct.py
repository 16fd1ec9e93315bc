"""Mend a name or contact that was typed wrongly, and send the ticket to where it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.errors import NotFound
from queue_app.domain.keyring import Keyring, bound_to, person_of
from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import Actor
from queue_app.models import Booking, Ticket
from queue_app.queries.access.office_rows import ticket_at
from queue_app.queries.booking.contacts import contact_of
from queue_app.services.records import audit, outbox

from .moving import current_tickets, load_booking


@dataclass(frozen=True, repr=False)
class Correction:
    """What is right, already checked (`domain/identity.py`). None keeps what is there, "" of a contact removes it."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


def correct(
    session: Session,
    ticket_id: int,
    right: Correction,
    *,
    office_id: int,
    keyring: Keyring,
    actor: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Seal anew what differs and return its names. The name is that of the ticket's owner, the contact that of the
    whole booking. Who is still to come gets the ticket again.

    Raises NotFound for a ticket of another office, and for one whose personal data is deleted.
    """
    ticket = ticket_at(session, ticket_id, office_id)
    booking = load_booking(session, ticket.booking_id)
    if ticket.nik is None:
        raise NotFound()
    changed = [
        *_change_name(session, ticket, booking, right.name, keyring),
        *_change_contact(booking, right, keyring),
    ]
    if not changed:
        return ()
    after = {"corrected": changed}
    audit.record(
        session, "booking.corrected", "booking", booking.id, actor=actor, now=now, office_id=office_id, after=after
    )
    if any(one.state is TicketState.BOOKED for one in current_tickets(session, booking)):
        outbox.queue(session, booking, MessageKind.CONFIRMATION, due_at=now)
    session.flush()
    return tuple(changed)


def _change_name(
    session: Session, ticket: Ticket, booking: Booking, name: str | None, keyring: Keyring
) -> tuple[str, ...]:
    if name is None or name == person_of(ticket, booking.code, keyring).name:
        return ()
    # All tickets that this person has had in the booking, in the order in which everybody takes several.
    theirs = (Ticket.booking_id == booking.id, Ticket.position == ticket.position)
    session.execute(select(Ticket.id).where(*theirs).order_by(Ticket.id).with_for_update(key_share=True))
    sealed = keyring.seal(name, bound_to=bound_to(booking.code, "name", ticket.position))
    session.execute(update(Ticket).where(*theirs).values(name=sealed).execution_options(synchronize_session=False))
    session.refresh(ticket, ["name"])
    return ("name",)


def _change_contact(booking: Booking, right: Correction, keyring: Keyring) -> tuple[str, ...]:
    known = contact_of(booking, keyring)
    changed = []
    for column in ("phone", "email"):
        wanted = getattr(right, column)
        if wanted is None or wanted == (getattr(known, column) or ""):
            continue
        sealed = keyring.seal(wanted, bound_to=bound_to(booking.code, column)) if wanted else None
        setattr(booking, column, sealed)
        changed.append(column)
    return tuple(changed)
