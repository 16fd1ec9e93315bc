"""Histograms with fixed bounds: from them a median over a year is right to the width of one bar."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

MINUTES = (0, 1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 240)  # of waits and service times
DAYS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 22, 31)  # of the time between booking and day
A_MINUTE = 60


@dataclass(frozen=True)
class Span:
    """From ``low``, and below ``high``; None for no end."""

    low: int
    high: int | None


def bar_of(value: float, bounds: Sequence[int]) -> int:
    """The lower bound of the bar that a value falls into."""
    return bounds[max(0, bisect_right(bounds, value) - 1)]


def span_of(low: int, bounds: Sequence[int]) -> Span:
    after = bounds.index(low) + 1
    return Span(low, bounds[after] if after < len(bounds) else None)


def percentile_span(bars: Mapping[int, int], share: float, bounds: Sequence[int] = MINUTES) -> Span | None:
    """The bar, by its bounds, in which the value lies that ``share`` of all do not exceed; None without values."""
    rank = ceil(share * sum(bars.values()))
    for low in sorted(bars):
        rank -= bars[low]
        if rank <= 0 and bars[low]:
            return span_of(low, bounds)
    return None


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that ``share`` of all do not exceed (nearest rank); None without values."""
    return sorted(values)[max(1, ceil(share * len(values))) - 1] if values else None
