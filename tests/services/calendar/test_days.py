"""Days are a function of the date: made once, whoever asks, in each office's own zone."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus
from queue_app.models import Holiday, OfficeService, Schedule, ScheduleWindow, ServiceDay, Slot
from queue_app.services.calendar.days import days_needed_until, follow_schedule, make_all_days, make_days
from tests.harness.factories import make_offering, make_office, slots_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

MONDAY = date(2026, 11, 23)


def days_of(session: Session, offering: OfficeService) -> list[ServiceDay]:
    mine = (ServiceDay.office_id == offering.office_id, ServiceDay.service_id == offering.service_id)
    return list(session.scalars(select(ServiceDay).where(*mine).order_by(ServiceDay.day)))


def windows(offering: OfficeService, since: date, *hours: int, capacity: int = 2, weekday: int = 3) -> Schedule:
    """A schedule from a day on, with hourly windows on one weekday."""
    schedule = Schedule(
        office_service_id=offering.id, name="Baru", valid_from=since, created_at=datetime.now(ZoneInfo("UTC"))
    )
    schedule.windows = [
        ScheduleWindow(weekday=weekday, starts_at=time(hour), ends_at=time(hour + 1), capacity=capacity)
        for hour in hours
    ]
    return schedule


def test_days_reach_a_week_beyond_the_horizon(session: Session, offering: OfficeService, clock: FixedClock) -> None:
    until = days_needed_until(offering, now=clock.now())
    assert until == MONDAY + timedelta(days=7 + 7)
    assert offering.days_made_until == until
    made = [day.day for day in days_of(session, offering)]
    assert made == [
        day for day in (MONDAY + timedelta(days=offset) for offset in range(15)) if day.weekday() in (0, 3, 4)
    ]


def test_making_days_again_changes_nothing(session: Session, offering: OfficeService, clock: FixedClock) -> None:
    before = [(slot.id, slot.capacity) for slot in session.scalars(select(Slot).order_by(Slot.id))]
    assert make_days(session, offering, now=clock.now()) == 0
    assert make_all_days(session, now=clock.now()) == 0
    assert make_days(session, offering, now=clock.advance(days=-5)) == 0
    offering.days_made_until = None  # as after a crash between the days and the mark
    session.flush()
    assert make_days(session, offering, now=clock.advance(days=5)) == 0
    assert [(slot.id, slot.capacity) for slot in session.scalars(select(Slot).order_by(Slot.id))] == before


def test_a_missed_month_is_made_good_without_the_days_that_are_past(
    session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    before = days_of(session, offering)
    today = clock.advance(days=30).date()  # Wednesday 23 December
    assert make_days(session, offering, now=clock.now()) == 6
    made = [day.day for day in days_of(session, offering)[len(before) :]]
    assert (made[0], made[-1]) == (today + timedelta(days=1), offering.days_made_until - timedelta(days=2))


def test_a_new_day_has_the_slots_of_its_schedule(session: Session, slots: Slots) -> None:
    first, second = slots()
    assert (first.starts_at, first.ends_at) == (
        datetime(2026, 11, 26, 1, tzinfo=ZoneInfo("UTC")),
        datetime(2026, 11, 26, 2, tzinfo=ZoneInfo("UTC")),
    )
    assert [(slot.capacity, slot.booked, slot.accepts) for slot in (first, second)] == [(2, 0, True)] * 2
    assert [(slot.next_number, slot.last_number) for slot in (first, second)] == [(1, 10), (11, 20)]
    assert first.service_day.next_block == 21


def test_friday_is_short_and_a_day_without_windows_has_no_row(session: Session, clock: FixedClock) -> None:
    offering = make_offering(session, now=clock.now(), days=False, opens_days_before=7, weekdays=(0, 1))
    session.add(windows(offering, date(2026, 1, 1), 8, weekday=4))
    session.flush()
    make_days(session, offering, now=clock.now())
    assert {day.day.weekday() for day in days_of(session, offering)} == {4}  # the later schedule lies over the first
    assert len(slots_of(session, offering, FRIDAY)) == 1


def test_a_holiday_is_made_closed_with_its_name(session: Session, clock: FixedClock) -> None:
    session.add(Holiday(date=THURSDAY, name_id="Hari Guru", name_en="Teachers' Day"))
    offering = make_offering(session, now=clock.now(), opens_days_before=7)
    row = next(day for day in days_of(session, offering) if day.day == THURSDAY)
    assert (row.status, row.reason_id, row.reason_en) == (DayStatus.HOLIDAY, "Hari Guru", "Teachers' Day")
    assert [slot.accepts for slot in slots_of(session, offering, THURSDAY)] == [False, False]
    assert all(slot.accepts for slot in slots_of(session, offering, FRIDAY))


def test_two_offices_live_in_their_own_zones(session: Session, clock: FixedClock) -> None:
    """At 22.00 UTC it is Tuesday already in the east, and still Tuesday's eve nowhere."""
    clock.set(datetime(2026, 11, 23, 16, 30, tzinfo=ZoneInfo("UTC")))  # 23.30 WIB, 00.30 WITA, 01.30 WIT
    west = make_offering(session, make_office(session, "sragen"), now=clock.now(), opens_days_before=7)
    middle_office = make_office(session, "gowa", time_zone="Asia/Makassar")
    east_office = make_office(session, "jayapura", time_zone="Asia/Jayapura")
    middle = make_offering(session, middle_office, now=clock.now(), opens_days_before=7)
    east = make_offering(session, east_office, now=clock.now(), opens_days_before=7)
    first_days = [days_of(session, offering)[0].day for offering in (west, middle, east)]
    assert first_days == [MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=1)]
    starts = [slots_of(session, offering, THURSDAY)[0].starts_at.hour for offering in (west, middle, east)]
    assert starts == [1, 0, 23]
    assert slots_of(session, east, THURSDAY)[0].starts_at.date() == THURSDAY - timedelta(days=1)


def test_following_a_schedule_keeps_places_that_are_taken(
    session: Session, book: Book, offering: OfficeService, slots: Slots, clock: FixedClock
) -> None:
    book(persons=2)
    book(window=1)
    session.add(windows(offering, THURSDAY, 9, 10, capacity=5))
    session.flush()
    follow_schedule(session, offering, THURSDAY, now=clock.now())
    assert [(slot.starts_at.hour, slot.capacity, slot.booked) for slot in slots()] == [(1, 2, 2), (2, 5, 1), (3, 5, 0)]
    assert [(slot.next_number, slot.last_number) for slot in slots()] == [(3, 10), (12, 20), (21, 30)]
    assert book(window=2).tickets[0].queue_number == 21


def test_a_window_that_shrinks_keeps_what_is_booked(
    session: Session, book: Book, offering: OfficeService, slots: Slots, clock: FixedClock
) -> None:
    book(persons=2)
    session.add(windows(offering, THURSDAY, 8, 9, capacity=1))
    session.flush()
    follow_schedule(session, offering, THURSDAY, now=clock.now())
    assert [slot.capacity for slot in slots()] == [2, 1]


def test_a_day_that_nobody_booked_is_numbered_anew(
    session: Session, book: Book, offering: OfficeService, slots: Slots, clock: FixedClock
) -> None:
    """Else the early window that was added last would have the highest numbers."""
    session.add(windows(offering, THURSDAY, 7, 9, 13, capacity=10))
    session.flush()
    follow_schedule(session, offering, THURSDAY, now=clock.now())
    session.commit()
    kept = [slot for slot in slots() if slot.capacity]
    assert [(slot.starts_at.hour, slot.next_number, slot.last_number) for slot in kept] == [
        (0, 1, 20),
        (2, 21, 40),
        (6, 41, 60),
    ]
    session.add(windows(offering, THURSDAY, 8, capacity=1))  # the dropped window comes back, after a booking
    session.flush()
    book(window=0)
    follow_schedule(session, offering, THURSDAY, now=clock.now())
    session.commit()
    assert book(window=1).tickets[0].queue_number == 61


def test_days_set_by_hand_and_closed_days_are_left_alone(
    session: Session, offering: OfficeService, slots: Slots, clock: FixedClock
) -> None:
    slots()[0].service_day.set_by_hand = True
    next_thursday = THURSDAY + timedelta(days=7)
    slots(next_thursday)[0].service_day.status = DayStatus.CLOSED
    session.add(windows(offering, THURSDAY, 8, capacity=40))
    session.flush()
    follow_schedule(session, offering, THURSDAY, now=clock.now())
    assert [slot.capacity for slot in slots() + slots(next_thursday)] == [2, 2, 2, 2]


def test_a_weekday_that_is_added_gets_its_days_and_one_that_goes_gets_no_places(
    session: Session, offering: OfficeService, slots: Slots, clock: FixedClock
) -> None:
    session.add(windows(offering, THURSDAY, 8, weekday=5))
    session.flush()
    follow_schedule(session, offering, THURSDAY, now=clock.now())
    assert [slot.capacity for slot in slots(THURSDAY + timedelta(days=2))] == [2]
    assert [slot.capacity for slot in slots(FRIDAY)] == [0, 0]
    days = session.scalar(select(func.count()).select_from(ServiceDay))
    follow_schedule(session, offering, THURSDAY, now=clock.now())
    assert session.scalar(select(func.count()).select_from(ServiceDay)) == days
