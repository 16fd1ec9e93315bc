"""The numbers of the calendar, the list of days and the week can be added up, whatever happened to a day."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from queue_app.models import OfficeService
from queue_app.queries.calendar.days import day_summaries
from queue_app.queries.calendar.month import calendar_days, week_hours
from queue_app.queries.calendar.places import Places
from queue_app.services.booking.answering import accept
from tests.harness.closing import closed, offers_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def told(session: Session, offering: OfficeService):
    """What each of the three pages says of a day, which is the same."""

    def told(day, now: datetime) -> Places:
        session.flush()
        here = (offering.office_id, offering.service_id)
        (listed,) = day_summaries(session, office_id=here[0], service_id=here[1], first=day, last=day, now=now)
        month = calendar_days(session, here[0], [here[1]], day, day, now=now)[day].places
        hours = sum((one.places for one in week_hours(session, *here, day, day, now=now)), Places())
        assert listed.places == month == hours
        assert month.quota == month.booked + month.held + month.left + month.past
        return month

    return told


def test_of_a_day_that_goes_on(book: Book, told, clock: FixedClock) -> None:
    book(persons=2)
    book(window=1)
    assert told(THURSDAY, clock.now()) == Places(quota=4, booked=3, left=1)
    nine = datetime.combine(THURSDAY, time(9), tzinfo=JAKARTA)
    assert told(THURSDAY, nine) == Places(quota=4, booked=3, left=1)  # the first hour was full
    book(day=FRIDAY)
    assert told(FRIDAY, nine + timedelta(days=1)) == Places(quota=4, booked=1, left=2, past=1)
    assert told(FRIDAY, nine + timedelta(days=2)) == Places(quota=4, booked=1, past=3)


def test_of_a_day_that_is_closed_and_the_one_that_takes_its_people(
    session: Session, offering: OfficeService, book: Book, told, clock: FixedClock
) -> None:
    book()
    book(window=1, persons=2)
    book(day=FRIDAY)
    closure = closed(session, offering, THURSDAY, now=clock.now())
    assert told(THURSDAY, clock.now()) == Places(closed=4, affected=3)
    assert told(FRIDAY, clock.now()) == Places(quota=4, booked=1, held=3)
    first = offers_of(session, closure)[0]
    accept(session, first.booking_id, now=clock.now())
    session.commit()
    assert told(THURSDAY, clock.now()).affected == 3 - first.places
    assert told(FRIDAY, clock.now()) == Places(quota=4, booked=1 + first.places, held=3 - first.places)


def test_hours_that_were_over_when_a_day_was_closed_were_open(
    session: Session, offering: OfficeService, book: Book, told, clock: FixedClock
) -> None:
    book()
    book(window=1)
    half_past_nine = datetime.combine(THURSDAY, time(9, 30), tzinfo=JAKARTA)
    closed(session, offering, THURSDAY, now=half_past_nine)
    assert told(THURSDAY, half_past_nine) == Places(quota=2, booked=1, past=1, closed=2, affected=1)


def test_of_a_day_with_an_hour_that_is_closed(
    session: Session, offering: OfficeService, book: Book, told, clock: FixedClock
) -> None:
    book()
    book(window=1)
    closed(session, offering, THURSDAY, now=clock.now(), hours=(time(9), time(10)))
    found = told(THURSDAY, clock.now())
    assert (found.quota, found.booked, found.closed, found.affected) == (2, 1, 2, 1)
