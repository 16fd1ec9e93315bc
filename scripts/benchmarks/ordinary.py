"""The lines of the ordinary table: the product beside its bare peers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from scripts.benchmarks import advice, desk, figures, hall, layouts, pages, pieces, rushes, soak, untimely, way, weights
from scripts.benchmarks.bench import Bench, Scale
from scripts.benchmarks.databases import Databases
from scripts.benchmarks.growth import Curve, growth
from scripts.benchmarks.guard import ROUNDS, losses
from scripts.benchmarks.machine import progress
from scripts.benchmarks.sizes import sizes
from scripts.benchmarks.table import Line

Measuring = Callable[[Bench], Iterator[Line]]
ALONE: dict[str, Callable[[int, int], Iterator[Line]]] = {
    "qr": pieces.qr,
    "pdf": pieces.pdf,
    "advice": advice.advice,
}
WITH_DATABASE: dict[str, Measuring] = {
    "start": pages.start,
    "refusals": rushes.refusals,
    "untimely": untimely.refusals,
    "accepted": rushes.accepted,
    "sold-out": rushes.sold_out,
    "duplicates": rushes.duplicates,
    "availability": pages.availability,
    "check-ins": pages.check_ins,
    "scans": desk.scans,
    "way": way.way,
    "hall": hall.hall,
    "memory": pages.memory,
    "floor": pages.floor,
    "soak": soak.soak,
    "layouts": layouts.layouts,
    "weights": weights.weights,
    "figures": figures.figures,
}
NAMES = (*ALONE, *WITH_DATABASE, "sizes", "growth")
# The other lines have what matters of the first; the second takes half an hour; the others are about a whole country.
ON_REQUEST = {"floor", "soak", "layouts", "weights", "growth", "figures"}
SLOW = {"start", "untimely", "duplicates", "hall", "sizes"}  # for a hint: no ratio that is recorded is among them


def alone(names: Sequence[str], scale: Scale) -> list[Line]:
    """What needs no server."""
    return [line for name in ALONE if name in names for line in ALONE[name](scale.rounds, scale.calls)]


def measure(
    databases: Databases,
    folder: Path,
    names: Sequence[str],
    scale: Scale,
    wanted_sizes: Sequence[int],
    workers: int,
    recorded: Mapping[str, float],
    curves: list[Curve],
) -> tuple[list[Line], list[str]]:
    """The lines of one kind of database, and what was not exact, or worse than ``recorded``. What grows is added to
    ``curves``.
    """
    lines: list[Line] = []
    with ExitStack() as stack:
        bench = Bench(databases, folder, scale, workers, stack)
        for name in (name for name in names if name not in ALONE):
            progress(f"{databases.kind}: {name}")
            try:
                if name == "sizes":
                    lines += sizes(databases, folder, wanted_sizes, scale.rounds)
                elif name == "growth":
                    lines += growth(databases, folder, wanted_sizes, curves)
                else:
                    lines += guarded(bench, WITH_DATABASE[name], recorded)
            except LookupError as missing:
                progress(f"left out: {missing.args[0]}")
        bench.check(last=True)
    return lines, bench.faults


def guarded(bench: Bench, measured: Measuring, recorded: Mapping[str, float]) -> list[Line]:
    """The lines; when one seems to have lost, those of a second look: a line that no round of it saves is an error.

    Whatever else the machine does meanwhile can halve a ratio in one round, and hardly in all.
    """
    lines = list(measured(bench))
    suspected = {loss.what: loss for loss in losses(lines, recorded)}
    if not suspected:
        return lines
    for loss in suspected.values():
        progress(f"looking once more at {loss}")
    few, bench.scale = bench.scale, replace(bench.scale, rounds=ROUNDS)
    lines = list(measured(bench))
    bench.scale = few
    bench.note(*(str(loss) for loss in losses(lines, recorded, judged=max) if loss.what in suspected), headed="LOST")
    return lines
