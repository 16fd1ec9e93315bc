#!/usr/bin/env bash
# XlsxWriter 3.3: what it leaves out of a sheet without raising anything.
#
# Seen: with `constant_memory` a cell of a row above the last one written is dropped, and only the return value (-1) tells.
# Together with `in_memory` the setting is switched off silently: then the same cell is there, and the memory grows with
# the sheet. A row beyond the last of a sheet is dropped with -1, a text of more than 32,767 letters with -2, by which
# time all but the letters that fit are gone; letters count as UTF-16 does, so signs outside the first plane count twice.
# Needs Python 3.10 or newer and PyPI. Exits with 1 when the library behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install xlsxwriter==3.3.1 python-calamine==0.6.1
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import io
import sys

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook


def sheet_of(text="", **options):
    """What a sheet holds in which row 2 was written before row 1, and what the writes returned."""
    target = io.BytesIO()
    with Workbook(target, options) as book:
        sheet = book.add_worksheet()
        said = [sheet.write_string(1, 0, text or "second"), sheet.write_string(0, 0, "first")]
        said.append(sheet.write_string(1_048_576, 0, "too far"))
    target.seek(0)
    rows = CalamineWorkbook.from_filelike(target).get_sheet_by_index(0).to_python()
    return said, ["first" in row for row in rows].count(True), max(len(str(cell)) for row in rows for cell in row)


seen = {
    "constant": sheet_of(constant_memory=True),
    "both": sheet_of(constant_memory=True, in_memory=True),
    "long": sheet_of("x" * 32_768)[0][0],
    "twice": sheet_of("\U0001F4C5" * 20_000)[0][0],
}
print(seen)
expected = {"constant": ([0, -1, -1], 0, 6), "both": ([0, 0, -1], 1, 6), "long": -2, "twice": -2}
raise SystemExit(0 if seen == expected else "It is otherwise now: see adapters/table_export.py")
PYTHON
