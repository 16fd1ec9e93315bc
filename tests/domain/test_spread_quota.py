"""Blocks of queue numbers, and a day's quota spread over its windows."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain.calendar import number_blocks
from queue_app.domain.quota import QuotaHour, spread_over_day, spread_quota, who_is_over

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


@st.composite
def hours_of_a_day(draw: st.DrawFn) -> list[QuotaHour]:
    """Those that have ended come before the others."""
    gone = draw(st.integers(0, 3))
    hours = []
    for number in range(draw(st.integers(gone, 6))):
        capacity = draw(st.integers(0, 9))
        hours.append(QuotaHour(draw(st.integers(0, 9)), draw(st.integers(0, capacity)), capacity, over=number < gone))
    return hours


@given(quota=st.integers(0, 80), hours=hours_of_a_day())
def test_what_is_added_can_still_be_reached(quota: int, hours: list[QuotaHour]) -> None:
    spread = spread_over_day(quota, hours)
    booked = sum(hour.booked for hour in hours)
    coming = [hour for hour in hours if not hour.over]
    assert all(after >= hour.booked for after, hour in zip(spread, hours, strict=True))
    assert all(after <= hour.capacity for after, hour in zip(spread, hours, strict=True) if hour.over)
    if coming:
        assert sum(spread) == max(quota, booked)
    if quota >= sum(hour.capacity for hour in hours if hour.over) + sum(hour.booked for hour in coming):
        assert all(after == hour.capacity for after, hour in zip(spread, hours, strict=True) if hour.over)


def test_two_more_are_two_more_people() -> None:
    """At 09.07, when two of the places at eight were never taken."""
    hours = [QuotaHour(5, 3, 5, over=True), QuotaHour(5, 5, 5, over=False), QuotaHour(5, 1, 5, over=False)]
    assert spread_over_day(17, hours) == (5, 6, 6)
    assert spread_over_day(13, hours) == (5, 5, 3)
    assert spread_over_day(10, hours) == (4, 5, 1)  # no other way
    assert spread_over_day(9, hours) == (3, 5, 1)


parties = st.lists(st.integers(1, 5), max_size=12).map(lambda sizes: list(enumerate(sizes)))


@given(places=st.integers(0, 20), parties=parties)
def test_who_booked_first_stays(places: int, parties: list[tuple[int, int]]) -> None:
    over = set(who_is_over(places, parties))
    stay = sum(persons for party, persons in parties if party not in over)
    assert stay <= places or not stay
    for party, persons in parties:
        before = sum(size for other, size in parties[:party] if other not in over)
        assert (party in over) == (before + persons > places)


def test_a_later_party_that_fits_stays_beside_an_earlier_one_that_does_not() -> None:
    assert who_is_over(3, [(7, 2), (8, 2), (9, 1)]) == (8,)
    assert who_is_over(0, [(7, 1), (8, 1)]) == (7, 8)
