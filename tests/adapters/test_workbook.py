"""Tables as XLSX, read back from the file's own XML: text is text, and what Excel cannot hold is cut in words."""

import io
import re
import tempfile
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from xml.etree import ElementTree as Xml
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from xlsxwriter import Workbook

from queue_app.adapters.table_export import CUT, MOST_LETTERS, Cell, Row, csv_rows, xlsx_file

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Sheets = dict[str, list[list[tuple[str, str]]]]
ESCAPED = re.compile("_x([0-9A-F]{4})_")


def parts(columns: Sequence[str], rows: Iterable[Row], sheet: str = "Data", **limit: int) -> ZipFile:
    with xlsx_file(columns, rows, sheet=sheet, **limit) as file:
        return ZipFile(io.BytesIO(file.read()))


def read(file: ZipFile) -> Sheets:
    """Each sheet by its name: rows of cells, and of each its kind and what it holds."""
    names = [one.attrib["name"] for one in Xml.fromstring(file.read("xl/workbook.xml")).iter(f"{MAIN}sheet")]
    found = {}
    for number, name in enumerate(names, start=1):
        rows = Xml.fromstring(file.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{MAIN}row")
        found[name] = [[_cell(one) for one in row.iter(f"{MAIN}c")] for row in rows]
    return found


def _cell(cell: Xml.Element) -> tuple[str, str]:
    text = "".join(cell.itertext())
    return cell.attrib.get("t", "n"), ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def one(value: Cell) -> tuple[str, str]:
    ((_, (cell,)),) = read(parts(["apa"], [{"apa": value}])).values()
    return cell


@pytest.mark.parametrize(
    "typed",
    [
        *("=1+1", "+62812", "-1", "@SUM(A1)", "{=1}", "\uff1d1", "https://example.test", "mailto:a@example.test"),
        *("internal:Data!A1", "0123", "1e5", "3314990101900001", "TRUE", "a\tb\nc", " a ", "_x0041_", "\U0001f600"),
    ],
)
def test_text_is_text_and_is_read_back(typed: str) -> None:
    file = parts([typed], [{typed: typed}])
    assert read(file) == {"Data": [[("inlineStr", typed)], [("inlineStr", typed)]]}
    sheet = file.read("xl/worksheets/sheet1.xml")
    assert not [word for word in (b"<f>", b"hyperlink") if word in sheet]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (12, ("n", "12")),
        (-3, ("n", "-3")),
        (0.5, ("n", "0.5")),
        (999_999_999_999_999, ("n", "999999999999999")),
        (3314990101900001, ("inlineStr", "3314990101900001")),  # as a number it would end in 000
        (float("nan"), ("inlineStr", "nan")),
        (date(2026, 11, 30), ("n", "46356")),
        (datetime(2026, 11, 30, 12, tzinfo=UTC), ("n", "46356.5")),
        (time(6), ("n", "0.25")),
        (date(1899, 12, 31), ("inlineStr", "1899-12-31")),  # as a date it would be 1900
        (datetime(1900, 2, 28, 1, tzinfo=UTC), ("inlineStr", "1900-02-28 01:00:00")),
    ],
)
def test_what_is_typed_is_a_real_cell_where_it_stays_exact(value: Cell, cell: tuple[str, str]) -> None:
    assert one(value) == cell


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_no_cell(value: Cell) -> None:
    assert read(parts(["apa"], [{"apa": value}]))["Data"][1:] in ([], [[]])


def test_a_moment_is_written_as_the_clock_of_its_zone_shows_it() -> None:
    assert one(datetime(2026, 11, 30, 12, tzinfo=ZoneInfo("Asia/Jayapura"))) == ("n", "46356.5")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("a\x00b\x1bc\ud800d\ufffee", "a\ufffdb\ufffdc\ufffdd\ufffde"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("x" * MOST_LETTERS, "x" * MOST_LETTERS),
        ("x" * (MOST_LETTERS + 1), "x" * (MOST_LETTERS - len(CUT)) + CUT),
        ("\U0001f600" * MOST_LETTERS, "\U0001f600" * ((MOST_LETTERS - len(CUT)) // 2) + CUT),  # two units each
    ],
    ids=["no XML", "line ends", "just fits", "too long", "too many units"],
)
def test_what_a_cell_cannot_hold_is_replaced_or_cut_in_words(typed: str, written: str) -> None:
    assert one(typed) == ("inlineStr", written)


def test_rows_beyond_a_sheet_stand_on_the_next_one() -> None:
    rows = [{"n": number} for number in range(5)]
    for most, per_sheet in ((6, [5]), (5, [4, 1]), (3, [2, 2, 1])):
        sheets = read(parts(["n"], rows, most_rows=most))
        assert [len(sheet) - 1 for sheet in sheets.values()] == per_sheet
        assert all(sheet[0] == [("inlineStr", "n")] for sheet in sheets.values())
        numbers = [int(cell) for sheet in sheets.values() for ((_, cell),) in sheet[1:]]
        assert numbers == list(range(5)), "nothing lost and nothing twice"


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("Jejak audit", ["Jejak audit", "Jejak audit (2)"]),
        ("a/b:c[d]\x00\ud800", ["a b c d", "a b c d (2)"]),
        ("'kutip'", ["kutip", "kutip (2)"]),
        ("x" * 40, ["x" * 31, "x" * 27 + " (2)"]),
        ("\U0001f600" * 31, ["\U0001f600" * 15, "\U0001f600" * 13 + " (2)"]),
        ("", ["Data", "Data (2)"]),
    ],
)
def test_a_sheet_has_a_name_that_spreadsheets_take(wanted: str, names: list[str]) -> None:
    assert list(read(parts(["n"], [{"n": 1}, {"n": 2}], wanted, most_rows=2))) == names


def test_the_heading_stays_in_sight_and_columns_are_as_wide_as_what_stands_in_them() -> None:
    sheet = Xml.fromstring(
        parts(["kode", "alasan"], [{"kode": "AB", "alasan": "x" * 300}]).read("xl/worksheets/sheet1.xml")
    )
    (pane,) = sheet.iter(f"{MAIN}pane")
    assert (pane.attrib["ySplit"], pane.attrib["state"]) == ("1", "frozen")
    narrow, wide = (float(column.attrib["width"]) for column in sheet.iter(f"{MAIN}col"))
    assert narrow < 12 < 55 < wide < 65


def test_memory_does_not_grow_with_the_rows_and_no_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def peak(rows: int) -> int:
        tracemalloc.start()
        xlsx_file(["a", "b"], ({"a": f"baris {number}", "b": number} for number in range(rows)), sheet="x").close()
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(4000) < peak(400) + 200_000
    assert list(tmp_path.iterdir()) == []


def test_a_query_that_breaks_off_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows() -> Iterator[Row]:
        yield {"a": "x"}
        raise ConnectionError

    with pytest.raises(ConnectionError):
        xlsx_file(["a"], rows(), sheet="x")
    assert list(tmp_path.iterdir()) == []


def test_control_the_library_by_itself_would_calculate_and_lose_a_row() -> None:
    target = io.BytesIO()
    with Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(1, 0, "=1+1")
        assert sheet.write_string(0, 0, "above") == -1
    assert read(ZipFile(target)) == {"Sheet1": [[("n", "1+10")]]}


def test_csv_writes_the_same_cells() -> None:
    columns = ["nomor", "hari", "saat", "teks", "kosong"]
    row: Row = dict(
        zip(columns, (-5, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "-5", None), strict=True)
    )
    assert list(csv_rows(columns, [row]))[1] == "-5,2026-01-02,2026-01-02 03:04:00,'-5,\r\n"
