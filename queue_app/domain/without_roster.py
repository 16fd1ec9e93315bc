"""Counters of a day for which nobody is planned: when they are taken to be manned (`docs/rules.md` R-ADVICE-5).

All times are seconds since midnight of the office.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from .simulation.day import Window

Span = tuple[float, float]

# Perpres 21/2023 Pasal 4: thirty-seven and a half hours of work a week on five days, each with a break of an hour, from
# 07.30 on.
WORKS, PRESENT = 7.5 * 3600, 8.5 * 3600
BEGINS = 7.5 * 3600


def working_day(windows: Collection[Window]) -> Span:
    """From when until when the office is taken to be manned; no time at all where it has no window.

    Of the stretches of whole windows in which one person can be present it is the one with most places; of several such
    the one that begins nearest to the usual hour, and then the longest. A window that is longer is manned from the
    usual hour on.
    """
    places: Counter[Span] = Counter()
    for window in windows:
        places[window.starts, window.ends] += window.places
    beginnings, ends = ({one for one, _ in places}, {one for _, one in places})
    days = [(begin, end) for begin in beginnings for end in ends if begin < end <= begin + PRESENT]
    for start, end in places:
        if end - start > PRESENT:
            begin = min(max(start, BEGINS), end - PRESENT)
            days.append((begin, begin + PRESENT))

    def worth(day: Span) -> tuple[float, float, float]:
        within = sum(number * _common(day, window) / (window[1] - window[0]) for window, number in places.items())
        return within, -abs(day[0] - BEGINS), day[1]

    return max(days, key=worth, default=(0.0, 0.0))


def manned(windows: Collection[Window], services: Collection[int], day: Span) -> tuple[Span, ...]:
    """The hours of a counter that takes ``services``: of their windows what lies within the working ``day``. Where they
    leave no break, or too short a one, the middle is one, so that its one person serves no longer than `WORKS`.
    """
    own = [(one.starts, one.ends) for one in windows if one.service in services]
    hours = merged([(max(one[0], day[0]), min(one[1], day[1])) for one in own if _common(one, day)])
    if sum(end - start for start, end in hours) <= WORKS:
        return hours
    mirrored = [(-end, -start) for start, end in reversed(hours)]
    afternoon = [(-end, -start) for start, end in _first(mirrored, WORKS / 2)]
    return merged([*_first(hours, WORKS / 2), *afternoon])


def merged(hours: Sequence[Span]) -> tuple[Span, ...]:
    """Spans of time without those that touch or overlap: two shifts in a row are no break."""
    spans: list[Span] = []
    for start, end in sorted(hours):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return tuple(spans)


def _first(hours: Sequence[Span], seconds: float) -> Iterator[Span]:
    for start, end in hours:
        if seconds > 0:
            yield start, min(end, start + seconds)
        seconds -= end - start


def _common(one: Span, other: Span) -> float:
    return max(0.0, min(one[1], other[1]) - max(one[0], other[0]))
