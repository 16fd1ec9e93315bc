"""A receipt from top to bottom, and the bytes that print it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from queue_app.adapters.pdf.ticket import PrintedTicket
from queue_app.adapters.qr import MODULES, QUIET_ZONE, qr_matrix
from queue_app.domain.printing import COLUMNS

from .characters import lines_of, plain

if TYPE_CHECKING:
    from PIL.Image import Image

CHARACTER = 12  # dots that a character of the printer's larger type is wide
LARGEST = 8  # times the size that GS ! can give
MOST = 3  # lines of one text
THINGS_TO_BRING = 8  # lines altogether: the rest is on the ticket's page
COPY_SIZE = 3


@dataclass(frozen=True)
class Roll:
    """Measures in dots, of which receipt printers put down 8 a millimetre; ``columns`` of the larger type.

    A ``module`` of 10 dots makes a QR code of 31 mm, one of 12 of 37 mm: a desk scanner reads 30 at ease.
    """

    columns: int
    module: int

    @property
    def dots(self) -> int:
        """As wide as the characters. Printers of 42 have 504, 512, 546 or 576 dots, and all of them take the least."""
        return self.columns * CHARACTER


ROLLS: Final = {columns: Roll(columns, module=10 if columns == min(COLUMNS) else 12) for columns in COLUMNS}


def receipt_bytes(tickets: Sequence[PrintedTicket], *, columns: int, copy_mark: str = "") -> bytes:
    """Return what prints the tickets one after the other, each cut off; ``copy_mark`` stands above and below each.

    ``columns``: of `domain.printing.COLUMNS`. Raises ValueError when `tickets` is empty or a token does not fit the QR
    code.
    """
    if not tickets:
        raise ValueError("A receipt needs at least one ticket.")
    receipt = _Receipt(ROLLS[columns])
    for ticket in tickets:
        receipt.ticket(ticket, copy_mark)
    return receipt.content


def trial_bytes(*, columns: int, title: str, lines: Sequence[str]) -> bytes:
    """Return a page that shows whether type, width and knife are right."""
    receipt = _Receipt(ROLLS[columns])
    receipt.large(title, 2)
    for line in lines:
        receipt.text(line)
    receipt.text(("1234567890" * 5)[:columns])
    receipt.cut()
    return receipt.content


class _Receipt:
    """A strip of paper that grows downwards."""

    def __init__(self, roll: Roll) -> None:
        self._roll = roll
        self._printer = _dummy_printer()()
        profile = self._printer.profile  # of a printer nobody knows, but for its width
        profile.profile_data = {**profile.profile_data, "media": {"width": {"pixels": roll.dots}}}
        self._printer.hw("INIT")
        self._printer.set(align="center", font="a")

    @property
    def content(self) -> bytes:
        return bytes(self._printer.output)

    def ticket(self, ticket: PrintedTicket, copy_mark: str) -> None:
        labels = ticket.labels
        self.large(copy_mark, COPY_SIZE)
        self.text(ticket.office, bold=True)
        self.text(ticket.service)
        self._printer.ln()
        self.text(labels.queue_number)
        self.large(ticket.queue_number, LARGEST)
        self._printer.ln()
        self.text(ticket.day, bold=True)
        self.text(ticket.window, bold=True)
        self._code(ticket.token)
        self.text(f"{labels.code}:")
        self.large(ticket.code, 2)
        if ticket.person:
            self.text(f"{labels.person}: {ticket.person}")
        self._printer.ln()
        self._list(labels.requirements, ticket.requirements)
        self._list("", ticket.steps)
        self.text(labels.free, bold=True)
        self.large(copy_mark, COPY_SIZE)
        self.cut()

    def text(self, text: str, *, bold: bool = False) -> None:
        self._printer.set(bold=bold)
        for line in lines_of(text, self._roll.columns, MOST):
            self._printer.textln(line)

    def large(self, text: str, times: int) -> None:
        """One line, as many times as large as fits, up to ``times``; several where not even the small type fits."""
        if not text:
            return None
        text = plain(text)
        if len(text) > self._roll.columns:
            return self.text(text, bold=True)
        times = min(times, self._roll.columns // len(text))
        self._printer.set(bold=True, custom_size=True, width=times, height=times)
        self._printer.textln(text)
        self._printer.set(bold=False, custom_size=True, width=1, height=1)
        return None

    def cut(self) -> None:
        self._printer.cut(mode="PART")

    def _list(self, title: str, items: Sequence[str]) -> None:
        if not items:
            return
        self._printer.set(align="left")
        if title:
            self.text(f"{title}:", bold=True)
        wrapped = [line for item in items for line in _item(item, self._roll.columns)]
        for line in wrapped[:THINGS_TO_BRING]:
            self._printer.textln(line)
        if len(wrapped) > THINGS_TO_BRING:
            self._printer.textln("  ...")
        self._printer.set(align="center")
        self._printer.ln()

    def _code(self, token: str) -> None:
        """As a picture: the printers' own QR command is missing in some, and differs in others.

        As wide as the paper, because not every printer centres pictures.
        """
        self._printer.image(_picture(token, self._roll), impl="bitImageRaster")


def _item(text: str, columns: int) -> list[str]:
    lines = lines_of(text, columns - 2, MOST)
    return [f"{'- ' if first else '  '}{line}" for first, line in zip([True, *[False] * MOST], lines, strict=False)]


def _picture(token: str, roll: Roll) -> Image:
    from PIL import Image

    side = MODULES + 2 * QUIET_ZONE
    symbol = Image.new("1", (side, side), 1)
    for y, row in enumerate(qr_matrix(token)):
        for x, dark in enumerate(row):
            if dark:
                symbol.putpixel((QUIET_ZONE + x, QUIET_ZONE + y), 0)
    width = side * roll.module
    strip = Image.new("1", (roll.dots, width), 1)
    strip.paste(symbol.resize((width, width), Image.Resampling.NEAREST), ((roll.dots - width) // 2, 0))
    return strip


@cache
def _dummy_printer() -> Any:
    """The class of a printer that keeps its bytes. Loaded late: half a second and 25 MB, for those who print."""
    from escpos import capabilities
    from escpos.printer import Dummy

    # The library leaves what it read in a new folder at each start, for nobody.
    cached = Path(capabilities.pickle_dir)
    if cached.parent == Path(tempfile.gettempdir()) and cached.name.startswith("tmp"):
        shutil.rmtree(cached, ignore_errors=True)
    return Dummy
