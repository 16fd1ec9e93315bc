"""The hours of Ramadan: as long as the decree has them, and each service's own quota over them."""

from datetime import date, time

import pytest

from queue_app.domain.calendar import Share, Window
from queue_app.domain.setup import DayHours, InvalidSetup, minutes_of
from queue_app.domain.special_hours import RAMADAN_WEEK, ramadan_before, ramadan_week, windows_like


def test_the_proposed_week_has_thirty_two_and_a_half_hours_without_breaks() -> None:
    assert sum(minutes_of(*span) for day in RAMADAN_WEEK for span in day.spans) == 32.5 * 60


def test_no_day_of_it_is_longer_than_the_office_is_open() -> None:
    usual = [DayHours(day, time(7, 30), time(15), time(12), time(13)) for day in range(4)]
    monday, *_, friday, saturday = ramadan_week(
        [*usual, DayHours(4, time(8), time(11)), DayHours(5, time(8), time(10))]
    )
    assert monday == DayHours(0, time(8), time(15), time(12), time(12, 30))
    assert (friday, saturday) == (DayHours(4, time(8), time(11)), DayHours(5, time(8), time(10)))
    assert ramadan_week([DayHours(4, time(8), time(12))]) == (DayHours(4, time(8), time(11, 30)),)  # before the prayer
    assert ramadan_week([DayHours(0, time(13), time(17))]) == (DayHours(0, time(13), time(15)),)
    assert ramadan_week([DayHours(0, time(16), time(20))]) == (DayHours(0, time(16), time(20)),)  # an evening stays
    assert ramadan_week([]) == RAMADAN_WEEK


def test_ramadan_lies_before_idul_fitri() -> None:
    assert ramadan_before(date(2026, 3, 21)) == (date(2026, 2, 19), date(2026, 3, 20))


MONDAY = [
    Window(0, time(7), time(12), Share.PUBLIC, 50),
    Window(0, time(13), time(16), Share.PUBLIC, 30),
    Window(0, time(7), time(12), Share.ASSISTED, 10),
]


@pytest.mark.parametrize(("scaled", "public", "assisted"), [(False, 80, 10), (True, 65, 13)])
def test_each_share_keeps_its_places_or_has_them_by_the_length_of_the_day(
    scaled: bool, public: int, assisted: int
) -> None:
    windows = windows_like(MONDAY, RAMADAN_WEEK, 60, scaled=scaled)
    assert {window.weekday for window in windows} == {0}, "a day without places stays without"
    of_share = {share: [one for one in windows if one.share is share] for share in (Share.PUBLIC, Share.ASSISTED)}
    assert [sum(one.capacity for one in of_share[share]) for share in of_share] == [public, assisted]
    assert [(one.starts_at, one.ends_at) for one in of_share[Share.PUBLIC]][3:5] == [
        (time(11), time(12)),
        (time(12, 30), time(13, 30)),
    ]


def test_no_hours_are_none() -> None:
    with pytest.raises(InvalidSetup):
        windows_like(MONDAY, (), 60, scaled=True)
