"""One person of a booking as staff see them: who, when, where it stands, what happened, and what can be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.keyring import Keyring, Person, person_of
from queue_app.domain.office_acts import OfficeAct, office_acts
from queue_app.domain.stages import Stage, TicketLife
from queue_app.models import Booking, Ticket
from queue_app.queries.access.office_rows import ticket_at

from .bookings import is_persons, latest_ticket
from .contacts import Contact, contact_of
from .history import Event, history_of
from .lives import life_of
from .ticket_lines import TicketLine, lines_of

OTHERS = 10  # bookings of the same person that are named


@dataclass(frozen=True, repr=False)
class PersonView:
    """``ticket`` is the one that holds at the office asked from; ``elsewhere`` what it was moved to at another one.

    ``contact`` is masked. ``family``: the others of the booking; ``also``: other bookings of the same person here.
    ``kept``: their data is not deleted yet.
    """

    ticket: Ticket
    booking: Booking
    person: Person
    contact: Contact
    life: TicketLife
    stage: Stage
    acts: frozenset[OfficeAct]
    elsewhere: Ticket | None
    family: tuple[TicketLine, ...]
    also: tuple[TicketLine, ...]
    history: tuple[Event, ...]
    kept: bool


def holding_ticket(session: Session, ticket_id: int, office_id: int) -> Ticket:
    """What holds in place of a ticket of the office; itself where it was moved to another office. Raises NotFound."""
    ticket = ticket_at(session, ticket_id, office_id)
    latest = latest_ticket(session, ticket)
    return latest if latest.office_id == office_id else ticket


def person_view(session: Session, ticket: Ticket, *, keyring: Keyring, now: datetime) -> PersonView:
    booking = ticket.booking
    party = {one.position: one for one in booking.tickets}  # they come in the order of ids: the latest of each
    family = [one for one in party.values() if one.position != ticket.position and one.office_id == ticket.office_id]
    life = life_of(session, ticket)
    latest = latest_ticket(session, ticket)
    return PersonView(
        ticket=ticket,
        booking=booking,
        person=person_of(ticket, booking.code, keyring),
        contact=contact_of(booking, keyring).masked,
        life=life,
        stage=life.stage(now=now),
        acts=_acts(life, party.values(), now=now),
        elsewhere=latest if latest is not ticket else None,
        family=lines_of(session, family, keyring=keyring, now=now),
        also=lines_of(session, _also(session, ticket), keyring=keyring, now=now),
        history=history_of(session, booking, ticket.position),
        kept=ticket.nik is not None,
    )


def _acts(life: TicketLife, party: Iterable[Ticket], *, now: datetime) -> frozenset[OfficeAct]:
    acts = office_acts(life, now=now)
    together = all(one.state in (TicketState.BOOKED, TicketState.CANCELLED) for one in party)
    return acts if together else acts - {OfficeAct.MOVE}  # a family moves as a whole, or not any more


def _also(session: Session, ticket: Ticket) -> list[Ticket]:
    if ticket.person_index is None:
        return []
    rows = (
        select(Ticket)
        .where(is_persons(ticket.person_index, ticket.office_id))
        .where(Ticket.booking_id != ticket.booking_id, Ticket.state != TicketState.RESCHEDULED)
        .order_by(Ticket.starts_at.desc(), Ticket.id.desc())
        .limit(OTHERS)
    )
    return list(session.scalars(rows))
