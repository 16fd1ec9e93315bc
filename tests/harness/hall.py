"""A hall for tests of the calling: two services, two counters with their officers, and people who come."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ScanResult
from queue_app.domain.booking import TicketState
from queue_app.domain.errors import DomainError
from queue_app.domain.priority import Priority
from queue_app.domain.visits import Outcome
from queue_app.models import Booking, Counter, OfficeService, Queue, Slot, Staff, Ticket, Visit, VisitStep
from queue_app.queries.records.key_checks import stored_epoch
from queue_app.queries.visits.queues import orders
from queue_app.services.arrivals.admission import NewScan, store_scan
from queue_app.services.visits import calling, serving
from queue_app.services.visits.counters import create_counter
from queue_app.services.visits.seats import sign_in
from queue_app.services.visits.steps import undo
from tests.harness.factories import TESTER, make_offering, make_service
from tests.harness.fakes import FixedClock

EIGHT = datetime(2026, 11, 26, 8, tzinfo=ZoneInfo("Asia/Jakarta"))  # Thursday


class Hall:
    """Counter 1 takes the first service, counter 2 both. People are named by the ids of their tickets.

    ``counters``: ids by number; ``officers``: who sits there.
    """

    def __init__(self, session: Session, clock: FixedClock, offering: OfficeService, slots: list[Slot]) -> None:
        self.session, self.clock, self.slots = session, clock, slots
        self.office, self.office_id, self.service_id = offering.office, offering.office_id, offering.service_id
        other = make_service(session, "KK")
        make_offering(session, self.office, other, now=clock.now(), letter="B", days=False)
        self.other_service_id = other.id
        self.counters: dict[int, int] = {}
        self.officers: dict[int, int] = {}
        clock.set(EIGHT)
        self.open(1, self.service_id)
        self.open(2, self.service_id, other.id)
        self._nonces = itertools.count()
        session.commit()

    def open(self, number: int, *service_ids: int) -> None:
        """One more counter, with somebody at it."""
        counter, staff_id = self.counter(number, *service_ids), self.officer(f"loket{number}")
        self.counters[number], self.officers[number] = counter.id, staff_id
        sign_in(self.session, counter.id, office_id=self.office_id, staff_id=staff_id, now=self.clock.now())

    def counter(self, number: int, *service_ids: int) -> Counter:
        return create_counter(
            self.session,
            office_id=self.office_id,
            number=number,
            service_ids=service_ids,
            actor=TESTER,
            now=self.clock.now(),
        )

    def officer(self, username: str) -> int:
        """Somebody who never logs in: hashing a password takes longer than the test."""
        staff = Staff(username=username, name=f"Petugas {username}", password_hash="-", created_at=self.clock.now())
        self.session.add(staff)
        self.session.flush()
        return staff.id

    def arrive(
        self, *numbers: int, window: int = 0, late: bool = False, priority: bool = False, walk_in: bool = False
    ) -> list[int]:
        """Checks people in with these queue numbers, a second after each other; their tickets."""
        return [self._arrive(number, self.slots[window], late, priority, walk_in) for number in numbers]

    def _arrive(self, number: int, slot: Slot, late: bool, priority: bool, walk_in: bool) -> int:
        now = self.clock.advance(seconds=1)
        booking = Booking(code=f"{number:08d}", service_id=slot.service_id, language="id", created_at=now)
        ticket = Ticket(
            booking=booking,
            slot=slot,
            office_id=slot.office_id,
            service_id=slot.service_id,
            day=slot.day,
            starts_at=slot.starts_at,
            letter="A",
            queue_number=number,
            state=TicketState.BOOKED,
            state_since=now,
            walk_in=walk_in,
            priority=Priority.VULNERABLE if priority else None,
        )
        self.session.add(ticket)
        self.session.flush()
        self._admit(ticket, late)
        self.session.commit()
        return ticket.id

    def _admit(self, ticket: Ticket, late: bool) -> None:
        scan = NewScan(
            nonce=f"arrived-{ticket.id}",
            ticket_id=ticket.id,
            before=ticket.state,
            result=ScanResult.LATE if late else ScanResult.CHECKED_IN,
            office_id=ticket.office_id,
            staff_id=None,
            api_key_id=None,
            device_id=None,
            actor=TESTER,
            keys=stored_epoch(self.session) or b"",
            now=ticket.state_since,
        )
        assert store_scan(self.session.connection(), scan)

    def call(self, counter: int = 1, nonce: str | None = None) -> int | None:
        """Presses the key for the next one; the ticket called."""
        visit = calling.call_next(
            self.session,
            self.counters[counter],
            staff_id=self.officers[counter],
            nonce=nonce or f"press-{next(self._nonces)}",
            now=self.clock.advance(seconds=1),
        )
        self.session.commit()
        return visit.ticket_id if visit else None

    def press(self, key: Callable[..., Visit], ticket_id: int, *values: Any, at: int = 1, **keywords: Any) -> Visit:
        """Presses another key of a counter; the visit as it is then."""
        visit = key(
            self.session,
            ticket_id,
            *values,
            counter_id=self.counters[at],
            staff_id=self.officers[at],
            now=self.clock.advance(seconds=1),
            **keywords,
        )
        self.session.commit()
        return visit

    def serve(self, ticket_id: int, at: int = 1) -> None:
        """From the call to the end."""
        self.press(serving.start, ticket_id, at=at)
        self.press(serving.finish, ticket_id, Outcome.DONE, at=at)

    def undo(self, ticket_id: int) -> Visit:
        """Takes back the last step that stands."""
        visit = undo(
            self.session, self.steps(ticket_id)[-1].id, office_id=self.office_id, actor=TESTER, now=self.clock.now()
        )
        self.session.commit()
        return visit

    def steps(self, ticket_id: int) -> list[VisitStep]:
        """Those that stand, in order."""
        query = select(VisitStep).where(VisitStep.ticket_id == ticket_id, VisitStep.undone_at.is_(None))
        return list(self.session.scalars(query.order_by(VisitStep.id)))

    def visit(self, ticket_id: int) -> Visit:
        return self.session.get_one(Visit, ticket_id, populate_existing=True)

    def memory(self, service_id: int | None = None) -> tuple[int, int, int]:
        """What a line remembers: calls, those with an appointment since, those without priority since."""
        key = (self.office_id, service_id or self.service_id, self.slots[0].day)
        line = self.session.get_one(Queue, key, populate_existing=True)
        return line.calls, line.appointments_since_walk_in, line.regular_since_priority

    def order(self, service_id: int | None = None) -> list[int]:
        """The tickets of a line as it is published."""
        rules, now = self.office.calling_rules, self.clock.now()
        published = orders(self.session, self.office_id, self.slots[0].day, rules, now=now)
        return [one.ticket_id for one in published.get(service_id or self.service_id, ())]

    @contextmanager
    def refused(self, code: str) -> Iterator[None]:
        """The block is refused with this code, and nothing of it stays."""
        with pytest.raises(DomainError) as refusal:
            yield
        assert refusal.value.code == code
        self.session.rollback()
