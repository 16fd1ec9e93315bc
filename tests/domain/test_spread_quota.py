"""Blocks of queue numbers, and a day's quota spread over its windows."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain.calendar import number_blocks, spread_quota

capacities = st.lists(st.integers(0, 300), max_size=12)
windows = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), max_size=10)


@given(capacities)
def test_blocks_are_disjoint_rising_and_without_gaps(places: list[int]) -> None:
    blocks = number_blocks(places)
    assert len(blocks) == len(places)
    assert [first for first, _ in blocks[:1]] == [1] * bool(blocks)
    assert all(last + 1 == first for (_, last), (first, _) in pairwise(blocks))


@given(capacities)
def test_each_block_bears_as_many_cancellations_as_places(places: list[int]) -> None:
    for capacity, (first, last) in zip(places, number_blocks(places), strict=True):
        assert last - first + 1 >= max(10, 2 * capacity)
        assert first % 10 == 1
        assert last % 10 == 0


@given(quota=st.integers(0, 500), windows=windows)
def test_the_quota_is_spread_to_the_last_place_and_nobody_loses_one(quota: int, windows: list[tuple[int, int]]) -> None:
    spread = spread_quota(quota, windows)
    booked = [places for _, places in windows]
    assert len(spread) == len(windows)
    assert all(after >= before for after, before in zip(spread, booked, strict=True))
    assert sum(spread) == (max(quota, sum(booked)) if windows else 0)


@given(quota=st.integers(0, 500), weights=st.lists(st.integers(1, 60), min_size=1, max_size=10))
def test_nobody_booked_the_spread_is_proportional(quota: int, weights: list[int]) -> None:
    spread = spread_quota(quota, [(weight, 0) for weight in weights])
    for weight, places in zip(weights, spread, strict=True):
        assert places >= quota * weight // sum(weights)  # nobody gets less than the whole part of their share


@given(windows)
def test_the_scheduled_quota_gives_the_scheduled_places(windows: list[tuple[int, int]]) -> None:
    weights = [weight for weight, _ in windows]
    within = [(weight, min(weight, booked)) for weight, booked in windows]
    assert spread_quota(sum(weights), within) == tuple(weights)


def test_a_window_that_the_schedule_dropped_gets_nothing_more() -> None:
    assert spread_quota(50, [(10, 0), (10, 0), (0, 0), (0, 3)]) == (24, 23, 0, 3)


def test_without_any_schedule_all_windows_are_alike() -> None:
    assert spread_quota(7, [(0, 0), (0, 0), (0, 0)]) == (3, 2, 2)
    assert spread_quota(7, []) == ()
