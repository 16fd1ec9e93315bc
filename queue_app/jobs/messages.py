"""Write the text of a message, at the moment it is sent: so it tells the present state of the booking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import current_app
from jinja2 import Environment, StrictUndefined
from sqlalchemy.orm import Session

from queue_app.adapters import language as wording
from queue_app.domain.booking import TicketState
from queue_app.domain.keyring import Keyring, PersonalDataUnreadable, Unreadable, person_of
from queue_app.domain.reminders import ABOUT_DATA, OF_CLOSURES, MessageKind
from queue_app.domain.stages import TO_COME, Act
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import Booking, OutboxMessage, Ticket
from queue_app.queries.booking.contacts import Contact, contact_of
from queue_app.queries.booking.lives import life_of, lives_of
from queue_app.queries.calendar.offices import offering_at
from queue_app.queries.texts.messages import own_text

from .closure_letters import offer_values, tickets_to_name
from .data_letters import data_values
from .own_words import written_by

ENVIRONMENT = "message_templates"
# Other messages are about the tickets that stand.
WANTED = {
    MessageKind.CANCELLED: (TicketState.CANCELLED,),
    MessageKind.SURVEY: (TicketState.CHECKED_IN,),
    **dict.fromkeys(ABOUT_DATA, tuple(state for state in TicketState if state is not TicketState.RESCHEDULED)),
}


@dataclass(frozen=True)
class Letter:
    """A written message and the ways to reach its reader."""

    reference: str
    kind: MessageKind
    email: str | None
    phone: str | None
    subject: str
    text: str


@dataclass(frozen=True)
class PersonTicket:
    """One person's ticket as a message shows it: ``A-012``, ``S. W.``, and the address of the ticket."""

    number: str
    initials: str | None
    link: str


def compose(session: Session, row: OutboxMessage, *, keyring: Keyring, public_url: str, now: datetime) -> Letter:
    """The message in the booking's language, in the office's own words where it has some. The first line of a
    built-in template is the subject.

    Raises LookupError when the booking has no ticket to write about, PersonalDataUnreadable when no contact can be
    opened.
    """
    booking = row.booking
    ways = _ways(booking, keyring)
    language = wording.ENGLISH if booking.language == wording.ENGLISH else wording.INDONESIAN
    about_closure = row.kind in OF_CLOSURES
    tickets = tickets_to_name(session, row, now=now) if about_closure else _tickets(booking.tickets, row)
    if not tickets:
        raise LookupError("no ticket to write about")
    lives = lives_of(session, booking.tickets)
    remaining = [ticket for ticket in booking.tickets if lives[ticket.id].stage(now=now) in TO_COME]
    values = {
        "code": show_code(booking.code),
        "service": booking.service.name_en if language == wording.ENGLISH else booking.service.name_id,
        "places": [_person_ticket(ticket, booking.code, keyring, public_url, language) for ticket in tickets],
        "remaining": [show_number(ticket.letter, ticket.queue_number) for ticket in remaining],
        "public_url": public_url,
        **_appointment(session, tickets[0], language, now=now),
    }
    if about_closure:
        values |= offer_values(session, row, values["places"][0].link, language, now=now)
    if row.kind in ABOUT_DATA:
        values |= data_values(session, row, keyring, language, now=now)
    own = own_text(session, values.get("closed_office_id", tickets[0].office_id), row.kind, language)
    subject, text = written_by(own, values, _environment()) if own else _built_in(row.kind, values, language)
    return Letter(
        reference=_reference(row),
        kind=row.kind,
        email=ways.email,
        phone=ways.phone,
        subject=subject,
        text=text,
    )


def _built_in(kind: MessageKind, values: Mapping[str, Any], language: str) -> tuple[str, str]:
    template = _environment().get_template(f"messages/{kind}/{language}.txt")
    subject, _, text = template.render(values).strip().partition("\n")
    return subject.strip(), text.strip() + "\n"


def _tickets(tickets: Sequence[Ticket], row: OutboxMessage) -> list[Ticket]:
    """The tickets a message is about: the standing ones, or the ones that were cancelled (of a party, just then)."""
    wanted = WANTED.get(row.kind, (TicketState.BOOKED,))
    found = sorted((ticket for ticket in tickets if ticket.state in wanted), key=lambda ticket: ticket.position)
    if row.kind is MessageKind.CANCELLED:
        found = [ticket for ticket in found if ticket.state_since == row.due_at] or found
    return found


def _person_ticket(ticket: Ticket, code: str, keyring: Keyring, public_url: str, language: str) -> PersonTicket:
    initials = person_of(ticket, code, keyring).initials
    if isinstance(initials, Unreadable):
        initials = wording.translations(language).gettext("tidak terbaca")
    return PersonTicket(
        number=show_number(ticket.letter, ticket.queue_number),
        initials=initials or None,
        link=f"{public_url}/t/{keyring.ticket_token(ticket.id)}",
    )


def _appointment(session: Session, ticket: Ticket, language: str, *, now: datetime) -> dict[str, Any]:
    offering = offering_at(session, ticket.office_id, ticket.service_id)
    office = ticket.office
    rules = offering.booking_rules
    acts = life_of(session, ticket).acts(rules, now=now)
    moves_close = rules.moves_close(ticket.day, ticket.starts_at)
    requirements = offering.requirements_en if language == wording.ENGLISH else offering.requirements_id
    return {
        "given": ticket.slot.accepts,  # false when the day, or this hour of it, was closed
        "office": office.name,
        "address": office.address,
        "map_url": office.map_url,
        "day": wording.format_day(ticket.day, language),
        "window": wording.format_window(ticket.slot.starts_at, ticket.slot.ends_at, office.time_zone, language),
        "requirements": [line.strip() for line in requirements.splitlines() if line.strip()],
        "may_move": Act.MOVE_DAY in acts,
        "may_cancel": Act.CANCEL in acts,
        "move_until": wording.format_instant(moves_close, office.time_zone, language),
    }


def _ways(booking: Booking, keyring: Keyring) -> Contact:
    """What can be read of the ways to the reader. Raises PersonalDataUnreadable when that is none of those given."""
    contact = contact_of(booking, keyring)
    given = [value for value in (contact.email, contact.phone) if value]
    if given and all(isinstance(value, Unreadable) for value in given):
        raise PersonalDataUnreadable()
    return Contact(**{way: None if isinstance(value, Unreadable) else value for way, value in vars(contact).items()})


def _reference(row: OutboxMessage) -> str:
    """The natural key of a message, not to be guessed at from outside: the same at every try."""
    key = f"{row.booking.code}/{row.kind}/{row.due_at.isoformat()}"
    return f"{row.kind.replace('_', '-')}.{sha256(key.encode()).hexdigest()[:32]}"


def _environment() -> Environment:
    """The app's templates, as plain text: an apostrophe in an address must not become ``&#39;``."""
    environment: Environment | None = current_app.extensions.get(ENVIRONMENT)
    if environment is None:
        environment = current_app.jinja_env.overlay(
            autoescape=False, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
        )
        current_app.extensions[ENVIRONMENT] = environment
    return environment
