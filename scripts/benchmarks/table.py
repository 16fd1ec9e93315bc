"""The lines of the table: medians over rounds, with the goal and whether it was met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Line:
    """One thing measured in every round.

    ``at_most`` or ``at_least`` is the goal; ``every_round`` judges the worst round instead of the median.
    """

    what: str
    values: Sequence[float]
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    every_round: bool = False

    @property
    def middle(self) -> float:
        return median(self.values)

    @property
    def goal(self) -> str:
        if self.at_least is None and self.at_most is None:
            return "–"
        bound = f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"
        return f"{bound} {self.unit}".strip() + (" every round" if self.every_round else "")

    @property
    def verdict(self) -> str:
        """Met, or by how much the goal was missed."""
        if self.at_least is not None:
            reached = min(self.values) if self.every_round else self.middle
            return "met" if reached >= self.at_least else f"missed: {reached / self.at_least:.0%} of it"
        if self.at_most is not None:
            reached = max(self.values) if self.every_round else self.middle
            return "met" if reached <= self.at_most else f"missed: {reached / self.at_most:.1f} times it"
        return "–"

    def cells(self) -> tuple[str, ...]:
        spread = f"{show(min(self.values))} – {show(max(self.values))}" if len(self.values) > 1 else ""
        return (self.what, f"{show(self.middle)} {self.unit}".strip(), spread, self.goal, self.verdict)


HEADINGS = ("what", "median", "min – max", "goal", "")


def show(value: float) -> str:
    """Three digits that matter, thousands with commas."""
    if value >= 1000:
        return f"{value:,.0f}"
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def as_text(lines: Sequence[Line]) -> str:
    rows = [HEADINGS, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def as_markdown(lines: Sequence[Line]) -> str:
    rows = [HEADINGS, ("---", "--:", "--:", "---", "---"), *(line.cells() for line in lines)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
