"""Run the benchmark: choose lines and database, measure, print the table, end with an error when it was not exact."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from scripts.benchmarks import against, builds, guard, machine, ordinary
from scripts.benchmarks.bench import FULL, QUICK, Scale
from scripts.benchmarks.databases import Databases, Given, Sqlite, kind_of_disk, postgresql
from scripts.benchmarks.growth import Curve
from scripts.benchmarks.options import parse
from scripts.benchmarks.plot import as_svg
from scripts.benchmarks.table import as_markdown, as_text


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 when a place was doubled or lost or a recorded ratio is, else 0, whatever goals were missed."""
    options = parse(arguments)
    scale = _scale(options)
    workers = int(os.environ.get("QUEUE_APP_WORKERS") or min(os.cpu_count() or 1, 4))
    print(f"{machine.describe()}; {workers} workers; load before the run {machine.busy()}")
    short = ", short ones" * (scale is not FULL and scale.bookings == QUICK.bookings)
    print(f"{scale.rounds} rounds{short}; database files on {kind_of_disk(_temporary())}")
    began = time.monotonic()
    found = _against(options, scale, workers) if options.commit else _ordinary(options, scale, workers)
    print(f"\n{time.monotonic() - began:.0f} s.", "Exact." if not found else "NOT AS IT SHOULD BE:")
    for fault in found:
        print(f"- {fault}")
    return 1 if found else 0


def _ordinary(options: Namespace, scale: Scale, workers: int) -> list[str]:
    show = as_markdown if options.markdown else as_text
    if alone := ordinary.alone(options.names, scale):
        print(f"\n## Without a server\n\n{show(alone)}", flush=True)
    found: list[str] = []
    curves: list[Curve] = []
    for kind in _kinds(options) if set(options.names) - set(ordinary.ALONE) else ():
        known = guard.read(kind) if options.quick and not options.record else {}
        with _opened(kind) as (databases, folder):
            lines, faults = ordinary.measure(
                databases, folder, options.names, scale, options.sizes, workers, known, curves
            )
        print(f"\n## {kind}\n\n{show(lines)}", flush=True)
        found += faults
        if options.record:
            guard.record(kind, lines)
    if options.plot and curves:
        options.plot.write_text(as_svg(curves), encoding="utf-8")
    return found


def _against(options: Namespace, scale: Scale, workers: int) -> list[str]:
    show = as_markdown if options.markdown else as_text
    found = []
    with (
        tempfile.TemporaryDirectory(prefix="queue-app-bench-", dir=_temporary()) as folder,
        builds.checked_out(options.commit, Path(folder)) as build,
    ):
        for kind in _kinds(options):
            with _opened(kind) as (databases, own):
                lines, idle, faults = against.measure(databases, own, options.names, scale, workers, build)
            print(f"\n## {kind}, {options.commit} (before) and the present build\n\n{show(lines)}")
            print(f"\nThe server that was not measured used {idle.share:.1f} % of one core.", flush=True)
            found += faults
    return found


@contextmanager
def _opened(kind: str) -> Iterator[tuple[Databases, Path]]:
    """The databases of a kind and a folder beside them, as long as the block runs."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="queue-app-bench-", dir=_temporary())))
        if url := os.environ.get("QUEUE_APP_DATABASE_URL"):
            yield Given(url), folder
        elif kind == "sqlite":
            yield Sqlite(folder), folder
        else:
            yield stack.enter_context(postgresql(folder)), folder


def _kinds(options: Namespace) -> tuple[str, ...]:
    if url := os.environ.get("QUEUE_APP_DATABASE_URL"):
        return (Given(url).kind,)
    asked = options.database or ("sqlite" if options.quick else "both")
    return ("sqlite", "postgresql") if asked == "both" else (asked,)


def _scale(options: Namespace) -> Scale:
    scale = QUICK if options.quick or options.record else FULL
    rounds = options.rounds or (guard.ROUNDS if options.record else scale.rounds)
    return replace(scale, rounds=rounds, days=options.days or scale.days)


def _temporary() -> Path:
    return Path(tempfile.gettempdir())


if __name__ == "__main__":
    sys.exit(main())
