"""Who came again for the same service within thirty days; and that the number outlives the data that it was told by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.models import Booking, DayFigures, Office, OfficeService, Slot, Ticket
from queue_app.queries.figures.due import DueDay
from queue_app.services.figures.days import count_day, store_day
from tests.harness.factories import make_offering, make_service
from tests.harness.fakes import THURSDAY, FixedClock
from tests.services.conftest import Slots

Came = Callable[..., Ticket]


@pytest.fixture
def came(session: Session, slots: Slots, clock: FixedClock) -> Came:
    """A ticket of somebody, by their index, who came ``ago`` days before Thursday."""
    number = 0

    def make(person: bytes | None, ago: int, *, of: OfficeService | None = None, state: str = "checked_in") -> Ticket:
        nonlocal number
        number += 1
        slot: Slot = slots(THURSDAY, of)[0]
        booking = Booking(code=f"{number:08d}", service_id=slot.service_id, language="id", created_at=clock.now())
        ticket = Ticket(
            booking=booking,
            slot_id=slot.id,
            office_id=slot.office_id,
            service_id=slot.service_id,
            day=THURSDAY - timedelta(days=ago),
            starts_at=slot.starts_at - timedelta(days=ago),
            letter="A",
            queue_number=number,
            state=TicketState(state),
            state_since=clock.now(),
            person_index=person,
        )
        session.add(ticket)
        session.flush()
        return ticket

    return make


def again(session: Session, office: Office, day: date = THURSDAY) -> dict[int, int]:
    store_day(session, count_day(session, DueDay(office.id, office.time_zone, day)))
    rows = select(DayFigures.service_id, DayFigures.again).where(DayFigures.day == day, DayFigures.again > 0)
    return {row.service_id: row.again for row in session.execute(rows)}


@pytest.mark.parametrize(("ago", "counted"), [(1, 1), (30, 1), (31, 0), (0, 0)])
def test_thirty_days_before_and_not_the_day_itself(
    session: Session, office: Office, came: Came, ago: int, counted: int
) -> None:
    came(b"siti", ago)
    came(b"siti", 0)
    came(b"agus", 0)
    came(None, 5)
    came(None, 0)
    assert sum(again(session, office).values()) == counted


def test_only_who_came_and_for_the_same_service(
    session: Session, office: Office, offering: OfficeService, came: Came, clock: FixedClock
) -> None:
    other = make_offering(session, office, make_service(session, "KK"), now=clock.now(), letter="B", weekdays=(3,))
    came(b"siti", 7, state="no_show")
    came(b"siti", 0)
    came(b"agus", 7, of=other)
    came(b"agus", 0)
    came(b"dewi", 7)
    came(b"dewi", 0, state="no_show")
    came(b"eko", 7)
    came(b"eko", 14)
    came(b"eko", 0)
    assert again(session, office) == {offering.service_id: 1}


def test_the_number_stays_when_the_data_goes(session: Session, office: Office, came: Came) -> None:
    came(b"siti", 7)
    came(b"siti", 0)
    before = again(session, office)
    assert sum(before.values()) == 1
    session.execute(update(Ticket).values(person_index=None))
    assert again(session, office) == before
