"""Offices that still have places for a service: only those where somebody could book now, and for how many."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share
from queue_app.models import OfficeService
from queue_app.queries.booking.availability import days_between
from queue_app.queries.calendar.elsewhere import Elsewhere, offices_with_room
from queue_app.services.calendar import closing
from tests.harness.factories import TESTER, make_offering, make_office, make_service, slots_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)


@pytest.fixture
def there(session: Session, offering: OfficeService, clock: FixedClock) -> OfficeService:
    """The same service in another office, two places in each of two hours."""
    office = make_office(session, "gemolong")
    office.position = 1
    there = make_offering(session, office, offering.service, now=clock.now())
    session.flush()
    return there


def fill(session: Session, offering: OfficeService, *days: date, but: int = 0) -> None:
    """Leave ``but`` places in the first hour of each of the days."""
    for day in days:
        for number, slot in enumerate(slots_of(session, offering, day)):
            slot.booked = slot.capacity - (but if number == 0 else 0)
    session.flush()


def found(session: Session, offering: OfficeService, clock: FixedClock, places: int = 1) -> list[tuple[str, date, int]]:
    rows = offices_with_room(session, offering.service_id, places=places, now=clock.now())
    return [(row.office, row.day, row.remaining) for row in rows]


def test_each_office_with_its_first_free_day_and_the_nearest_first(
    session: Session, offering: OfficeService, there: OfficeService, clock: FixedClock
) -> None:
    assert found(session, offering, clock) == [("sragen", TUESDAY, 4), ("gemolong", TUESDAY, 4)]
    fill(session, offering, TUESDAY, WEDNESDAY)
    fill(session, there, TUESDAY, but=1)
    assert found(session, offering, clock) == [("gemolong", TUESDAY, 1), ("sragen", THURSDAY, 4)]
    (first, _second) = offices_with_room(session, offering.service_id, now=clock.now())
    assert first == Elsewhere(there.office_id, "gemolong", there.office.name, TUESDAY, 1)


def test_a_party_needs_its_places_in_one_hour(
    session: Session, offering: OfficeService, there: OfficeService, clock: FixedClock
) -> None:
    fill(session, there, TUESDAY, but=1)
    assert found(session, offering, clock, places=2) == [("sragen", TUESDAY, 4), ("gemolong", WEDNESDAY, 4)]
    assert found(session, offering, clock, places=3) == []  # four on the day, but two an hour


def test_a_closed_day_one_not_open_yet_and_one_cut_off_are_none(
    session: Session, offering: OfficeService, there: OfficeService, clock: FixedClock
) -> None:
    closed = slots_of(session, there, TUESDAY)[0].service_day_id
    closing.close_day(session, closed, reason_id="Pelatihan", reason_en="", actor=TESTER, now=clock.now())
    assert ("gemolong", WEDNESDAY, 4) in found(session, offering, clock)
    there.opens_days_before = 1  # of all days only Tuesday is open for booking by now
    session.flush()
    assert [office for office, *_ in found(session, offering, clock)] == ["sragen"]
    clock.advance(hours=7)  # the cut-off of Tuesday
    assert found(session, offering, clock)[0] == ("sragen", WEDNESDAY, 4)


def test_other_shares_other_services_and_offices_that_have_ceased_are_none(
    session: Session, offering: OfficeService, there: OfficeService, clock: FixedClock
) -> None:
    other = make_service(session, "KK_BARU")
    make_offering(session, there.office, other, now=clock.now(), letter="K", share=Share.ASSISTED)
    assert found(session, make_offering(session, offering.office, other, now=clock.now(), letter="K"), clock) == [
        ("sragen", TUESDAY, 4)
    ]
    there.active = False
    session.flush()
    assert [office for office, *_ in found(session, offering, clock)] == ["sragen"]


def test_it_says_the_same_as_the_list_of_days(
    session: Session, offering: OfficeService, there: OfficeService, clock: FixedClock
) -> None:
    """Over some weeks of hours, with places taken here and there: one rule, asked in two ways."""
    for number, day in enumerate((TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)):
        fill(session, there, day, but=number % 2)
    for step in range(0, 24 * 12, 5):
        at = clock.now() + timedelta(hours=step)
        first, last = at.date() - timedelta(days=1), at.date() + timedelta(days=40)
        for one in (offering, there):
            days = days_between(
                session,
                office_id=one.office_id,
                service_id=one.service_id,
                rules=one.booking_rules,
                first=first,
                last=last,
                now=at,
            )
            listed = next(((day.day, day.remaining) for day in days if day.status == "open"), None)
            rows = offices_with_room(session, one.service_id, now=at)
            asked = next(((row.day, row.remaining) for row in rows if row.office_id == one.office_id), None)
            assert asked == listed, (one.office.slug, at)
