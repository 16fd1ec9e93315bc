"""The figure of docs/scale.md: how long 99 of 100 wait, over the number of visitors, a line for each layout."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from .layouts import ENOUGH, Result

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 540, 24, 344
SECONDS = (0.01, 100.0)
# Dark enough on white (4.5 and more), and told apart by their dashes as well.
LINES = (("#0f4c5c", ""), ("#9a3412", "8 4"), ("#1d4ed8", "2 3"), ("#166534", "12 3 2 3"))
TITLE = "How long 99 of 100 people wait at the opening"


def draw(results: Sequence[Result]) -> str:
    """SVG with both axes logarithmic."""
    names = list(dict.fromkeys(result.layout.name for result in results))
    scales = sorted({result.scale for result in results})
    first, last = scales[0], max(scales[-1], scales[0] * 1.001)

    def across(scale: float) -> float:
        return LEFT + (RIGHT - LEFT) * math.log(scale / first) / math.log(last / first)

    parts = [*_grid(scales, [across(scale) for scale in scales])]
    ends: list[float] = []
    for name, (colour, dashes) in zip(names, LINES, strict=False):
        points = [(across(one.scale), _up(one.outcome.percentile(0.99))) for one in results if one.layout.name == name]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dashes}"/>'
        )
        ends.append(_free(points[-1][1], ends))
        parts.append(f'<text x="{RIGHT + 10}" y="{ends[-1] + 4:.1f}" fill="{colour}">{escape(name)}</text>')
    said = "; ".join(f"{name}: {_told(results, name)}" for name in names)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
            ' aria-labelledby="title desc" font-family="sans-serif" font-size="14">',
            f'<title id="title">{TITLE}</title>',
            f'<desc id="desc">Seconds within which 99 of 100 are answered. {escape(said)}.</desc>',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            *parts,
            "</svg>",
            "",
        ]
    )


def _grid(scales: Sequence[float], places: Sequence[float]) -> Iterable[str]:
    for power in range(round(math.log10(SECONDS[0])), round(math.log10(SECONDS[1])) + 1):
        y = _up(10.0**power)
        yield f'<path d="M{LEFT} {y:.1f}H{RIGHT}" stroke="#d4d4d4"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 5:.1f}" text-anchor="end" fill="#333333">{10.0**power:g} s</text>'
    y = _up(ENOUGH)
    yield f'<path d="M{LEFT} {y:.1f}H{RIGHT}" stroke="#b91c1c" stroke-dasharray="4 4"/>'
    yield f'<text x="{LEFT + 6}" y="{y - 6:.1f}" fill="#b91c1c">{ENOUGH:g} s: too long</text>'
    for scale, x in zip(scales, places, strict=True):
        yield f'<text x="{x:.1f}" y="{BOTTOM + 20}" text-anchor="middle" fill="#333333">× {scale:g}</text>'
    middle = (LEFT + RIGHT) / 2
    yield f'<text x="{middle}" y="{BOTTOM + 44}" text-anchor="middle" fill="#333333">times the visitors</text>'


def _up(seconds: float) -> float:
    low, high = SECONDS
    share = math.log(min(max(seconds, low), high) / low) / math.log(high / low)
    return BOTTOM - (BOTTOM - TOP) * share


def _free(wanted: float, taken: Sequence[float]) -> float:
    """The height of a name that lies over no other one."""
    while any(abs(wanted - other) < 18 for other in taken):
        wanted += 1
    return wanted


def _told(results: Sequence[Result], name: str) -> str:
    own = [(one.scale, one.outcome.percentile(0.99)) for one in results if one.layout.name == name]
    return ", ".join(f"{seconds:.2g} s at {scale:g} times" for scale, seconds in own)
