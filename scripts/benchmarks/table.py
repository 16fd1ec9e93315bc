"""The lines of the table: medians over rounds, with the goal and whether it was met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

MORE, LESS = "more", "less"


@dataclass(frozen=True)
class Line:
    """One thing measured in every round.

    ``at_most`` or ``at_least`` is the goal; ``every_round`` judges the worst round instead of the median. ``better``:
    which way is better for a ratio to a bare peer, which does not hang on the machine, so that `guard` keeps it.
    """

    what: str
    values: Sequence[float]
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    every_round: bool = False
    better: str = ""

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
            by = f": {reached / self.at_most:.1f} times it" if self.at_most else ""
            return "met" if reached <= self.at_most else f"missed{by}"
        return "–"

    def cells(self) -> tuple[str, ...]:
        spread = f"{show(min(self.values))} – {show(max(self.values))}" if len(self.values) > 1 else ""
        return (self.what, f"{show(self.middle)} {self.unit}".strip(), spread, self.goal, self.verdict)

    HEADINGS = ("what", "median", "min – max", "goal", "")


@dataclass(frozen=True)
class Compared:
    """One thing measured at two builds in every round. ``of_ratio`` and ``of_itself``: the goals of a `Line`."""

    what: str
    before: Sequence[float]
    now: Sequence[float]
    unit: str = ""
    of_ratio: dict[str, float] = field(default_factory=dict)
    of_itself: dict[str, float] = field(default_factory=dict)

    @property
    def lines(self) -> list[Line]:
        """The ratio of each round, new to old; then the new build by itself. No ratio to nothing."""
        ratios = [new / old for new, old in zip(self.now, self.before, strict=True)] if all(self.before) else []
        ratio = [Line(self.what, ratios, "×", **self.of_ratio)] if ratios else []
        return [*ratio, Line(self.what, self.now, self.unit, **self.of_itself)]

    def cells(self) -> tuple[str, ...]:
        *ratio, itself = self.lines
        shown = ratio[0].cells()[1:3] if ratio else ("–", "")
        told = [line for line in self.lines if line.goal != "–"]
        goals, verdicts = (", ".join(getattr(line, name) for line in told) or "–" for name in ("goal", "verdict"))
        before = f"{show(median(self.before))} {self.unit}".strip()
        return (self.what, before, itself.cells()[1], *shown, goals, verdicts)

    HEADINGS = ("what", "before", "now", "now / before", "min – max", "goal", "")


def show(value: float) -> str:
    """Three digits that matter, thousands with commas."""
    if value >= 1000:
        return f"{value:,.0f}"
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def as_text(lines: Sequence[Line] | Sequence[Compared]) -> str:
    rows = [lines[0].HEADINGS, *(line.cells() for line in lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def as_markdown(lines: Sequence[Line] | Sequence[Compared]) -> str:
    headings = lines[0].HEADINGS
    numbers = {"median", "before", "now", "now / before", "min – max"}
    rule = tuple("--:" if heading in numbers else "---" for heading in headings)
    return "\n".join("| " + " | ".join(row) + " |" for row in (headings, rule, *(line.cells() for line in lines)))
