"""A page that fills from top to bottom, in millimetres: breaks text into lines and places them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from .characters import printable
from .formats import POINT, Colour, Format

ELLIPSIS = "…"
LEADING = 1.28  # line height over type size

Measure = Callable[[str, str, float], float]
"""Text, font key ("helvetica", "helveticaB", "courierB") and size in points to the width in mm."""


@dataclass(frozen=True)
class Line:
    """One line of text, ready to draw."""

    x: float
    baseline: float
    text: str
    font: str
    size: float
    colour: Colour


@dataclass
class Page:
    """A page in the making; `y` is where the next block starts, `cut` says that a list did not fit."""

    form: Format
    measure: Measure
    y: float
    lines: list[Line] = field(default_factory=list)
    code_at: tuple[float, float] = (0, 0)
    head_end: float = 0
    tear: float = 0
    frame_end: float = 0
    cut: bool = False

    @property
    def left(self) -> float:
        return self.form.margin + self.form.padding

    @property
    def inner(self) -> float:
        return self.form.width - 2 * self.left

    @property
    def outer(self) -> float:
        return self.form.width - 2 * self.form.margin

    def block(
        self,
        text: str,
        *,
        size: float,
        font: str = "helvetica",
        colour: Colour | None = None,
        x: float | None = None,
        width: float | None = None,
        centred: bool = False,
        most: int = 3,
    ) -> None:
        """Add up to `most` lines inside the frame (or from `x`, `width` mm wide) and move `y` below them."""
        x = self.left if x is None else x
        width = self.inner if width is None else width
        for line in wrap(printable(text), font, size, width, most, self.measure):
            self._place(line, font, size, colour, x, width, centred, ascent=0.95)
            self.y += size * POINT * LEADING

    def single(self, text: str, *, font: str, size: float, x: float, width: float, centred: bool) -> None:
        """Add one line; a text too long for `size` gets smaller type, down to half of it, and is then cut."""
        text = printable(text)
        natural = self.measure(text, font, size)
        if natural > width:
            size *= max(width / natural * 0.999, 0.5)
        if text:
            line = clip(text, font, size, width, self.measure)
            self._place(line, font, size, None, x, width, centred, ascent=0.8)
            self.y += size * POINT

    def _place(
        self,
        text: str,
        font: str,
        size: float,
        colour: Colour | None,
        x: float,
        width: float,
        centred: bool,
        *,
        ascent: float,
    ) -> None:
        offset = (width - self.measure(text, font, size)) / 2 if centred else 0
        baseline = self.y + size * POINT * ascent
        self.lines.append(Line(x + offset, baseline, text, font, size, colour or self.form.ink.text))


def wrap(text: str, font: str, size: float, width: float, most: int, measure: Measure) -> list[str]:
    """Break `text` into lines no wider than `width`; beyond `most` lines the last one ends in an ellipsis.

    A word wider than a line is broken anywhere, so that no input can leave the page.
    """
    lines: list[str] = []
    line, used = "", 0.0
    space = measure(" ", font, size)
    for word in text.split():
        length = measure(word, font, size)
        if line and used + space + length <= width:
            line, used = f"{line} {word}", used + space + length
            continue
        if line:
            lines.append(line)
        while length > width and len(lines) <= most:
            fitting = _fitting(word, font, size, width, measure)
            lines.append(word[:fitting])
            word = word[fitting:]
            length = measure(word, font, size)
        line, used = word, length
        if len(lines) > most:
            break
    if line:
        lines.append(line)
    if len(lines) > most:
        lines[most - 1 :] = [clip(lines[most - 1] + " " + ELLIPSIS, font, size, width, measure)]
    return lines


def clip(text: str, font: str, size: float, width: float, measure: Measure) -> str:
    """Return `text`, or as much of its start as fits into `width` with an ellipsis."""
    if measure(text, font, size) <= width:
        return text
    room = width - measure(ELLIPSIS, font, size)
    return text[: _fitting(text, font, size, room, measure)].rstrip(f" {ELLIPSIS}") + ELLIPSIS


def _fitting(text: str, font: str, size: float, width: float, measure: Measure) -> int:
    """Return how many first characters fit into `width`, at least one."""
    used = 0.0
    for index, char in enumerate(text):
        used += measure(char, font, size)
        if used > width:
            return max(index, 1)
    return len(text)
