"""How many attempts are let through, and that no clock makes anybody wait for hours."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain import attempts
from queue_app.domain.attempts import CLOCKS_APART, Allowance, AttemptRule

FIVE = Allowance(5, timedelta(minutes=4))
MINUTE = 60_000
RULES = [rule for rule in vars(attempts).values() if isinstance(rule, AttemptRule)]
YEAR = 365 * 24 * 60 * MINUTE


def let_through(allowance: Allowance, instants: list[int]) -> list[int]:
    """Those of the instants at which an attempt was let through."""
    full_at, through = None, []
    for instant in instants:
        waits = allowance.wait(full_at, instant)
        taken = allowance.taken(full_at, instant)
        assert (taken is None) == (waits > 0)
        if taken is not None:
            full_at = taken
            through.append(instant)
    return through


def test_some_at_once_and_then_one_after_the_other() -> None:
    assert let_through(FIVE, [0] * 9) == [0] * 5
    assert let_through(FIVE, [0] * 9 + [3 * MINUTE, 4 * MINUTE, 4 * MINUTE, 8 * MINUTE]) == [
        *[0] * 5,
        4 * MINUTE,
        8 * MINUTE,
    ]
    assert let_through(FIVE, [0] * 9 + [20 * MINUTE] * 9) == [0] * 5 + [20 * MINUTE] * 5


@given(st.lists(st.integers(0, 60 * MINUTE), max_size=60).map(sorted))
def test_in_no_span_of_time_do_more_come_through(instants: list[int]) -> None:
    through = let_through(FIVE, instants)
    for first, begin in enumerate(through):
        for last, end in enumerate(through[first:], start=first):
            assert last - first + 1 <= FIVE.burst + (end - begin) // FIVE.step


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@given(full_at=st.integers(0, 2 * YEAR), now=st.integers(0, 2 * YEAR))
def test_no_wait_is_longer_than_its_step_whatever_the_clock_says(rule: AttemptRule, full_at: int, now: int) -> None:
    """`full_at` may have been written by any clock."""
    longest = rule.allowance.every + CLOCKS_APART
    assert timedelta(milliseconds=rule.allowance.wait(full_at, now)) <= longest <= timedelta(minutes=13)
    taken = rule.allowance.taken(full_at, now)
    assert taken is None or now < taken <= now + rule.allowance.whole


def test_after_a_clock_set_back_one_comes_through_and_the_others_wait_as_ever() -> None:
    assert let_through(FIVE, [5 * 60 * MINUTE] * 9 + [0] * 9 + [4 * MINUTE] * 2) == [
        *[5 * 60 * MINUTE] * 5,
        0,
        4 * MINUTE,
    ]


def test_processes_whose_clocks_are_a_little_apart_give_nothing_away() -> None:
    assert let_through(FIVE, [1000, 1000, 1000, 1000, 1000, 0, 999, 500]) == [1000] * 5
