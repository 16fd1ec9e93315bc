"""What the ratios to the bare peers were when they were last recorded, and which of them have got worse since.

Ratios of one run, not absolute figures: those would be the machine's. Recorded are medians of short rounds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from scripts.benchmarks.table import LESS, Line, show

RECORDED = Path(__file__).with_name("recorded.json")
WORST = 0.8  # of what was recorded; less is a loss
ROUNDS = 5  # of a record, and of the second look at what seems lost


@dataclass(frozen=True)
class Loss:
    """A line whose ratio is worse than it was recorded."""

    what: str
    ratio: float
    recorded: float

    def __str__(self) -> str:
        return f"{self.what}: {show(self.ratio)} × where {show(self.recorded)} × was recorded"


def ratios(lines: Iterable[Line]) -> dict[str, float]:
    """The median of each line that is kept."""
    return {line.what: line.middle for line in lines if line.better}


def losses(
    lines: Iterable[Line], recorded: Mapping[str, float], judged: Callable[[list[float]], float] = median
) -> list[Loss]:
    """Lines that reach less than ``WORST`` of what was recorded; where less is better, that are so much more.

    ``judged`` picks from the shares that the rounds reached.
    """
    found = []
    for line in lines:
        if line.better and line.what in recorded:
            known, less = recorded[line.what], line.better == LESS
            share = judged([known / value if less else value / known for value in line.values])
            if share < WORST:
                found.append(Loss(line.what, known / share if less else known * share, known))
    return found


def read(kind: str, file: Path = RECORDED) -> dict[str, float]:
    """What was recorded of one kind of database; nothing when nobody has."""
    found: dict[str, dict[str, float]] = json.loads(file.read_text()) if file.exists() else {}
    return found.get(kind, {})


def record(kind: str, lines: Iterable[Line], file: Path = RECORDED) -> None:
    """Keep these ratios; those of lines that were not measured now stay as they were."""
    found = json.loads(file.read_text()) if file.exists() else {}
    measured = {what: float(f"{ratio:.3g}") for what, ratio in ratios(lines).items()}
    found[kind] = dict(sorted({**found.get(kind, {}), **measured}.items()))
    file.write_text(json.dumps(dict(sorted(found.items())), indent=2, ensure_ascii=False) + "\n")
