"""A change of many days' quotas: which days and hours are meant, how much is wanted, and what nobody can mean."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from queue_app.domain.quota_change import InvalidQuotaChange, NewQuota, QuotaUnit, places_moved

MONDAY = date(2026, 11, 23)
NEW = NewQuota(MONDAY, MONDAY + timedelta(days=6), frozenset({1}), QuotaUnit.PLACES, 30)


def test_a_range_names_its_days_and_of_them_the_ticked_weekdays() -> None:
    assert all(NEW.names(MONDAY + timedelta(days=offset)) for offset in range(7))
    assert not NEW.names(MONDAY + timedelta(days=7))
    fridays = replace(NEW, weekdays=frozenset({4}))
    assert [offset for offset in range(7) if fridays.names(MONDAY + timedelta(days=offset))] == [4]


def test_hours_mean_the_windows_that_begin_within_them_on_the_office_s_wall() -> None:
    morning = replace(NEW, starts_at=time(8), ends_at=time(10))
    begins = [datetime(2026, 11, 23, hour, tzinfo=UTC) for hour in range(4)]  # 07.00 to 10.00 in Makassar is 23 to 2
    assert [morning.covers(MONDAY, at, "Asia/Makassar") for at in begins] == [True, True, False, False]
    assert [morning.covers(MONDAY, at, "Asia/Jakarta") for at in begins] == [False, True, True, False]
    assert NEW.covers(MONDAY, begins[3], "Asia/Jakarta")


@pytest.mark.parametrize(
    ("percent", "present", "wanted"), [(10, 25, 28), (-10, 25, 23), (-100, 25, 0), (50, 1, 2), (400, 4000, 5000)]
)
def test_percent_are_of_what_there_is_and_halves_are_rounded_up(percent: int, present: int, wanted: int) -> None:
    assert replace(NEW, unit=QuotaUnit.PERCENT, amount=percent).wanted(present) == wanted
    assert NEW.wanted(present) == 30


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"last_day": MONDAY - timedelta(days=1)}, "date_range"),
        ({"first_day": MONDAY - timedelta(days=1)}, "past_date"),
        ({"last_day": MONDAY + timedelta(days=92)}, "too_long"),
        ({"starts_at": time(8)}, "hours"),
        ({"starts_at": time(8), "ends_at": time(8)}, "hours"),
        ({"amount": 5001}, "amount"),
        ({"amount": -1}, "amount"),
        ({"unit": QuotaUnit.PERCENT, "amount": -101}, "amount"),
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, object], reason: str) -> None:
    NEW.check(today=MONDAY)
    with pytest.raises(InvalidQuotaChange) as refusal:
        replace(NEW, **wrong).check(today=MONDAY)
    assert refusal.value.details["reason"] == reason


def test_places_added_and_removed_count_together() -> None:
    assert places_moved([(4, 6), (6, 3), (2, 2)]) == 5
