"""What the schedule or the quota has taken away is not given again when its holder leaves (docs/rules.md R-QUOTA-4)."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share, Window
from queue_app.domain.errors import SlotFull
from queue_app.models import OfficeService, ServiceDay
from queue_app.queries.calendar.withdrawn import withdrawn_tickets
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.calendar.quota import preview_day_quota, set_day_quota
from queue_app.services.calendar.schedule import NewSchedule, set_schedule
from tests.harness.factories import TESTER
from tests.harness.fakes import THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

WIB = ZoneInfo("Asia/Jakarta")
REASON = {"reason": "Jadwal Ramadan", "actor": TESTER}


@pytest.fixture
def shrink(session: Session, offering: OfficeService, clock: FixedClock):
    """A new schedule in which Thursday has these places at eight and nine; an hour without any is dropped."""

    def shrink(*places: int) -> None:
        hours = enumerate(places, start=8)
        windows = tuple(Window(3, time(hour), time(hour + 1), Share.PUBLIC, count) for hour, count in hours if count)
        new = NewSchedule("Ramadan", THURSDAY, None, windows)
        set_schedule(session, offering.id, new, now=clock.now(), **REASON)
        session.commit()

    return shrink


@pytest.mark.parametrize("leave", ["cancel", "move"])
def test_a_place_in_a_dropped_hour_goes_with_its_holder(
    session: Session, book: Book, slots: Slots, clock: FixedClock, shrink, leave: str
) -> None:
    first, second = book(window=1), book(window=1)
    shrink(2, 0)
    assert [(slot.planned, slot.capacity, slot.booked) for slot in slots()] == [(2, 2, 0), (0, 2, 2)]
    if leave == "cancel":
        cancel(session, first.id, now=clock.now())
    else:
        reschedule(session, first.id, slots()[0].id, now=clock.now())
    session.commit()
    assert [(slot.planned, slot.capacity, slot.booked) for slot in slots()][1] == (0, 1, 1)
    with pytest.raises(SlotFull):
        book(window=1)
    session.rollback()
    cancel(session, second.id, now=clock.now())
    assert slots()[1].capacity == 0


def test_an_hour_cut_to_one_place_sells_again_only_when_it_is_empty(
    session: Session, offering: OfficeService, book: Book, slots: Slots, clock: FixedClock, shrink
) -> None:
    shrink(3, 2)
    bookings = [book() for _ in range(3)]
    shrink(1, 2)
    for booking, capacity in zip(bookings, (2, 1, 1), strict=True):
        with pytest.raises(SlotFull):
            book()
        session.rollback()
        cancel(session, booking.id, now=clock.now())
        session.commit()
        assert slots()[0].capacity == capacity
    book()
    with pytest.raises(SlotFull):
        book()


def test_the_schedule_that_comes_back_gives_the_places_back(
    session: Session, book: Book, slots: Slots, clock: FixedClock, shrink
) -> None:
    first, _second = book(), book()
    shrink(0, 2)
    cancel(session, first.id, now=clock.now())
    session.commit()
    shrink(2, 2)
    assert [slot.capacity for slot in slots()] == [2, 2]
    book()


def test_those_who_are_too_many_are_those_who_booked_last(
    session: Session, offering: OfficeService, book: Book, slots: Slots, clock: FixedClock, shrink
) -> None:
    shrink(6, 2)
    _first, pair, _single, last = book(), book(persons=2), book(), book(persons=2)
    shrink(4, 2)
    now = clock.now()
    listed = withdrawn_tickets(session, office_id=offering.office_id, now=now)
    assert [(entry.booking_id, entry.number) for entry in listed] == [(last.id, "A-005"), (last.id, "A-006")]
    assert {(entry.code, entry.planned, entry.slot_id) for entry in listed} == {
        (f"{last.code[:4]}-{last.code[4:]}", 4, slots()[0].id)
    }
    shrink(2, 2)  # the pair does not fit beside the first, the single does
    listed = withdrawn_tickets(session, office_id=offering.office_id, service_id=offering.service_id, now=now)
    assert [entry.booking_id for entry in listed] == [pair.id, pair.id, last.id, last.id]
    for booking in (pair, last):
        cancel(session, booking.id, now=now)
    assert withdrawn_tickets(session, office_id=offering.office_id, now=now) == ()


def test_nobody_is_too_many_on_a_closed_day_or_in_an_hour_that_is_over(
    session: Session, offering: OfficeService, day: ServiceDay, book: Book, slots: Slots, clock: FixedClock, shrink
) -> None:
    """A closed day has its own list."""
    book()
    shrink(0, 2)
    here = {"office_id": offering.office_id, "service_day_id": day.id}
    assert len(withdrawn_tickets(session, **here, now=datetime(2026, 11, 26, 8, 59, tzinfo=WIB))) == 1
    assert withdrawn_tickets(session, **here, now=datetime(2026, 11, 26, 9, tzinfo=WIB)) == ()
    slots()[0].accepts = False
    session.flush()
    assert withdrawn_tickets(session, **here, now=clock.now()) == ()


def test_a_quota_by_hand_plans_nothing_in_an_hour_that_the_schedule_dropped(
    session: Session, day: ServiceDay, book: Book, slots: Slots, clock: FixedClock, shrink
) -> None:
    booking = book(window=1)
    shrink(2, 0)
    set_day_quota(session, day.id, 6, now=clock.now(), **REASON)
    session.commit()
    assert [(slot.planned, slot.capacity) for slot in slots()] == [(5, 5), (0, 1)]
    cancel(session, booking.id, now=clock.now())
    assert [slot.capacity for slot in slots()] == [5, 0]


def test_todays_quota_adds_only_to_hours_that_can_still_be_reached(
    session: Session, day: ServiceDay, book: Book, slots: Slots, clock: FixedClock
) -> None:
    """At 09.07, when one of the two places at eight was never taken."""
    book()
    book(window=1)
    clock.set(datetime(2026, 11, 26, 9, 7, tzinfo=WIB))
    changes = preview_day_quota(session, day.id, 6, now=clock.now())
    assert [(change.after, change.over, change.bookable) for change in changes] == [(2, True, 0), (4, False, 3)]
    assert set_day_quota(session, day.id, 6, now=clock.now(), **REASON) == changes
    assert [(slot.planned, slot.capacity) for slot in slots()] == [(2, 2), (4, 4)]
    set_day_quota(session, day.id, 2, now=clock.now(), **REASON)
    assert [slot.capacity for slot in slots()] == [1, 1]


def test_the_hour_that_is_just_running_can_be_reached(
    session: Session, day: ServiceDay, slots: Slots, clock: FixedClock
) -> None:
    """Whoever is there may have a place until the window ends."""
    clock.set(datetime(2026, 11, 26, 8, 59, tzinfo=WIB))
    set_day_quota(session, day.id, 6, now=clock.now(), **REASON)
    assert [slot.capacity for slot in slots()] == [3, 3]
