"""Run the benchmark: choose lines and database, measure, print the table, end with an error when it was not exact."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from scripts.benchmarks import desk, early, hall, machine, pages, pieces, rushes, soak
from scripts.benchmarks.bench import FULL, QUICK, Bench, Scale
from scripts.benchmarks.databases import Databases, Given, Sqlite, kind_of_disk, postgresql
from scripts.benchmarks.sizes import sizes
from scripts.benchmarks.table import Line, as_markdown, as_text

ALONE: dict[str, Callable[[int, int], Iterator[Line]]] = {"qr": pieces.qr, "pdf": pieces.pdf}
WITH_DATABASE: dict[str, Callable[[Bench], Iterator[Line]]] = {
    "start": pages.start,
    "refusals": rushes.refusals,
    "early": early.refusals,
    "accepted": rushes.accepted,
    "sold-out": rushes.sold_out,
    "duplicates": rushes.duplicates,
    "availability": pages.availability,
    "check-ins": pages.check_ins,
    "scans": desk.scans,
    "hall": hall.hall,
    "memory": pages.memory,
    "floor": pages.floor,
    "soak": soak.soak,
}
NAMES = (*ALONE, *WITH_DATABASE, "sizes")
ON_REQUEST = {"floor", "soak"}  # the other lines have what matters of the first; the second takes half an hour
SIZES, QUICK_SIZES = "10000,1000000,5000000", "10000"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 when a place was doubled or lost, else 0, whatever goals were missed."""
    options = _options().parse_args(arguments)
    names = _chosen(options.only)
    scale = QUICK if options.quick else FULL
    if options.rounds:
        scale = replace(scale, rounds=options.rounds)
    if options.days:
        scale = replace(scale, days=options.days)
    wanted_sizes = [int(size) for size in (options.sizes or (QUICK_SIZES if options.quick else SIZES)).split(",")]
    workers = int(os.environ.get("QUEUE_APP_WORKERS") or min(os.cpu_count() or 1, 4))
    show = as_markdown if options.markdown else as_text
    print(f"{machine.describe()}; {workers} workers; load before the run {machine.busy()}")
    print(f"{scale.rounds} rounds{', short ones' * options.quick}; database files on {kind_of_disk(_temporary())}")
    began = time.monotonic()
    found: list[str] = []
    alone = [line for name in ALONE if name in names for line in ALONE[name](scale.rounds, scale.calls)]
    if alone:
        print(f"\n## Without a server\n\n{show(alone)}", flush=True)
    for kind in _kinds(options.database or ("sqlite" if options.quick else "both")) if set(names) - set(ALONE) else ():
        lines, faults = measure(kind, names, scale, wanted_sizes, workers)
        print(f"\n## {kind}\n\n{show(lines)}", flush=True)
        found += faults
    print(f"\n{time.monotonic() - began:.0f} s.", "Exact." if not found else "NOT EXACT:")
    for fault in found:
        print(f"- {fault}")
    return 1 if found else 0


def measure(
    kind: str, names: Sequence[str], scale: Scale, wanted_sizes: list[int], workers: int
) -> tuple[list[Line], list[str]]:
    """The lines of one kind of database, and what was not exact."""
    lines: list[Line] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="queue-app-bench-", dir=_temporary())))
        databases = _databases(kind, folder, stack)
        bench = Bench(databases, folder, scale, workers, stack)
        for name in (name for name in names if name not in ALONE):
            machine.progress(f"{kind}: {name}")
            try:
                if name == "sizes":
                    lines += sizes(databases, folder, wanted_sizes, scale.rounds)
                else:
                    lines += WITH_DATABASE[name](bench)
            except LookupError as missing:
                machine.progress(f"left out: {missing.args[0]}")
    return lines, bench.faults


def _databases(kind: str, folder: Path, stack: ExitStack) -> Databases:
    if url := os.environ.get("QUEUE_APP_DATABASE_URL"):
        return Given(url)
    return Sqlite(folder) if kind == "sqlite" else stack.enter_context(postgresql(folder))


def _kinds(asked: str) -> tuple[str, ...]:
    if url := os.environ.get("QUEUE_APP_DATABASE_URL"):
        return (Given(url).kind,)
    return ("sqlite", "postgresql") if asked == "both" else (asked,)


def _chosen(only: list[str]) -> list[str]:
    asked = [name for names in only for name in names.split(",")]
    if unknown := set(asked) - set(NAMES):
        raise SystemExit(f"No such line: {', '.join(sorted(unknown))}. There are: {', '.join(NAMES)}")
    return [name for name in NAMES if (name in asked if asked else name not in ON_REQUEST)]


def _temporary() -> Path:
    return Path(tempfile.gettempdir())


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure the product beside its peers.")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], help="both unless quick")
    parser.add_argument(
        "--quick", action="store_true", help="one short round on SQLite: under two minutes, only a hint"
    )
    parser.add_argument("--rounds", type=int, choices=range(1, 26), metavar="N", help="5 unless told, 1 when quick")
    parser.add_argument("--days", type=int, choices=range(1, 366), metavar="N", help="of 'soak': 30, or 2 when quick")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--sizes", metavar="N,N", help=f"bookings of the line 'sizes' (default {SIZES})")
    parser.add_argument("--markdown", action="store_true", help="the tables as docs/performance.md has them")
    return parser


if __name__ == "__main__":
    sys.exit(main())
