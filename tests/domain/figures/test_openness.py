"""Figures for everybody tell nothing of few people, also not to who reckons with what stands beside."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pytest

from queue_app.domain.figures.histogram import Span
from queue_app.domain.figures.openness import FEWEST, DayCounted, ServiceDay, open_day, open_shares, put_together

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 20, 0, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 3, tzinfo=UTC)


def counted(came: int = 60, missed: int = 9, waits: dict[int, int] | None = None, *services: ServiceDay) -> DayCounted:
    return DayCounted(DAY, 80, came, missed, services or (ServiceDay(80, None),), waits or {})


def test_a_day_of_many_says_all() -> None:
    day = open_day(counted(60, 9, {10: 60}))
    assert (day.came, day.missed, day.median_wait) == (60, 9, Span(10, 15))


@pytest.mark.parametrize(("came", "missed", "few"), [(60, 4, {"missed"}), (2, 9, {"came"}), (3, 0, {"came", "missed"})])
def test_a_few_take_their_neighbour_with_them(came: int, missed: int, few: set[str]) -> None:
    """With the quota of a day that is sold out the one would tell the other."""
    day = open_day(counted(came, missed))
    assert (day.came, day.missed, day.few) == (None, None, few)


def test_a_median_of_few_is_not_said() -> None:
    assert open_day(counted(waits={10: FEWEST - 1})).median_wait is None
    assert open_day(counted(waits={10: FEWEST})).median_wait == Span(10, 15)


def test_a_day_is_sold_out_with_its_last_service() -> None:
    both = open_day(counted(60, 9, {}, ServiceDay(40, AT), ServiceDay(40, LATER)))
    assert (both.sold_out, both.services, both.sold_out_at) == (2, 2, LATER)
    one = open_day(counted(60, 9, {}, ServiceDay(40, AT), ServiceDay(40, None)))
    assert (one.sold_out, one.services, one.sold_out_at) == (1, 2, None)


def test_a_service_of_few_places_is_not_told_of() -> None:
    day = open_day(counted(60, 9, {}, ServiceDay(40, None), ServiceDay(FEWEST - 1, AT)))
    assert (day.sold_out, day.services) == (0, 1)


def test_words_of_few_are_put_together() -> None:
    assert open_shares({"online": 90, "desk": 10}) == [("online", 90), ("desk", 10)]
    assert open_shares({"online": 90, "desk": 7, "village": 3}) == [("online", 90), (None, 10)]
    assert open_shares({"online": 94, "desk": 3, "village": 3}) == [("online", 94), (None, 6)]
    assert open_shares({"online": 4}) == open_shares({}) == []


def test_no_share_is_of_few_people_whatever_there_is() -> None:
    chance = random.Random(5)
    for _ in range(500):
        people = {f"w{number}": chance.choice((0, 1, 2, 4, 5, 6, 30)) for number in range(chance.randint(1, 6))}
        shown = open_shares(people)
        together = sum(people.values()) - sum(people[word] for word, _ in shown if word)
        assert all(people[word] >= FEWEST for word, _ in shown if word)
        assert together >= FEWEST or None not in dict(shown)


def test_a_lone_word_of_few_takes_the_smallest_of_the_others_along() -> None:
    assert put_together({1: 1, 2: 20, 3: 7}) == {1, 3}
    assert put_together({1: 4, 2: 1, 3: 7}) == {1, 2}
    assert put_together({1: 4}) == {1}
    assert put_together({1: 5, 2: 9}) == frozenset()
