"""When an office serves and when a day can be booked, in all three zones."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain.calendar import (
    QUOTA_MAX,
    BeforeDay,
    BookingRules,
    DatedSchedule,
    Share,
    Window,
    check_windows,
    windows_of_day,
)
from queue_app.domain.clock import office_date, office_instant, zone_label
from queue_app.domain.errors import BookingClosed, InvalidSchedule, NotOpenYet

ZONES = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
THURSDAY = date(2026, 11, 26)
SECOND = timedelta(seconds=1)
in_every_zone = pytest.mark.parametrize("zone", ZONES)


def rules(zone: str, **different: BeforeDay) -> BookingRules:
    """Opens 30 days before at 07.00, closes the day before at 16.00, for changes at 12.00."""
    ordinary = {
        "opens": BeforeDay(30, time(7)),
        "closes": BeforeDay(1, time(16)),
        "changes_close": BeforeDay(1, time(12)),
    }
    return BookingRules(**{**ordinary, **different}, zone=zone)


def local(zone: str, day: date, at: str) -> datetime:
    """An instant written as an office's clock shows it."""
    return datetime.combine(day, time.fromisoformat(at), ZoneInfo(zone))


def check_bookable(rules: BookingRules, now: datetime, day: date = THURSDAY) -> None:
    rules.check_bookable(day, local(rules.zone, day, "08:00"), now=now)


@in_every_zone
def test_the_day_of_an_office_ends_at_its_own_midnight(zone: str) -> None:
    last_minute = local(zone, THURSDAY, "23:59")
    assert office_date(last_minute, zone) == THURSDAY
    assert office_date(last_minute + timedelta(minutes=1), zone) == THURSDAY + timedelta(days=1)
    assert office_date(local(zone, THURSDAY, "00:00"), zone) == THURSDAY
    assert office_date(local(zone, THURSDAY, "06:59"), zone) == THURSDAY  # still Wednesday in UTC in every zone
    assert last_minute.utcoffset() == timedelta(hours=ZONES[zone])


@in_every_zone
def test_clock_times_and_instants_turn_into_each_other(zone: str) -> None:
    instant = office_instant(THURSDAY, time(6, 59), zone)
    assert instant == local(zone, THURSDAY, "06:59")
    assert instant.utcoffset() == timedelta(0)
    assert zone_label(zone) == {7: "WIB", 8: "WITA", 9: "WIT"}[ZONES[zone]]


@in_every_zone
def test_booking_opens_thirty_days_before_at_seven_local(zone: str) -> None:
    first = THURSDAY - timedelta(days=30)
    for too_early in (local(zone, first, "06:59"), local(zone, first, "07:00") - SECOND):
        with pytest.raises(NotOpenYet) as refusal:
            check_bookable(rules(zone), too_early)
        assert refusal.value.details == {"opens_at": local(zone, first, "07:00")}
    check_bookable(rules(zone), local(zone, first, "07:00"))


@in_every_zone
def test_booking_closes_at_the_cut_off(zone: str) -> None:
    eve = THURSDAY - timedelta(days=1)
    check_bookable(rules(zone), local(zone, eve, "16:00") - SECOND)
    for too_late in (local(zone, eve, "16:00"), local(zone, eve, "23:59"), local(zone, THURSDAY, "08:00")):
        with pytest.raises(BookingClosed) as refusal:
            check_bookable(rules(zone), too_late)
        assert refusal.value.details == {"closed_at": local(zone, eve, "16:00")}


@in_every_zone
def test_moving_ends_at_its_own_cut_off_or_with_the_window(zone: str) -> None:
    starts_at = local(zone, THURSDAY, "08:00")
    two_days = rules(zone, changes_close=BeforeDay(2, time(23, 59)))
    assert two_days.moves_close(THURSDAY, starts_at) == local(zone, THURSDAY - timedelta(days=2), "23:59")
    the_day = rules(zone, changes_close=BeforeDay(0, time(23, 59)))
    assert the_day.moves_close(THURSDAY, starts_at) == starts_at


@in_every_zone
def test_a_cut_off_on_the_day_itself_never_sells_a_window_that_has_begun(zone: str) -> None:
    same_day = rules(zone, closes=BeforeDay(0, time(16)))
    check_bookable(same_day, local(zone, THURSDAY, "08:00") - SECOND)
    with pytest.raises(BookingClosed) as refusal:
        check_bookable(same_day, local(zone, THURSDAY, "08:00"))
    assert refusal.value.details == {"closed_at": local(zone, THURSDAY, "08:00")}


def test_at_one_instant_the_zones_live_in_different_booking_days() -> None:
    """22.00 UTC: 05.00 WIB, 06.00 WITA, 07.00 WIT: only the east has opened."""
    now = datetime(2026, 10, 26, 22, tzinfo=ZoneInfo("UTC"))
    check_bookable(rules("Asia/Jayapura"), now)
    for zone in ("Asia/Jakarta", "Asia/Makassar"):
        with pytest.raises(NotOpenYet):
            check_bookable(rules(zone), now)


@given(
    days=st.integers(1, 60),
    hour=st.integers(0, 23),
    minutes=st.integers(-100_000, 100_000),
    zone=st.sampled_from(list(ZONES)),
)
def test_a_day_is_bookable_exactly_between_opening_and_cut_off(days: int, hour: int, minutes: int, zone: str) -> None:
    of = rules(zone, opens=BeforeDay(days, time(hour)), closes=BeforeDay(0, time(8)))
    now = local(zone, THURSDAY, "08:00") + timedelta(minutes=minutes)
    opens_at = local(zone, THURSDAY - timedelta(days=days), f"{hour:02d}:00")
    try:
        check_bookable(of, now)
        bookable = True
    except (NotOpenYet, BookingClosed):
        bookable = False
    assert bookable == (opens_at <= now < local(zone, THURSDAY, "08:00"))


def window(weekday: int, start: int, end: int, capacity: int = 10, share: Share = Share.PUBLIC) -> Window:
    return Window(weekday, time(start), time(end), share, capacity)


ORDINARY = DatedSchedule(
    date(2026, 1, 1),
    None,
    (*(window(day, hour, hour + 1) for day in range(4) for hour in (13, 8)), window(4, 8, 11)),
)
RAMADAN = DatedSchedule(date(2027, 2, 8), date(2027, 3, 9), tuple(window(day, 9, 12, 5) for day in range(5)))


def test_windows_come_in_order_of_time_and_friday_is_short() -> None:
    assert [found.starts_at.hour for found in windows_of_day([ORDINARY], THURSDAY)] == [8, 13]
    friday = windows_of_day([ORDINARY], THURSDAY + timedelta(days=1))
    assert [(found.starts_at.hour, found.ends_at.hour) for found in friday] == [(8, 11)]
    assert windows_of_day([ORDINARY], THURSDAY + timedelta(days=2)) == ()


def test_the_schedule_that_began_last_lies_over_the_others_and_goes_by_itself() -> None:
    for schedules in ([ORDINARY, RAMADAN], [RAMADAN, ORDINARY]):
        assert windows_of_day(schedules, date(2027, 2, 5)) == (window(4, 8, 11),)
        assert windows_of_day(schedules, date(2027, 2, 8)) == (window(0, 9, 12, 5),)
        assert windows_of_day(schedules, date(2027, 3, 9)) == (window(1, 9, 12, 5),)
        assert windows_of_day(schedules, date(2027, 3, 10)) == (window(2, 8, 9), window(2, 13, 14))


def test_of_two_schedules_that_begin_on_one_day_the_later_entered_counts() -> None:
    corrected = DatedSchedule(RAMADAN.valid_from, None, (window(0, 10, 11),))
    assert windows_of_day([ORDINARY, RAMADAN, corrected], date(2027, 2, 8)) == (window(0, 10, 11),)


def test_a_schedule_without_a_weekday_hides_that_of_the_one_below() -> None:
    mondays = DatedSchedule(date(2026, 11, 1), None, (window(0, 8, 9),))
    assert windows_of_day([ORDINARY, mondays], THURSDAY) == ()
    assert windows_of_day([ORDINARY], date(2025, 12, 31)) == ()
    assert windows_of_day([], THURSDAY) == ()


def test_windows_may_touch_and_shares_may_lie_side_by_side() -> None:
    check_windows([])
    check_windows([window(0, 8, 9), window(0, 9, 10), window(1, 8, 10), window(0, 8, 10, 5, Share.PRIORITY)])
    check_windows([window(0, 8, 9, 0), window(6, 9, 10, QUOTA_MAX)])


@pytest.mark.parametrize(
    ("windows", "reason"),
    [
        ([window(0, 9, 9)], "empty_window"),
        ([window(0, 10, 9)], "empty_window"),
        ([window(0, 8, 9, -1)], "capacity"),
        ([window(0, 8, 9, QUOTA_MAX + 1)], "capacity"),
        ([window(7, 8, 9)], "weekday"),
        ([window(-1, 8, 9)], "weekday"),
        ([window(0, 8, 9), window(0, 8, 9)], "overlap"),
        ([window(0, 9, 11), window(0, 8, 10)], "overlap"),
        ([window(3, 8, 12), window(2, 8, 9), window(3, 11, 13)], "overlap"),
    ],
)
def test_windows_that_cannot_be_kept_are_refused(windows: list[Window], reason: str) -> None:
    with pytest.raises(InvalidSchedule) as refusal:
        check_windows(windows)
    assert refusal.value.details["reason"] == reason
