"""All that is kept about one person of a booking, opened for whoever has shown that it is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring, Person, person_of
from queue_app.models import AuditEntry, Booking, DataRequest, Offer, Ticket

from ..booking.contacts import Contact, contact_of
from ..booking.history import Event, history_of
from .requests import requests_of


@dataclass(frozen=True, repr=False)
class Stored:
    """``tickets``: all that the person has had in the booking; ``until``: when name, NIK and contact are emptied.

    ``party``: of how many the booking is. ``kept``: nothing has been emptied yet. Instants are UTC.
    """

    booking: Booking
    ticket: Ticket
    tickets: tuple[Ticket, ...]
    person: Person
    contact: Contact
    party: int
    kept: bool
    until: datetime
    events: tuple[Event, ...]
    requests: Sequence[DataRequest]


def stored_of(session: Session, ticket: Ticket, *, keyring: Keyring, retention: timedelta) -> Stored:
    booking = ticket.booking
    own = tuple(one for one in booking.tickets if one.position == ticket.position)
    contact = contact_of(booking, keyring)
    events = [*history_of(session, booking, ticket.position), *_calls(session, booking)]
    return Stored(
        booking=booking,
        ticket=ticket,
        tickets=own,
        person=person_of(ticket, booking.code, keyring),
        contact=contact,
        party=len({one.position for one in booking.tickets}),
        kept=any((ticket.nik, ticket.name, ticket.person_index, contact.phone, contact.email)),
        until=max(one.starts_at for one in booking.tickets) + retention,
        events=tuple(sorted(events, key=lambda event: event.at, reverse=True)),
        requests=requests_of(session, ticket),
    )


def _calls(session: Session, booking: Booking) -> list[Event]:
    """Who was shown the telephone number because of a closure: it stands with the offer, not with the booking."""
    offers = select(Offer.id).where(Offer.booking_id == booking.id)
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.subject == "offer", AuditEntry.subject_id.in_(offers))
    )
    return [Event(entry.at, entry.action, by=entry.actor) for entry in entries]
