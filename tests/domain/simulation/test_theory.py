"""Against queueing theory: with exponential times the mean wait is that of Erlang's formula."""

from __future__ import annotations

import random
from math import factorial

import pytest

from queue_app.domain.simulation.hall import Post, play
from queue_app.domain.simulation.queue import Visitor

SERVICE = 300.0  # seconds, in the mean
PEOPLE = 200_000  # at four fifths load the mean of fewer is itself further off than 5 %
ALWAYS = ((0.0, 10**12),)


def erlang_c(counters: int, load: float) -> float:
    """The share of people who have to wait, at ``load`` of each counter."""
    offered = counters * load
    all_busy = offered**counters / factorial(counters) / (1 - load)
    return all_busy / (sum(offered**busy / factorial(busy) for busy in range(counters)) + all_busy)


def mean_wait(counters: int, load: float) -> float:
    return erlang_c(counters, load) * SERVICE / (counters * (1 - load))


def played_wait(counters: int, load: float) -> float:
    chance, now, people = random.Random(7), 0.0, []
    for _ in range(PEOPLE):
        now += chance.expovariate(counters * load / SERVICE)
        people.append(Visitor(now, 1, chance.expovariate(1 / SERVICE), now))
    posts = [Post(frozenset({1}), ALWAYS)] * counters
    return sum(one.began - people[one.visitor].at for one in play(people, posts).served) / PEOPLE


@pytest.mark.parametrize("load", [0.5, 0.8])
@pytest.mark.parametrize("counters", [1, 2, 4])
def test_the_mean_wait_is_erlangs(counters: int, load: float) -> None:
    assert played_wait(counters, load) == pytest.approx(mean_wait(counters, load), rel=0.05)


def test_the_formula_is_the_known_one() -> None:
    """One counter: load / (1 - load) services. Four at four fifths: from printed tables."""
    assert mean_wait(1, 0.8) == pytest.approx(4 * SERVICE)
    assert erlang_c(4, 0.8) == pytest.approx(0.5964, abs=1e-4)
