"""Days that are drawn: who comes, how long services take, and what is to be expected of them."""

from __future__ import annotations

import random
from statistics import fmean, pstdev

import pytest

from queue_app.domain.figures.histogram import MINUTES, bar_of
from queue_app.domain.simulation.day import EARLY, DayPlan, Service, Window, outlook, people_of
from queue_app.domain.simulation.hall import Post
from queue_app.domain.simulation.service_times import FEWEST, ServiceTimes, measured_times

HOUR = 3600.0
EIGHT = 8 * HOUR


def plan(places: int = 20, *, absence: float = 0.0, minutes: float = 10, counters: int = 2, **more: float) -> DayPlan:
    windows = tuple(Window(1, hour * HOUR, (hour + 1) * HOUR, places) for hour in (8, 9, 10))
    service = Service(ServiceTimes(minutes * 60), absence=absence, **more)  # type: ignore[arg-type]  # of several kinds
    return DayPlan(windows, {1: service}, (Post(frozenset({1}), ((EIGHT, EIGHT + 4 * HOUR),)),) * counters)


def test_people_come_from_a_quarter_of_an_hour_before_their_window_until_it_ends() -> None:
    people = people_of(plan(200), "a")
    assert len(people) == 600
    for one in people:
        assert one.window - EARLY <= one.at <= one.window + HOUR
    assert people == sorted(people)


def test_more_places_are_the_same_people_and_more() -> None:
    """Else the advice would compare two quotas by the luck of two days."""
    few, many = people_of(plan(20, absence=0.3), "a"), people_of(plan(30, absence=0.3), "a")
    assert set(few) < set(many)
    assert people_of(plan(20, absence=0.3), "b") != few


def test_who_is_absent_does_not_come_and_who_has_no_appointment_does() -> None:
    seen = outlook(plan(50, absence=0.4, walk_ins=12.5, priority=0.2), days=60)
    assert seen.came == pytest.approx(150 * 0.6 + 12.5, rel=0.03)
    assert seen.places == 150
    assert outlook(plan(50, absence=0.4).if_everybody_came(), days=3).came == 150


@pytest.mark.parametrize("bars", [{}, {3: 10, 5: 30, 10: 5, 240: 1}, {0: 5}])
def test_drawn_times_have_the_mean_that_was_measured(bars: dict[int, int]) -> None:
    draw = ServiceTimes(420, bars).drawn(random.Random(3))
    drawn = [draw() for _ in range(20_000)]
    assert fmean(drawn) == pytest.approx(420, rel=0.02)
    assert min(drawn) > 0
    if not bars:
        assert pstdev(drawn) == pytest.approx(210, rel=0.05)


def test_drawn_times_fill_the_bars_that_were_measured() -> None:
    """Where the mean is that of the bars' middles nothing is scaled, and each bar gets its share."""
    draw = ServiceTimes(60 * (3 * 4 + 8.5) / 4, {3: 3, 7: 1}).drawn(random.Random(5))
    bars = [bar_of(draw() / 60, MINUTES) for _ in range(4000)]
    assert set(bars) == {3, 7}
    assert bars.count(3) / 4000 == pytest.approx(0.75, abs=0.03)


def test_few_measurements_are_not_gone_by() -> None:
    assert measured_times(300 * (FEWEST - 1), FEWEST - 1, {5: FEWEST - 1}) is None
    found = measured_times(300 * FEWEST, FEWEST, {5: FEWEST})
    assert found == ServiceTimes(300, {5: FEWEST}, FEWEST)
    assert found.with_mean(600).bars == {5: FEWEST}


def test_a_day_of_more_people_waits_longer_and_ends_later() -> None:
    quiet, busy = (outlook(plan(places), days=20) for places in (8, 20))
    assert quiet.wait < busy.wait < busy.most_wait
    assert quiet.overtime < busy.overtime
    assert quiet.idle > busy.idle
    assert outlook(plan(), days=5) == outlook(plan(), days=5)


def test_an_office_without_counters_serves_nobody() -> None:
    seen = outlook(plan(counters=0), days=2)
    assert (seen.served, seen.left, seen.overtime, seen.idle) == (0, 60, 0, 0)
