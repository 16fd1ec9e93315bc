"""When counters are taken to be manned on a day for which nobody is planned: a working day of one person, no more."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from queue_app.domain.simulation.day import Window
from queue_app.domain.without_roster import PRESENT, WORKS, manned, merged, working_day

HOUR = 3600
CARD, PICKUP = 1, 2
MORNING_AND_AFTERNOON = (8, 9, 10, 11, 13, 14)


def hourly(service: int, hours: Sequence[float], places: int = 10) -> list[Window]:
    return [Window(service, hour * HOUR, (hour + 1) * HOUR, places) for hour in hours]


def in_hours(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(start / HOUR, end / HOUR) for start, end in spans]


def hours_of(windows: Sequence[Window], *services: int) -> list[tuple[float, float]]:
    return in_hours(manned(windows, services, working_day(windows)))


def test_ordinary_hours_are_all_manned() -> None:
    assert hours_of(hourly(CARD, MORNING_AND_AFTERNOON), CARD) == [(8, 12), (13, 15)]
    assert hours_of(hourly(CARD, (8, 9, 10)), CARD) == [(8, 11)]
    assert hours_of([], CARD) == []


def test_a_service_that_is_open_day_and_night_is_manned_for_one_working_day() -> None:
    """Of many stretches that are as full the one nearest to the usual hours; the break is in the middle."""
    (first, noon), (after, last) = hours_of(hourly(PICKUP, range(23)), PICKUP)
    assert (first, noon, after, last) == (8, 11.75, 12.25, 16)
    assert noon - first + last - after == WORKS / HOUR


def test_the_day_is_where_most_places_are_and_the_same_for_all_counters() -> None:
    windows = hourly(PICKUP, range(24), 4) + hourly(CARD, (14, 15, 16, 17, 18, 19), 20)
    assert in_hours([working_day(windows)]) == [(12, 20)]
    assert hours_of(windows, CARD) == [(14, 20)]
    assert hours_of(windows, PICKUP)[0][0] == 12


def test_a_break_that_is_too_short_becomes_longer() -> None:
    windows = [
        Window(CARD, start * HOUR, end * HOUR, 10) for start, end in ((8, 10), (10, 12), (12.5, 14.5), (14.5, 16.5))
    ]
    spans = hours_of(windows, CARD)
    assert spans == [(8, 11.75), (12.75, 16.5)]


@pytest.mark.parametrize("hours", [range(24), range(6, 22), (0, 1, 2, 20, 21, 22), MORNING_AND_AFTERNOON])
def test_nobody_serves_longer_than_a_working_day(hours: Sequence[float]) -> None:
    spans = manned(windows := hourly(CARD, hours), {CARD}, working_day(windows))
    assert 0 < sum(end - start for start, end in spans) <= WORKS
    assert spans[-1][1] - spans[0][0] <= PRESENT


def test_a_window_that_is_longer_than_a_working_day_is_manned_from_the_usual_hour_on() -> None:
    whole = Window(PICKUP, 0, 24 * HOUR, 10)
    assert hours_of([whole], PICKUP) == [(7.5, 11.25), (12.25, 16)]
    assert hours_of([Window(PICKUP, 10 * HOUR, 20 * HOUR, 10)], PICKUP) == [(10, 13.75), (14.75, 18.5)]
    beside = [whole, *hourly(CARD, (8, 9))]
    assert (hours_of(beside, PICKUP)[0][0], hours_of(beside, CARD)) == (7.5, [(8, 10)])


def test_two_shifts_in_a_row_are_no_break() -> None:
    assert merged([(10, 12), (8, 10), (13, 15), (14, 14.5)]) == ((8, 12), (13, 15))
    assert merged([]) == ()
