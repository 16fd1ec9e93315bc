"""Figures that anybody may see: nothing about fewer than five people, nor what would let them be reckoned.

A small number is not shown, and neither is the one beside it that would tell it together with the quota. Shares are
those of the days that are shown, so no total hides what a day does not say; words of few people are put together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from .histogram import Span, percentile_span

FEWEST = 5
HALF = 0.5
Word = TypeVar("Word", int, str)


@dataclass(frozen=True)
class ServiceDay:
    """Of one service: its public places, and since when none of them was free to the end."""

    public_quota: int
    sold_out_at: datetime | None


@dataclass(frozen=True)
class DayCounted:
    """A day of an office, with nothing left out yet."""

    day: date
    quota: int
    came: int
    missed: int
    services: Sequence[ServiceDay]
    waits: Mapping[int, int]


@dataclass(frozen=True)
class OpenDay:
    """``came`` and ``missed``: both or neither. ``few``: which of them are too few to say. ``sold_out``: of how many
    ``services``; ``sold_out_at``: the moment of the last, where all are.
    """

    day: date
    quota: int
    came: int | None
    missed: int | None
    few: frozenset[str]
    sold_out: int
    services: int
    sold_out_at: datetime | None
    median_wait: Span | None

    @property
    def is_told(self) -> bool:
        return self.came is not None


def open_day(counted: DayCounted) -> OpenDay:
    few = frozenset(name for name in ("came", "missed") if getattr(counted, name) < FEWEST)
    # How many hold a place is told by a service that is sold out: so not of one with few.
    services = [one for one in counted.services if one.public_quota >= FEWEST]
    full = [one.sold_out_at for one in services if one.sold_out_at]
    return OpenDay(
        day=counted.day,
        quota=counted.quota,
        came=None if few else counted.came,
        missed=None if few else counted.missed,
        few=few,
        sold_out=len(full),
        services=len(services),
        sold_out_at=max(full) if full and len(full) == len(services) else None,
        median_wait=percentile_span(counted.waits, HALF) if sum(counted.waits.values()) >= FEWEST else None,
    )


def open_shares(people: Mapping[str, int]) -> list[tuple[str | None, int]]:
    """Whole percents by word, the largest first; None for the words of few people, with as many more put to them as it
    takes until they are not few. Nothing where even all together are.
    """
    everybody = sum(people.values())
    if everybody < FEWEST:
        return []
    together = put_together(people)
    falling = sorted(people.items(), key=lambda one: (one[1], one[0]), reverse=True)
    shown: list[tuple[str | None, int]] = [(word, count) for word, count in falling if word not in together]
    if others := sum(people[word] for word in together):
        shown.append((None, others))
    return [(word, round(100 * count / everybody)) for word, count in shown]


def put_together(people: Mapping[Word, int]) -> frozenset[Word]:
    """The words of few people, and as many more, the smallest first, as it takes until those of all are not few."""
    rising = sorted(people.items(), key=lambda one: (one[1], one[0]))
    together, others = set(), 0
    while rising and (rising[0][1] < FEWEST or 0 < others < FEWEST):
        word, count = rising.pop(0)
        together.add(word)
        others += count
    return frozenset(together)
