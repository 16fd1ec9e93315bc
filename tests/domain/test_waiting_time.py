"""An honest waiting time: on simulated days the interval holds the real one as often as it says."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from heapq import heapify, heapreplace

import pytest

from queue_app.domain.waiting_time import believable, estimate, estimate_queue

Draw = Callable[[random.Random], float]

SERVICES: dict[str, Draw] = {
    "gamma": lambda chance: chance.gammavariate(4, 90),
    "lognormal": lambda chance: chance.lognormvariate(5.7, 0.5),
    "bimodal": lambda chance: chance.gauss(150, 20) if chance.random() < 0.7 else chance.gauss(900, 120),
}
POSITIONS = 40
LINES = 60


def moment(draw: Draw, counters: int, chance: random.Random) -> tuple[list[float], list[float]]:
    """A moment in the middle of a day: how long those at the counters have been there, and the real waits of a line
    of forty.
    """
    elapsed, free = [], []
    for _ in range(counters):
        began = -chance.uniform(5000, 9000)
        while began + (seconds := draw(chance)) < 0:
            began += seconds
        elapsed.append(-began)
        free.append(began + seconds)
    heapify(free)
    waits = []
    for _ in range(POSITIONS):
        waits.append(free[0])
        heapreplace(free, free[0] + draw(chance))
    return elapsed, waits


@pytest.mark.parametrize("service", SERVICES)
def test_the_interval_holds_the_real_wait_in_four_of_five_cases(service: str) -> None:
    chance = random.Random(2026)
    draw: Draw = lambda chance: max(20, SERVICES[service](chance))  # noqa: E731
    held: dict[str, list[bool]] = defaultdict(list)
    real: dict[int, float] = defaultdict(float)
    middle: dict[int, float] = defaultdict(float)
    for counters in (1, 2, 3, 4):
        for _ in range(LINES):
            elapsed, waits = moment(draw, counters, chance)
            measured = [draw(chance) for _ in range(chance.choice((6, 12, 25, 60, 150)))]
            for place, (wait, told) in enumerate(
                zip(waits, estimate_queue(POSITIONS - 1, counters, measured, elapsed), strict=True)
            ):
                within = told.low <= wait <= told.high
                held[f"{counters} counters"].append(within)
                held[f"place {place // 10}x"].append(within)
                real[counters] += wait
                middle[counters] += told.middle
    shares = {which: sum(within) / len(within) for which, within in held.items()}
    assert all(0.75 <= share <= 0.90 for share in shares.values()), shares
    bias = {counters: middle[counters] / real[counters] - 1 for counters in real}
    assert all(abs(one) <= 0.10 for one in bias.values()), bias


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert estimate(3, 2, [300] * 4, [60]) is None
    assert estimate(3, 0, [300] * 50, []) is None
    assert estimate_queue(3, 0, [300] * 50, []) == ()


def test_few_measurements_give_a_wide_interval_and_many_a_narrow_one() -> None:
    chance = random.Random(1)
    draw = SERVICES["gamma"]
    widths = []
    for count in (5, 20, 150):
        told = [estimate(10, 2, [draw(chance) for _ in range(count)], [100, 200]) for _ in range(10)]
        widths.append(sum(wait.high - wait.low for wait in told if wait))
    assert widths[0] > widths[1] > widths[2]


def test_who_stands_further_back_waits_longer_and_more_counters_are_faster() -> None:
    measured = [float(seconds) for seconds in range(200, 500, 5)]
    line = estimate_queue(20, 2, measured, [100, 50])
    assert [wait.middle for wait in line] == sorted(wait.middle for wait in line)
    assert all(wait.low <= wait.middle <= wait.high for wait in line)
    faster = estimate_queue(20, 4, measured, [100, 50, 20, 10])
    assert faster[20].middle < 0.6 * line[20].middle
    assert line[7] == estimate_queue(20, 2, measured, [100, 50])[7]  # the same line, the same answer


def test_an_idle_counter_calls_at_once() -> None:
    wait = estimate(0, 2, [300.0] * 10, [10])
    assert wait
    assert wait.high == 0


def test_a_slow_day_is_believed_more_than_the_weeks_before() -> None:
    usual, today = [300.0, 310.0, 290.0, 305.0] * 20, [600.0, 620.0, 580.0] * 10
    told = estimate(9, 1, [*today, *usual], [0])
    before = estimate(9, 1, usual, [0])
    assert told
    assert before
    assert told.middle > 1.35 * before.middle


def test_who_has_been_at_a_counter_longer_than_anybody_else_does_not_stop_the_clock() -> None:
    told = estimate(0, 1, [300.0] * 10, [4000])
    assert told
    assert 0 < told.middle <= 300


def test_one_forgotten_key_changes_nothing() -> None:
    usual = [300.0, 310.0, 290.0, 305.0, 320.0, 280.0]
    assert estimate_queue(9, 2, [*usual[:3], 3 * 3600, *usual[3:]], [60]) == estimate_queue(9, 2, usual, [60])
    assert believable([900.0, 120.0, 130.0, 1500.0]) == [900.0, 120.0, 130.0, 1500.0]  # slow ones are still services
    assert believable([]) == []


def test_where_only_forgotten_keys_would_be_left_to_count_nothing_is_said() -> None:
    assert estimate(3, 2, [300.0, 310.0, 290.0, 305.0, 4 * 3600.0], [60]) is None
