"""Charts as plain SVG: where each stroke goes. Shape and words tell the series apart, so that print needs no colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 720, 280
LEFT, RIGHT, TOP, BOTTOM = 66, 44, 44, 36
MOST_LABELS = 7
STEPS = (1, 2, 5, 10)
BAR_WIDTH, BAR_STEP, BAR_LEFT, BAR_RIGHT = 560, 32, 210, 70
MARKERS = ("none", "circle", "square")  # in the order of the series


@dataclass(frozen=True)
class Series:
    """A line: its points, and whether single ones are marked."""

    word: str
    points: tuple[tuple[float, float], ...]
    marker: str
    legend_at: int

    @property
    def path(self) -> str:
        return " ".join(f"{x:g},{y:g}" for x, y in self.points)


@dataclass(frozen=True)
class LineChart:
    title: str
    summary: str
    series: tuple[Series, ...]
    ticks: tuple[tuple[float, str], ...]  # height and number
    labels: tuple[tuple[float, str], ...]  # place and word
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM
    kind: str = "line"


@dataclass(frozen=True)
class Bar:
    word: str
    value: str
    length: float
    top: int


@dataclass(frozen=True)
class BarChart:
    title: str
    summary: str
    bars: tuple[Bar, ...]
    width: int = BAR_WIDTH
    left: int = BAR_LEFT
    kind: str = "bar"

    @property
    def height(self) -> int:
        return len(self.bars) * BAR_STEP + 8


Chart = LineChart | BarChart


def line_chart(title: str, summary: str, words: Sequence[str], lines: Sequence[tuple[str, Sequence[float]]]) -> Chart:
    """``lines``: name and a number for each of ``words``."""
    step, top = _scale(max((value for _, values in lines for value in values), default=0))
    across = (WIDTH - LEFT - RIGHT) / max(1, len(words) - 1)
    every = ceil(len(words) / MOST_LABELS) or 1

    def height(value: float) -> float:
        return round(HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM), 1)

    return LineChart(
        title,
        summary,
        tuple(
            Series(
                word,
                tuple((round(LEFT + place * across, 1), height(value)) for place, value in enumerate(values)),
                MARKERS[number],
                LEFT + number * 200,
            )
            for number, (word, values) in enumerate(lines)
        ),
        tuple((height(value), f"{value:g}") for value in range(0, top + 1, step)),
        tuple((round(LEFT + place * across, 1), word) for place, word in enumerate(words) if place % every == 0),
    )


def bar_chart(title: str, summary: str, bars: Sequence[tuple[str, float, str]]) -> Chart:
    """``bars``: word, number, and the number as it is read."""
    longest = max((number for _, number, _ in bars), default=0) or 1
    room = BAR_WIDTH - BAR_LEFT - BAR_RIGHT
    return BarChart(
        title,
        summary,
        tuple(
            Bar(word, read, round(number / longest * room, 1), place * BAR_STEP + 4)
            for place, (word, number, read) in enumerate(bars)
        ),
    )


def _scale(most: float) -> tuple[int, int]:
    """The step between two lines, a round number, and the height of the highest: four to eight lines."""
    if most <= 4:
        return 1, 4
    power = 10 ** floor(log10(most / 4))
    step = int(max((one * power for one in STEPS if one * power <= most / 4), default=power))
    return step, ceil(most / step) * step
