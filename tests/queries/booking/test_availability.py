"""What citizens see of each day, and why a day cannot be had."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Availability, Share
from queue_app.domain.keyring import Keyring
from queue_app.models import Holiday, OfficeService, Slot
from queue_app.queries.booking.availability import DayAvailability, days_between, nearest_open
from queue_app.services.calendar.closing import close_day
from queue_app.services.calendar.quota import set_day_quota
from tests.harness.factories import TESTER, make_applicant, make_booking, make_offering, slots_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock

WIB = ZoneInfo("Asia/Jakarta")
SUNDAY = date(2026, 11, 29)
Days = Callable[..., dict[date, DayAvailability]]


@pytest.fixture
def offering(session: Session, clock: FixedClock) -> OfficeService:
    """Two windows of two places on Thursdays and Fridays; the following Thursday is a holiday."""
    session.add(Holiday(date=THURSDAY + timedelta(days=7), name_id="Hari Guru", name_en="Teachers' Day"))
    offering = make_offering(session, now=clock.now(), opens_days_before=10, weekdays=(3, 4))
    session.commit()
    return offering


@pytest.fixture
def days(session: Session, offering: OfficeService, clock: FixedClock) -> Days:
    def days(now: datetime | None = None, share: Share = Share.PUBLIC) -> dict[date, DayAvailability]:
        session.flush()
        found = days_between(
            session,
            office_id=offering.office_id,
            service_id=offering.service_id,
            rules=offering.booking_rules,
            first=date(2026, 11, 23),
            last=date(2026, 12, 11),
            now=now or clock.now(),
            share=share,
        )
        assert [row.day for row in found] == sorted(row.day for row in found)
        return {row.day: row for row in found}

    return days


def test_each_day_has_its_reason(session: Session, days: Days, offering: OfficeService, clock: FixedClock) -> None:
    friday_id = slots_of(session, offering, FRIDAY)[0].service_day_id
    close_day(session, friday_id, reason_id="Listrik padam", reason_en="Power cut", actor=TESTER, now=clock.now())
    found = days()
    assert {day: row.status for day, row in found.items()} == {
        THURSDAY: Availability.OPEN,
        FRIDAY: Availability.CLOSED,
        THURSDAY + timedelta(days=7): Availability.HOLIDAY,
        FRIDAY + timedelta(days=7): Availability.NOT_OPEN_YET,
        THURSDAY + timedelta(days=14): Availability.NOT_OPEN_YET,
    }
    assert (found[FRIDAY].reason("id"), found[FRIDAY].reason("en")) == ("Listrik padam", "Power cut")
    assert found[THURSDAY + timedelta(days=7)].reason("en") == "Teachers' Day"
    assert found[FRIDAY + timedelta(days=7)].opens_at == datetime(2026, 11, 24, 7, tzinfo=WIB)
    assert found[THURSDAY].opens_at is None
    assert (found[THURSDAY].quota, found[THURSDAY].remaining) == (4, 4)


def test_booked_places_are_no_longer_there(
    session: Session, days: Days, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    for window, places in ((0, 2), (1, 1), (1, 1)):
        people = [make_applicant() for _ in range(places)]
        slot_id = slots_of(session, offering, THURSDAY)[window].id
        make_booking(session, slot_id, *people, keyring=keyring, now=clock.now())
        row = days()[THURSDAY]
        assert row.remaining == 4 - session.scalar(select(func.sum(Slot.booked)))
    assert (row.status, [slot.remaining for slot in row.slots]) == (Availability.FULL, [0, 0])


@pytest.mark.parametrize(
    ("clock_time", "status"),
    [("15:59:59", Availability.OPEN), ("16:00", Availability.CUT_OFF), ("23:59", Availability.CUT_OFF)],
)
def test_the_cut_off_is_told(days: Days, clock_time: str, status: Availability) -> None:
    now = datetime.fromisoformat(f"2026-11-25T{clock_time}").replace(tzinfo=WIB)
    assert days(now)[THURSDAY].status is status


def test_on_the_day_itself_windows_go_as_they_begin(session: Session, days: Days, offering: OfficeService) -> None:
    offering.closes_days_before = 0
    for clock_time, windows, status in (
        ("07:59", 2, Availability.OPEN),
        ("08:00", 1, Availability.OPEN),
        ("09:00", 0, Availability.CUT_OFF),
    ):
        row = days(datetime.fromisoformat(f"2026-11-26T{clock_time}").replace(tzinfo=WIB))[THURSDAY]
        assert (len(row.slots), row.status) == (windows, status)


def test_a_day_without_places_is_closed_and_not_full(
    session: Session, days: Days, offering: OfficeService, clock: FixedClock
) -> None:
    day_id = slots_of(session, offering, THURSDAY)[0].service_day_id
    set_day_quota(session, day_id, 0, reason="Mesin rusak", actor=TESTER, now=clock.now())
    assert days()[THURSDAY].status is Availability.CLOSED
    assert days(share=Share.PRIORITY)[FRIDAY].status is Availability.CLOSED


def test_the_nearest_windows_with_room_are_offered(
    session: Session, days: Days, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    wanted = slots_of(session, offering, THURSDAY)[1]
    make_booking(session, wanted.id, make_applicant(), keyring=keyring, now=clock.now())
    found = tuple(days().values())
    nearest = nearest_open(found, wanted.starts_at, limit=2)
    assert [slot.starts_at.astimezone(WIB).hour for slot in nearest] == [8, 9]
    pairs = nearest_open(found, wanted.starts_at, places=2)
    assert [(slot.starts_at.day, slot.remaining) for slot in pairs] == [(26, 2), (27, 2), (27, 2)]
    assert nearest_open(found, wanted.starts_at, places=3) == ()
