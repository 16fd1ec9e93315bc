"""The facts of a ticket: gathered once for its page, the print, the PDF and the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from queue_app.db import db
from queue_app.domain.booking import EXPECTED_STATES, TicketState
from queue_app.domain.calendar import DayStatus
from queue_app.domain.errors import ChangeClosed, DomainError
from queue_app.domain.keyring import person_of
from queue_app.domain.reminders import MessageKind, reminder_due
from queue_app.domain.tickets import show_number
from queue_app.models import Booking, OfficeService, Ticket
from queue_app.queries.calendar.offices import offering_at
from queue_app.services.booking import change, lookup
from queue_app.services.visits.disruptions import was_left
from queue_app.web.request import keyring


class TicketHeadline(Enum):
    """What the holder of a ticket is told first."""

    VALID = "valid"
    ARRIVED = "arrived"
    DAY_CLOSED = "day_closed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    MISSED = "missed"


# The ticket opens nothing at the desk any more.
VOID = frozenset({TicketHeadline.MOVED, TicketHeadline.CANCELLED, TicketHeadline.MISSED})


@dataclass(frozen=True)
class PersonTicket:
    """One person's ticket: ``A-012``, the QR payload, ``S. W.``; ``position`` is the person's in the party."""

    number: str
    token: str
    person: str
    position: int
    state: TicketState

    @property
    def arrived(self) -> bool:
        return self.state is TicketState.CHECKED_IN


@dataclass(frozen=True)
class TicketFacts:
    """``places`` has the ticket asked for first, then those of the party that stand; ``dropped`` those cancelled.

    ``may_change``: None or the refusal. ``changes``: how often the booking was changed, for calendars.
    Instants are UTC.
    """

    ticket: Ticket
    booking: Booking
    offering: OfficeService
    headline: TicketHeadline
    places: tuple[PersonTicket, ...]
    dropped: tuple[PersonTicket, ...]
    may_change: DomainError | None
    change_until: datetime
    reminder_at: datetime | None
    changes: int

    @property
    def zone(self) -> str:
        return self.offering.office.time_zone

    @property
    def is_void(self) -> bool:
        return self.headline in VOID

    @property
    def is_party(self) -> bool:
        """Whether one QR code stands for several."""
        return len(self.places) > 1 and not self.is_void

    @property
    def in_order(self) -> tuple[PersonTicket, ...]:
        return tuple(sorted(self.places, key=lambda place: place.position))

    @property
    def numbers(self) -> str:
        return ", ".join(place.number for place in self.in_order)

    @property
    def too_late_to_change(self) -> bool:
        return isinstance(self.may_change, ChangeClosed)


def load_ticket(token: str) -> Ticket:
    """Raises NotFound."""
    return lookup.ticket_of_token(db.session(), token, keyring=keyring())


def gather(ticket: Ticket, *, now: datetime) -> TicketFacts:
    session, booking = db.session(), ticket.booking
    offering = offering_at(session, ticket.office_id, ticket.service_id)
    due = reminder_due(MessageKind.REMINDER_DAY_BEFORE, ticket.day, offering.office.time_zone)
    others = [other for other in booking.tickets if other.position != ticket.position]
    return TicketFacts(
        ticket=ticket,
        booking=booking,
        offering=offering,
        headline=_headline(ticket),
        places=tuple(
            _person_ticket(one, booking.code)
            for one in [ticket, *others]
            if one is ticket or one.state in EXPECTED_STATES
        ),
        dropped=tuple(_person_ticket(one, booking.code) for one in others if one.state is TicketState.CANCELLED),
        may_change=change.may_change(session, booking, now=now),
        change_until=offering.booking_rules.changes_close.instant(ticket.day, offering.office.time_zone),
        reminder_at=due if booking.email and now < due else None,
        changes=sum(
            other.state is TicketState.CANCELLED
            or (other.position == ticket.position and other.state is TicketState.RESCHEDULED)
            for other in booking.tickets
        ),
    )


def _headline(ticket: Ticket) -> TicketHeadline:
    if ticket.state is TicketState.RESCHEDULED:
        return TicketHeadline.MOVED
    if ticket.state is TicketState.CANCELLED:
        return TicketHeadline.CANCELLED
    if ticket.state is TicketState.NO_SHOW:
        return TicketHeadline.MISSED
    day = ticket.slot.service_day.status
    if ticket.state is TicketState.CHECKED_IN:
        sent_home = day is DayStatus.CLOSED and was_left(db.session(), ticket)
        return TicketHeadline.DAY_CLOSED if sent_home else TicketHeadline.ARRIVED
    return TicketHeadline.VALID if day is DayStatus.OPEN else TicketHeadline.DAY_CLOSED


def _person_ticket(ticket: Ticket, code: str) -> PersonTicket:
    return PersonTicket(
        number=show_number(ticket.letter, ticket.queue_number),
        token=keyring().ticket_token(ticket.id),
        person=person_of(ticket, code, keyring()).initials,  # emptied when its time of keeping was over
        position=ticket.position,
        state=ticket.state,
    )
