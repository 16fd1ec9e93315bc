"""A morning at the desk: people with tickets, who came, and who was called."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.booking import TicketState
from queue_app.models import Ticket, Visit
from queue_app.services.arrivals.check_in import Scan, check_in
from tests.harness.fakes import FixedClock
from tests.journeys.officer import booked, hours_of

TUESDAY = date(2026, 11, 24)
QUARTER_PAST_NINE = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)


class Morning:
    """Tuesday, a quarter past nine; so many people of the second hour have a ticket."""

    def __init__(self, session: Session, keyring: FileKeyring, clock: FixedClock) -> None:
        self.session, self.keyring, self.clock = session, keyring, clock
        hours_of(session, TUESDAY)
        clock.set(QUARTER_PAST_NINE)

    def tickets(self, count: int) -> list[Ticket]:
        return [booked(self.session, hours_of(self.session, TUESDAY)[1], self.keyring).tickets[0] for _ in range(count)]

    def token(self, ticket: Ticket) -> str:
        return self.keyring.ticket_token(ticket.id)

    def arrive(self, ticket: Ticket) -> None:
        scan = Scan(self.token(ticket), ticket.office_id, None, f"at-the-door-{ticket.id}")
        check_in(self.session, scan, keyring=self.keyring, now=self.clock.now())
        self.session.commit()

    def present(self) -> set[int]:
        self.session.rollback()
        return set(self.session.scalars(select(Ticket.id).where(Ticket.state == TicketState.CHECKED_IN)))

    def called(self) -> list[str]:
        self.session.rollback()
        return [visit.state.value for visit in self.session.scalars(select(Visit).order_by(Visit.ticket_id))]
