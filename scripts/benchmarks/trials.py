"""What is measured at two builds in turns: rounds of the lines that the ordinary table has, with the goals of a ratio.

A trial is what a round does with one build, and the figures that are read off its result. A new line is an entry here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from scripts.benchmarks import desk, pages, rushes, untimely, way
from scripts.benchmarks.bench import Bench

Goal = Mapping[str, dict[str, float]]  # by the kind of database: what a `Line` takes


def at_least(sqlite: float, postgresql: float | None = None) -> Goal:
    """The same on both unless told."""
    return {"sqlite": {"at_least": sqlite}, "postgresql": {"at_least": postgresql or sqlite}}


def at_most(sqlite: float, postgresql: float | None = None) -> Goal:
    return {"sqlite": {"at_most": sqlite}, "postgresql": {"at_most": sqlite if postgresql is None else postgresql}}


@dataclass(frozen=True)
class Figure:
    """One number of a round's result. ``ratio``: the goal for new to old; ``itself``: for the new build alone."""

    what: str
    unit: str
    of: Callable[[Any], float]
    ratio: Goal = field(default_factory=dict)
    itself: Goal = field(default_factory=dict)
    of_database: bool = False  # which SQLite has no processes of


@dataclass(frozen=True)
class Trial:
    """``warm`` runs once before the rounds at each build."""

    once: Callable[[Bench], Any]
    figures: tuple[Figure, ...]
    warm: Callable[[Bench], Any] = rushes.warm


def _p99(measured: Any) -> float:
    return float(measured.percentile(0.99))


rate, server, database = attrgetter("rate"), attrgetter("server_cpu"), attrgetter("database_cpu")


def _acceptances(slots: int, goal: Goal) -> Trial:
    name = f"{slots} slots" if slots > 1 else "one hot slot"
    return Trial(
        lambda bench: rushes.book_all(bench, slots),
        (
            Figure(f"accepted bookings, {name}", "/s", rate, ratio=goal),
            Figure("… processor time of one", "µs", server, ratio=at_most(0.3)),
            Figure("… and of the database", "µs", database, of_database=True),
            Figure("… told to come back later (503), or nothing", "%", rushes.turned_away, itself=at_most(0)),
        ),
    )


def _rush(slots: int, capacity: int, ratio: Goal, itself: Goal, p99: tuple[Goal, Goal]) -> Trial:
    return Trial(
        lambda bench: rushes.sell_out(bench, slots, capacity),
        (
            Figure(
                f"{slots} × {capacity:,} places sold out, {rushes.CROWDED} connections",
                "s",
                lambda rush: rushes.sold_out_after(rush, slots * capacity),
                ratio=ratio,
                itself=itself,
            ),
            Figure("… p99 of the whole rush", "ms", _p99, *p99),
            Figure("… told to come back later (503), or nothing", "%", rushes.turned_away),
        ),
    )


def _scans(desks: int) -> Trial:
    whose = "one desk" if desks == 1 else f"{desks} desks"
    return Trial(
        lambda bench: desk.scan_all(bench, desks),
        (
            Figure(f"p99 of a scan at the page, {whose} without a pause", "ms", _p99, itself=at_most(50)),
            Figure("… processor time of one", "µs", server, ratio=at_most(0.35)),
            Figure("… and of the database", "µs", database, of_database=True),
        ),
    )


def _untimely(case: str) -> Trial:
    return Trial(
        lambda bench: untimely.refuse(bench, case),
        (
            Figure(f"refusals '{case}', {untimely.CONNECTIONS} connections", "/s", rate, ratio=at_least(10)),
            Figure("… p99", "ms", _p99, itself=at_most(50)),
            Figure("… processor time of one", "µs", server),
        ),
    )


CHECK_INS = Trial(
    pages.check_all_in,
    (
        Figure(f"check-ins, {pages.DESKS} connections", "/s", rate, ratio=at_least(15, 10)),
        Figure("… p99", "ms", _p99),
        Figure("… processor time of one", "µs", server),
        Figure("… and of the database", "µs", database, of_database=True),
    ),
)
WAY = Trial(
    way.walk_all,
    (
        Figure(f"processor time of {way.WHOLE}", "ms", server, ratio=at_most(0.5)),
        Figure("… and of the database", "ms", database, of_database=True),
        Figure(f"… {way.TOLD_LATER}", "%", attrgetter("turned_away"), itself=at_most(0)),
    ),
    warm=way.walk_all,
)
START = Trial(
    pages.started_after,
    (Figure("start to first page", "s", float, itself=at_most(1.5)),),
    warm=pages.started_after,
)
MEMORY = Trial(
    lambda bench: bench.product.worker_memory(),
    (
        Figure("memory of a worker, shared pages divided", "MB", attrgetter("shared_fairly"), itself=at_most(70)),
        Figure("memory of a worker, resident", "MB", attrgetter("resident"), ratio=at_most(1)),
    ),
    warm=pages.load,
)

TRIALS: Mapping[str, tuple[Trial, ...]] = {
    "start": (START,),
    "accepted": (_acceptances(8, at_least(3.0, 2.3)), _acceptances(1, at_least(2.5, 2.0))),
    "sold-out": (
        _rush(8, 50, at_most(0.35), at_most(0.4), (at_most(0.4), at_most(300))),
        _rush(1, 2000, at_most(0.3, 0.45), {}, ({}, {})),
    ),
    "untimely": tuple(_untimely(case) for case in untimely.CASES),
    "check-ins": (CHECK_INS,),
    "scans": (_scans(1), _scans(desk.DESKS)),
    "way": (WAY,),
    "memory": (MEMORY,),
}
