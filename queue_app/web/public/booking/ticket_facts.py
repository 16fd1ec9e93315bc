"""The facts of a ticket: gathered once for its page, the print, the PDF and the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_app.db import db
from queue_app.domain.booking import TicketState
from queue_app.domain.clock import office_date
from queue_app.domain.keyring import person_of
from queue_app.domain.reminders import MessageKind, reminder_due
from queue_app.domain.stages import TO_COME, VALID, Act, Stage, TicketLife
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import Outcome
from queue_app.models import Booking, Closure, OfficeService, Ticket
from queue_app.queries.booking.lives import lives_of
from queue_app.services.booking import change, lookup
from queue_app.web.booking.offerings import offering_for
from queue_app.web.request import keyring
from queue_app.web.site.language import legible

# A party is shown as one as long as it is expected, and when the office has taken its place away.
STAND_TOGETHER = VALID | {Stage.WITHDRAWN}


@dataclass(frozen=True)
class PersonTicket:
    """One person's ticket: ``A-012``, the QR payload, ``S. W.``; ``position`` is the person's in the party."""

    number: str
    token: str
    person: str
    position: int
    stage: Stage

    @property
    def is_void(self) -> bool:
        """It opens nothing at the desk: no QR code, no paper, no calendar entry is made of it."""
        return self.stage not in VALID


@dataclass(frozen=True)
class TicketFacts:
    """``places`` has the ticket asked for first, then those of the party that are as valid; ``others`` the rest of it.

    ``acts``: for the whole booking. ``changes``: how often it was changed, for calendars. Instants are UTC.
    """

    ticket: Ticket
    booking: Booking
    offering: OfficeService
    life: TicketLife
    places: tuple[PersonTicket, ...]
    others: tuple[PersonTicket, ...]
    acts: frozenset[Act]
    move_until: datetime
    reminder_at: datetime | None
    changes: int
    is_today: bool
    closure: Closure | None  # that took the place away

    @property
    def zone(self) -> str:
        return self.offering.office.time_zone

    @property
    def stage(self) -> Stage:
        return self.places[0].stage

    @property
    def outcome(self) -> Outcome | None:
        return self.life.outcome

    @property
    def is_void(self) -> bool:
        return self.places[0].is_void

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
    def family_coming(self) -> PersonTicket | None:
        """Of the party somebody whose ticket is valid where this one is not."""
        return next((other for other in self.others if not other.is_void), None)


def load_ticket(token: str) -> Ticket:
    """Raises NotFound."""
    return lookup.ticket_of_token(db.session(), token, keyring=keyring())


def gather(ticket: Ticket, *, now: datetime) -> TicketFacts:
    session, booking = db.session(), ticket.booking
    offering = offering_for(ticket)
    rules = offering.booking_rules
    due = reminder_due(MessageKind.REMINDER_DAY_BEFORE, ticket.day, offering.office.time_zone)
    lives = lives_of(session, booking.tickets)
    party = [one for one in booking.tickets if one.position != ticket.position and one.replaced_by_id is None]
    asked, *rest = (_person_ticket(one, lives[one.id].stage(now=now)) for one in [ticket, *party])
    stage = asked.stage
    alike = [one for one in rest if (one.stage == stage if asked.is_void else not one.is_void)]
    return TicketFacts(
        ticket=ticket,
        booking=booking,
        offering=offering,
        life=lives[ticket.id],
        places=(asked, *(alike if stage in STAND_TOGETHER else ())),
        others=tuple(one for one in rest if stage not in STAND_TOGETHER or one not in alike),
        acts=change.acts_of(session, booking, lambda one: offering_for(one).booking_rules, now=now),
        move_until=rules.moves_close(ticket.day, ticket.starts_at),
        reminder_at=due if booking.email and now < due and stage in TO_COME else None,
        changes=sum(
            other.state is TicketState.CANCELLED
            or (other.position == ticket.position and other.state is TicketState.RESCHEDULED)
            for other in booking.tickets
        ),
        is_today=ticket.day == office_date(now, offering.office.time_zone),
        closure=session.get(Closure, ticket.slot.closure_id) if ticket.slot.closure_id else None,
    )


def _person_ticket(ticket: Ticket, stage: Stage) -> PersonTicket:
    return PersonTicket(
        number=show_number(ticket.letter, ticket.queue_number),
        token=keyring().ticket_token(ticket.id),
        # Emptied when its time of keeping was over.
        person=legible(person_of(ticket, ticket.booking.code, keyring()).initials),
        position=ticket.position,
        stage=stage,
    )
