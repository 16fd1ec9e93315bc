"""How long somebody in a queue will wait, and how sure that is (`docs/calling.md`).

The queue is played through some hundred times with service times that were really measured: each counter takes the next
person when it is free. So the answer knows what the numbers alone do not say: that some services take thrice as long as
others, that those at the counters have been there for a while, and that a few measurements prove little.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from itertools import accumulate
from math import exp, sqrt

FEWEST = 5  # measurements below which nothing honest can be said
RUNS = 160
HALF_LIFE = 40  # measurements, newest first: the 40th from now weighs half
WIDTH = 1.0  # of the smoothing; this and TAIL are chosen by simulated days (tests/domain/test_waiting_time.py)
TAIL = 0.08  # on either side: 84 % by intention, so that it is four of five cases in truth
# Nobody is served for so long, and for so much longer than the others: somebody has forgotten to say that it was over.
LONGEST, LONGER = 30 * 60, 4  # seconds, and times as long as three of four
SEED = 5  # the same queue gives the same answer: a page that has not changed is not sent again


@dataclass(frozen=True)
class Wait:
    """Seconds until the call: the middle, and the bounds between which it lies in four of five cases."""

    low: float
    middle: float
    high: float


def estimate(
    ahead: int, counters: int, service_seconds: Sequence[float], in_service_seconds: Sequence[float]
) -> Wait | None:
    """The wait of somebody with ``ahead`` people before them; None where nothing honest can be said.

    ``service_seconds``: measured from the call until the counter was free, the newest first.
    ``in_service_seconds``: how long those at the counters have been there.
    """
    waits = estimate_queue(ahead, counters, service_seconds, in_service_seconds)
    return waits[-1] if waits else None


def estimate_queue(
    ahead: int, counters: int, service_seconds: Sequence[float], in_service_seconds: Sequence[float]
) -> tuple[Wait, ...]:
    """As `estimate`, for everybody in a queue: of those with nobody before them up to ``ahead``. Empty for None."""
    service_seconds = believable(service_seconds)
    if counters < 1 or len(service_seconds) < FEWEST:
        return ()
    chance = random.Random(SEED)
    weights = [0.5 ** (age / HALF_LIFE) for age in range(len(service_seconds))]
    paces = _paces(service_seconds, weights, chance)
    service_seconds, weights = _smoothed(service_seconds, weights)
    cumulative = list(accumulate(weights))
    busy = sorted(in_service_seconds, reverse=True)[:counters]  # more of them than counters: somebody has just left
    rests = [_rests(seconds, service_seconds, weights, chance) for seconds in busy]
    idle = [0.0] * (counters - len(busy))
    calls: list[list[float]] = [[] for _ in range(ahead + 1)]
    for run, pace in enumerate(paces):
        free = [pace * rest[run] for rest in rests] + idle
        heapify(free)
        for place, seconds in enumerate(chance.choices(service_seconds, cum_weights=cumulative, k=ahead)):
            calls[place].append(free[0])
            heapreplace(free, free[0] + pace * seconds)
        calls[ahead].append(free[0])
    return tuple(_wait(sorted(seconds)) for seconds in calls)


def believable(service_seconds: Sequence[float]) -> Sequence[float]:
    """Without what measures no service but a key that nobody pressed: one of them made "2–87 minutes" of five."""
    if not service_seconds:
        return service_seconds
    usual = sorted(service_seconds)[len(service_seconds) * 3 // 4]
    most = max(LONGEST, LONGER * usual)
    return [seconds for seconds in service_seconds if seconds <= most]


def _paces(seconds: Sequence[float], weights: Sequence[float], chance: random.Random) -> list[float]:
    """How much slower than measured today may truly be, one for each run: the mean of few measurements is uncertain,
    as Student's distribution says.
    """
    total = sum(weights)
    mean = sum(weight * one for weight, one in zip(weights, seconds, strict=True)) / total
    count = total**2 / sum(weight**2 for weight in weights)  # as many as if all weighed the same
    square = sum(weight * (one - mean) ** 2 for weight, one in zip(weights, seconds, strict=True)) / total
    error = sqrt(square / max(count - 1, 1)) / mean if mean else 0.0
    freedom = max(count - 1, 1)
    return [
        exp(min(error * chance.gauss() / sqrt(chance.gammavariate(freedom / 2, 2 / freedom)), 1.5)) for _ in range(RUNS)
    ]


def _smoothed(seconds: Sequence[float], weights: Sequence[float]) -> tuple[list[float], list[float]]:
    """Each measurement with two neighbours: no future service takes exactly as long as one of a handful before."""
    apart = WIDTH / len(seconds) ** 0.5
    return [one * factor for factor in (1 - apart, 1, 1 + apart) for one in seconds], [*weights] * 3


def _rests(elapsed: float, seconds: Sequence[float], weights: Sequence[float], chance: random.Random) -> list[float]:
    """How long somebody will still be at a counter who has been there for a while: as those who were there longer."""
    longer = [(one - elapsed, weight) for one, weight in zip(seconds, weights, strict=True) if one > elapsed]
    if not longer:  # nobody ever was: as long again as they say who is the longest
        longer = [(one / 2, weight) for one, weight in zip(seconds, weights, strict=True)]
    return chance.choices([rest for rest, _ in longer], [weight for _, weight in longer], k=RUNS)


def _wait(seconds: Sequence[float]) -> Wait:
    last = len(seconds) - 1
    return Wait(seconds[round(TAIL * last)], seconds[round(0.5 * last)], seconds[round((1 - TAIL) * last)])
