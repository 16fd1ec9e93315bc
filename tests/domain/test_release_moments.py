"""When a release is due, and how much of an hour goes."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from queue_app.domain.calendar import Share
from queue_app.domain.releases import RELEASES_MAX, InvalidRelease, Release, check_releases

ZONE = "Asia/Makassar"
EVENING_BEFORE = Release(1, time(18), Share.ASSISTED, Share.PUBLIC)


@pytest.mark.parametrize(("hour", "last"), [(17, 24), (18, 25), (23, 25)])
def test_a_release_is_due_for_the_days_whose_moment_has_come(hour: int, last: int) -> None:
    now = datetime(2026, 11, 24, hour, tzinfo=ZoneInfo(ZONE))
    assert EVENING_BEFORE.last_day_due(ZONE, now=now) == date(2026, 11, last)
    assert replace(EVENING_BEFORE, days_before=0).last_day_due(ZONE, now=now) == date(2026, 11, last - 1)


@pytest.mark.parametrize(("percent", "planned", "booked", "places"), [(100, 5, 2, 3), (50, 5, 2, 1), (50, 2, 3, 0)])
def test_of_what_is_free_a_part_goes_and_half_a_place_stays(
    percent: int, planned: int, booked: int, places: int
) -> None:
    assert replace(EVENING_BEFORE, percent=percent).places(planned, booked) == places


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"target": Share.ASSISTED}, "same_share"),
        ({"days_before": 31}, "days"),
        ({"days_before": -1}, "days"),
        ({"percent": 0}, "percent"),
        ({"percent": 101}, "percent"),
        ({}, "twice"),
    ],
)
def test_what_cannot_be_a_release_is_refused_with_its_row(wrong: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidRelease) as refusal:
        check_releases([EVENING_BEFORE, replace(EVENING_BEFORE, **wrong)])
    assert refusal.value.details == {"reason": reason, "row": 1}


def test_there_are_only_so_many() -> None:
    many = [replace(EVENING_BEFORE, days_before=number) for number in range(RELEASES_MAX + 1)]
    check_releases(many[:-1])
    with pytest.raises(InvalidRelease):
        check_releases(many)
