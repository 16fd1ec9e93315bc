"""Tables as files that are written out row by row: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping

# A cell that begins with one of these is calculated when somebody opens the file (OWASP, CSV injection); in some
# languages also with the wide form of one. Where a cell begins, the program decides: in Indonesia at a semicolon, and
# some begin one behind a tab or at the end of a line, quoted or not.
_CALCULATED = re.compile(r"(^|[;,\t\r\n])(?=[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else


def csv_rows(columns: list[str], rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """The heading and each row as a line of CSV; no cell is taken for a formula, whichever separator the reader has."""
    yield BYTE_ORDER_MARK + _line(columns)
    for row in rows:
        yield _line([_as_text(row[name]) for name in columns])


def json_rows(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """One JSON array, an object a line."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(dict(row), ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def _as_text(value: str) -> str:
    return _CALCULATED.sub(r"\1'", value)


def _line(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
