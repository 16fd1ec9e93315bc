"""Tables that people bring, CSV or XLSX as spreadsheets write them, read within bounds and never onto the disk."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from queue_app.domain.exchange.cells import Cell
from queue_app.domain.exchange.refusals import FileRefused
from queue_app.domain.exchange.rows import Line

from .table_export import unguarded

# The library's warnings repeat numbers that stand in date cells, perhaps a NIK, and would go to the log.
warnings.filterwarnings("ignore", module=r"openpyxl\.")

MOST_LINES = 3000  # also empty ones: a sheet may have a million of them
MOST_COLUMNS = 60
LARGEST_CELL = 10_000  # letters
LARGEST_UNPACKED = 8 * 1024 * 1024  # bytes of all parts of a workbook: a zip grows a thousandfold
MOST_PARTS = 200
_SEPARATORS = (";", ",", "\t", "|")
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)  # no spreadsheet writes one; each may grow


def read_table(content: bytes) -> list[Line]:
    """Its lines, the heading among them: of a workbook those of the first sheet.

    Raises FileRefused (``none``, ``unreadable``, ``encoding``, ``too_much``).
    """
    if not content:
        raise FileRefused(reason="none")
    if content.startswith(b"PK"):
        return _workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):  # XLS of before 2007, or a workbook with a password
        raise FileRefused(reason="unreadable")
    return _csv(_decoded(content))


def _workbook(content: bytes) -> list[Line]:
    from openpyxl import load_workbook  # when it is wanted: 75 ms of every start, for what an office does once a year
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _require_bounded(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size need not be true
        rows = sheet.iter_rows(max_row=MOST_LINES, max_col=MOST_COLUMNS, values_only=True)
        lines = [Line(number, tuple(map(_plain, row))) for number, row in enumerate(rows, start=1)]
        book.close()
    except FileRefused:
        raise
    except (BadZipFile, InvalidFileException, ParseError, zlib.error, EOFError, NotImplementedError):
        raise FileRefused(reason="unreadable") from None
    except (KeyError, IndexError, ValueError, TypeError, AttributeError, OverflowError, OSError):
        # The library reads what it expects to be there, and falls over what is not.
        raise FileRefused(reason="unreadable") from None
    return _bounded(lines)


def _require_bounded(content: bytes) -> None:
    """By what is really in it: each part is read once, up to the size that it claims, as the library does later."""
    with ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise FileRefused(reason="too_much")
        if any(_FORBIDDEN.search(packed.read(part)) for part in parts if part.filename.endswith((".xml", ".rels"))):
            raise FileRefused(reason="unreadable")


def _plain(value: object) -> Cell:
    return value if value is None or isinstance(value, str | int | float | date | datetime | time) else str(value)


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 where it says so ("Unicode text"), else what Excel writes in western Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRefused(reason="encoding")


def _csv(text: str) -> list[Line]:
    """Excel's own first line "sep=;" is followed; else the separator that stands most often in the heading."""
    first, _end, rest = text.partition("\n")
    if told := re.fullmatch(r"sep=(.)\r?", first):
        return _separated(rest, told[1], start=2)
    heading = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    return _separated(text, max(_SEPARATORS, key=heading.count), start=1)


def _separated(text: str, separator: str, *, start: int) -> list[Line]:
    lines: list[Line] = []
    try:
        # A row with line breaks in a cell is one row to a spreadsheet too.
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=start):
            lines.append(Line(number, tuple(unguarded(cell) for cell in row[:MOST_COLUMNS])))
            if len(lines) > MOST_LINES:
                raise FileRefused(reason="rows", maximum=MOST_LINES)
    except csv.Error:
        raise FileRefused(reason="unreadable") from None
    return _bounded(lines)


def _bounded(lines: Sequence[Line]) -> list[Line]:
    if any(_is_too_long(line.cells) for line in lines):
        raise FileRefused(reason="too_much")
    return list(lines)


def _is_too_long(cells: Iterable[Cell]) -> bool:
    return any(isinstance(cell, str) and len(cell) > LARGEST_CELL for cell in cells)
