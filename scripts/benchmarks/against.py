"""Two builds measured in turns in one run: another revision, the present one, the present one, the other, and so on."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.benchmarks.bench import Bench, Scale
from scripts.benchmarks.builds import Build
from scripts.benchmarks.databases import Databases
from scripts.benchmarks.machine import progress
from scripts.benchmarks.table import Compared
from scripts.benchmarks.trials import TRIALS, Trial


@dataclass
class Idle:
    """What the servers used while the other one was measured: seconds of processor time, in seconds."""

    used: float = 0.0
    passed: float = 0.0

    @property
    def share(self) -> float:
        """Per cent of one core."""
        return 100 * self.used / self.passed if self.passed else 0.0


@dataclass(frozen=True)
class Pair:
    """Both benches of one kind of database; both servers run as long as anything is measured."""

    before: Bench
    now: Bench

    @property
    def faults(self) -> list[str]:
        return self.before.faults + self.now.faults

    def compare(self, trial: Trial, rounds: int, idle: Idle) -> Iterator[Compared]:
        for bench in (self.before, self.now):
            trial.warm(bench)
        results: dict[str, list[Any]] = {self.before.build.name: [], self.now.build.name: []}
        for number in range(rounds):
            order = (self.before, self.now) if number % 2 == 0 else (self.now, self.before)
            for bench, other in zip(order, reversed(order), strict=True):
                progress(f"{trial.figures[0].what}, round {number + 1}, {bench.build.name or 'now'}")
                results[bench.build.name].append(_beside(other, idle, trial, bench))
        old, new = results[self.before.build.name], results[self.now.build.name]
        kind = self.now.databases.kind
        for figure in trial.figures:
            if figure.of_database and self.now.is_sqlite:
                continue
            goals = figure.ratio.get(kind, {}), figure.itself.get(kind, {})
            yield Compared(
                figure.what, [figure.of(each) for each in old], [figure.of(each) for each in new], figure.unit, *goals
            )
        self.before.check()
        self.now.check()


def _beside(other: Bench, idle: Idle, trial: Trial, bench: Bench) -> Any:
    """A round of one build, and what the other one's server used meanwhile."""
    cpu, began = other.product.cpu(), time.perf_counter()
    result = trial.once(bench)
    idle.used += other.product.cpu() - cpu
    idle.passed += time.perf_counter() - began
    return result


def measure(
    databases: Databases, folder: Path, names: Sequence[str], scale: Scale, workers: int, build: Build
) -> tuple[list[Compared], Idle, list[str]]:
    """The lines of one kind of database, what the idle server cost, and what was not exact at either build."""
    lines: list[Compared] = []
    idle = Idle()
    with ExitStack() as stack:
        pair = Pair(
            Bench(databases, folder, scale, workers, stack, build), Bench(databases, folder, scale, workers, stack)
        )
        for bench in (pair.before, pair.now):
            _ = bench.product
        for name in names:
            progress(f"{databases.kind}: {name}")
            for trial in TRIALS[name]:
                lines += pair.compare(trial, scale.rounds, idle)
        for bench in (pair.before, pair.now):
            bench.check(last=True)
    return lines, idle, pair.faults
