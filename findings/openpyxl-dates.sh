#!/usr/bin/env bash
# openpyxl 3.1.5 beside python-calamine 0.6.1: a long number in a column that somebody has formatted as a date.
#
# Seen: openpyxl answers "#VALUE!" with the type of an error, as for a formula that failed; the number that the file
# holds is nowhere but in the text of a warning, which names the cell and tells the value, so it reaches whatever
# collects warnings. The same in its read-only mode, and whether formulas or values were asked for. Calamine gives the
# number itself. A whole date comes from openpyxl as a moment at midnight, from calamine as a date.
# Needs Python 3.10 or newer and PyPI. Exits with 1 when the libraries behave otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install openpyxl==3.1.5 python-calamine==0.6.1
"$folder/venv/bin/python" - "$folder/dates.xlsx" <<'PYTHON'
import sys
import warnings
from datetime import date, datetime

from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

FILE, NUMBER = sys.argv[1], 9_876_543_210_123_456
book = Workbook()
sheet = book.active
sheet["A1"] = NUMBER
sheet["A1"].number_format = "dd/mm/yyyy"
sheet["A2"] = date(2026, 12, 25)
book.save(FILE)


def read(**how):
    """What openpyxl gives of both cells, and whether its warning tells the number."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        rows = list(load_workbook(FILE, **how).active.iter_rows())
    told = [str(NUMBER) in str(one.message) and "A1" in str(one.message) for one in said]
    return rows[0][0].value, rows[0][0].data_type, rows[1][0].value, told


seen = {
    "openpyxl": read(),
    "read-only": read(read_only=True),
    "values": read(read_only=True, data_only=True),
    "calamine": [row[0] for row in CalamineWorkbook.from_path(FILE).get_sheet_by_index(0).to_python()],
}
print(seen)
error = ("#VALUE!", "e", datetime(2026, 12, 25), [True])
expected = {"openpyxl": error, "read-only": error, "values": error, "calamine": [float(NUMBER), date(2026, 12, 25)]}
raise SystemExit(0 if seen == expected else "It is otherwise now: see adapters/table_import.py")
PYTHON
