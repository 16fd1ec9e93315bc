"""Tables as files: nothing that people typed is calculated by a spreadsheet, and everything is read back."""

import csv
import io
import json

import pytest

from queue_app.adapters.table_export import BYTE_ORDER_MARK, csv_rows, json_rows

ROWS = [{"name": 'Siti "Wati", W.', "phone": "+6281234567890"}, {"name": "Budi\nSantoso", "phone": ""}]


def read(written: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written.removeprefix(BYTE_ORDER_MARK))))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        *((typed, f"'{typed}") for typed in ("=1+1", "+62812", "-1", "@SUM(A1)", " =1", "\uff1d1", "\tSiti")),
        ("\t=1", "'\t'=1"),  # where tabs part the cells, a second one begins
        ("\r=1", "'\r'=1"),
        ("Siti;=1", "Siti;'=1"),
        ("Siti-Wati; RT 1-2, 3 = 4", "Siti-Wati; RT 1-2, 3 = 4"),
    ],
)
def test_no_cell_is_a_formula(typed: str, written: str) -> None:
    assert read("".join(csv_rows(["name"], [{"name": typed}])))[1] == [written]


def test_csv_is_read_back() -> None:
    written = "".join(csv_rows(["name", "phone"], ROWS))
    assert read(written) == [["name", "phone"], ['Siti "Wati", W.', "'+6281234567890"], ["Budi\nSantoso", ""]]


@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], []], ids=len)
def test_json_is_read_back(rows: list[dict[str, str]]) -> None:
    assert json.loads("".join(json_rows(rows))) == rows
