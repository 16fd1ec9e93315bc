"""Tables as files that are written out row by row: CSV and XLSX for spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import chain, count, islice
from math import isfinite
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

# A moment is written as its own zone's clock shows it, and without the zone: a spreadsheet knows none.
Cell = str | int | float | date | datetime | time | None
Row = Mapping[str, Cell]

# A cell that begins with one of these is calculated when somebody opens the file (OWASP, CSV injection); in some
# languages also with the wide form of one. Where a cell begins, the program decides: in Indonesia at a semicolon, and
# some begin one behind a tab or at the end of a line, quoted or not.
_CALCULATED = re.compile(r"(^|[;,\t\r\n])(?=[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])")
_GUARDED = re.compile(r"(^|[;,\t\r\n])'(?=[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576  # of a sheet, the heading among them; and of a cell, in units of UTF-16:
MOST_LETTERS = 32_767
CUT = " [terpotong, cut]"
EXACT_BELOW = 10**15  # a spreadsheet keeps 15 digits of a number and makes the others zero
FIRST_DAY = date(1900, 3, 1)  # before it spreadsheets do not agree with the calendar
NARROWEST, WIDEST = 8, 60
# What XML 1.0 has no form for. Where the library has a form of its own, only Excel reads it.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNFIT_FOR_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")


def csv_rows(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """The heading and each row as a line of CSV; no cell is taken for a formula, whichever separator the reader has."""
    yield BYTE_ORDER_MARK + _line(columns)
    for row in rows:
        yield _line([_as_text(row[name]) for name in columns])


def unguarded(cell: str) -> str:
    """The text as it was before `csv_rows` kept it from being calculated."""
    return _GUARDED.sub(r"\1", cell)


def json_rows(rows: Iterable[Row]) -> Iterator[str]:
    """One JSON array, an object a line."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(dict(row), ensure_ascii=False, default=_in_words)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def xlsx_file(columns: Sequence[str], rows: Iterable[Row], *, sheet: str, most_rows: int = MOST_ROWS) -> IO[bytes]:
    """A workbook, ready to be read from its start: it is whole only at its end, so it lies on the disk and has no name.

    Text is never a formula, an address or a number. What one sheet does not hold stands on a second one of that name.
    """
    target = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    # The library leaves its own files behind when it fails on the way.
    with (
        tempfile.TemporaryDirectory() as folder,
        Workbook(target, {"constant_memory": True, "tmpdir": folder, "use_zip64": True}) as book,
    ):
        left = iter(rows)
        for number in count(1):
            written = islice(left, most_rows - 1)
            _Sheet(book, book.add_worksheet(_sheet_name(sheet, number))).write(columns, written)
            following = list(islice(left, 1))
            if not following:
                break
            left = chain(following, left)
    target.seek(0)
    return target


class _Sheet:
    """One sheet, from the top down: with constant memory no row above the last one can be written."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.bold = book.add_format({"bold": True, "quote_prefix": True})
        # The sign in front keeps text from being calculated when somebody edits the cell later.
        self.text = book.add_format({"quote_prefix": True, "valign": "top"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self.hour = book.add_format({"num_format": "hh:mm", "valign": "top"})
        self.number = book.add_format({"valign": "top"})

    def write(self, columns: Sequence[str], rows: Iterable[Row]) -> None:
        widths = [NARROWEST] * len(columns)
        last = 0
        for column, name in enumerate(columns):
            self.sheet.write_string(0, column, _writable(name), self.bold)
            widths[column] = max(widths[column], len(name) + 4)  # room for the sign of the filter
        for last, row in enumerate(rows, start=1):
            for column, name in enumerate(columns):
                widths[column] = max(widths[column], self._write_cell(last, column, row[name]))
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, min(width + 1, WIDEST))
        self.sheet.freeze_panes(1, 0)
        self.sheet.autofilter(0, 0, last, len(columns) - 1)
        self.sheet.repeat_rows(0)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)

    def _write_cell(self, row: int, column: int, value: Cell) -> int:
        """Write one cell, and say how many letters wide it is."""
        match value:
            case None | "":
                return 0
            case int() | float() if isfinite(value) and abs(value) < EXACT_BELOW:
                self.sheet.write_number(row, column, value, self.number)
            case datetime() if value.date() >= FIRST_DAY:
                self.sheet.write_datetime(row, column, value.replace(tzinfo=None), self.moment)
            case time():
                self.sheet.write_datetime(row, column, value, self.hour)
            case date() if not isinstance(value, datetime) and value >= FIRST_DAY:
                self.sheet.write_datetime(row, column, value, self.day)
            case _:
                text = _writable(_in_words(value))
                self.sheet.write_string(row, column, text, self.text)
                return max(map(len, text.split("\n")))
        return len(str(value))


def _writable(text: str) -> str:
    text = _UNWRITABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MOST_LETTERS:
        return text
    return units[: 2 * (MOST_LETTERS - len(CUT))].decode("utf-16-le", errors="ignore") + CUT


def _sheet_name(wanted: str, number: int) -> str:
    """A name that every spreadsheet takes: at most 31 letters, none of them with a meaning in formulas."""
    suffix = "" if number == 1 else f" ({number})"
    units = _UNFIT_FOR_A_NAME.sub(" ", wanted).encode("utf-16-le")[: 2 * (31 - len(suffix))]
    return (units.decode("utf-16-le", errors="ignore").strip(" '") or "Data") + suffix


def _as_text(value: Cell) -> str:
    if value is None:
        return ""
    # A number has a sign of its own, which is no formula.
    return _CALCULATED.sub(r"\1'", value) if isinstance(value, str) else _in_words(value)


def _in_words(value: Cell) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
