"""Draw how things grow: lines on paper with logarithmic axes, as an SVG that can be read in print and aloud."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from scripts.benchmarks.growth import Curve

WIDTH, HEIGHT = 500, 380  # of one panel
LEFT, RIGHT, TOP, BOTTOM = 62, 190, 44, 52  # around its axes
INK, FAINT = "#1a1a1a", "#d0d0d0"
# Dark enough on white to be told apart from it; and in grey by the marks and dashes.
COLOURS = ("#0b4f6c", "#9a2a00", "#2b6a1f", "#6a2a83", "#7a5b00", "#8a1c4a", "#333333", "#00695c")
DASHES = ("none", "6 3", "2 3", "8 3 2 3", "10 4", "4 2", "1 2", "12 3 2 3 2 3")
LEAST_GAP = 13  # between two names beside their lines


def as_svg(curves: Sequence[Curve]) -> str:
    """A panel for each kind of database."""
    kinds = list(dict.fromkeys(curve.kind for curve in curves))
    width = WIDTH * len(kinds)
    said = "; ".join(
        f"{curve.what} on {curve.kind}: {_shown(curve.points[min(curve.points)])} ms at {min(curve.points):,} bookings,"
        f" {_shown(curve.points[max(curve.points)])} ms at {max(curve.points):,}"
        for curve in curves
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" role="img"'
        ' aria-labelledby="title desc" font-family="sans-serif" font-size="11">\n'
        '<title id="title">The work of the database by the number of bookings</title>\n'
        f'<desc id="desc">{escape(said)}.</desc>\n<rect width="{width}" height="{HEIGHT}" fill="#ffffff"/>\n'
    )
    panels = "".join(
        f'<g transform="translate({WIDTH * number} 0)">\n'
        + "\n".join(_panel(kind, [curve for curve in curves if curve.kind == kind], curves))
        + "\n</g>\n"
        for number, kind in enumerate(kinds)
    )
    return f"{head}{panels}</svg>\n"


def _panel(kind: str, own: Sequence[Curve], everything: Sequence[Curve]) -> Iterator[str]:
    sizes = sorted({size for curve in everything for size in curve.points})
    costs = [cost for curve in everything for cost in curve.points.values()]
    across = _Scale(sizes[0], sizes[-1], LEFT, WIDTH - RIGHT)
    low, high = math.floor(math.log10(min(costs))), math.ceil(math.log10(max(costs)))
    down = _Scale(10.0**low, 10.0 ** max(high, low + 1), HEIGHT - BOTTOM, TOP)
    yield f'<text x="{LEFT}" y="24" font-size="14" font-weight="bold" fill="{INK}">{escape(kind)}</text>'
    for power in range(low, max(high, low + 1) + 1):
        y = down(10.0**power)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{FAINT}"/>'
        yield _text(LEFT - 6, y + 4, f"{10.0**power:g} ms", "end")
    for size in sizes:
        x = across(size)
        yield f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="{FAINT}"/>'
        yield _text(x, HEIGHT - BOTTOM + 16, f"{size:,}", "middle")
    yield f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" stroke="{INK}" fill="none"/>'
    yield _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, "bookings", "middle")
    places = _apart([down(curve.points[max(curve.points)]) for curve in own])
    for number, (curve, place) in enumerate(zip(own, places, strict=True)):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        points = [(across(size), down(cost)) for size, cost in sorted(curve.points.items())]
        line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        yield f'<path d="M{line}" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}" fill="none"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)
        x, y = points[-1]
        yield f'<path d="M{x + 4:.1f} {y:.1f}L{x + 12:.1f} {place:.1f}" stroke="{colour}"/>'
        yield _text(x + 14, place + 4, curve.what, "start", colour)


class _Scale:
    """Where a value lies on an axis, by its logarithm."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self._low, self._span = math.log10(low), (math.log10(high) - math.log10(low)) or 1.0
        self._start, self._length = start, end - start

    def __call__(self, value: float) -> float:
        return self._start + (math.log10(value) - self._low) / self._span * self._length


def _apart(heights: Sequence[float]) -> list[float]:
    """The same heights in the same order, but so far from each other that names can stand there."""
    order = sorted(range(len(heights)), key=lambda number: heights[number])
    placed = list(heights)
    for before, after in zip(order, order[1:], strict=False):
        placed[after] = max(placed[after], placed[before] + LEAST_GAP)
    beyond = max(0.0, placed[order[-1]] - (HEIGHT - BOTTOM)) if order else 0.0
    return [height - beyond for height in placed]


def _text(x: float, y: float, said: str, anchor: str, colour: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(said)}</text>'


def _shown(milliseconds: float) -> str:
    return f"{milliseconds:.2g}" if milliseconds < 100 else f"{milliseconds:.0f}"
