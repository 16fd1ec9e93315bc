"""Files of spreadsheets, those that are none, and those that mean harm."""

import contextlib
import io
import subprocess
import sys
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_app.adapters.table_export import csv_rows, xlsx_file
from queue_app.adapters.table_import import LARGEST_UNPACKED, MOST_LINES, read_table
from queue_app.domain.exchange.refusals import FileRefused

ROW = {"a": "+6281234567890", "b": "=1+1", "c": "Nur'aini;=2", "d": "\t=3", "e": "3314 9917 0305 0001"}


def workbook(*rows: list[object]) -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def repacked(content: bytes, name: str, part: bytes) -> bytes:
    """The same workbook with another part in it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, part if info.filename == name else old.read(info))
    return target.getvalue()


def reason_of(content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read_table(content)
    return str(refused.value.details["reason"])


def test_what_was_kept_from_being_calculated_comes_back_as_it_was() -> None:
    heading, row = read_table("".join(csv_rows(list(ROW), [ROW])).encode())
    assert heading.cells == tuple(ROW)
    assert row.cells == tuple(ROW.values())
    with xlsx_file(list(ROW), [ROW], sheet="x") as file:
        assert read_table(file.read())[1].cells[: len(ROW)] == tuple(ROW.values())


def test_kinds_of_cells_of_a_workbook() -> None:
    (line,) = read_table(workbook([date(2026, 12, 25), time(8, 30), 3314991703050001, 1.5, "ü", None, True]))
    assert line.cells[:7] == (datetime(2026, 12, 25), time(8, 30), 3314991703050001, 1.5, "ü", None, True)  # noqa: DTZ001


def test_lines_are_counted_as_the_spreadsheet_counts() -> None:
    assert [line.number for line in read_table(b'a;b\r\n"x\r\ny";1\r\n\r\nz;2\r\n')] == [1, 2, 3, 4]
    assert [line.number for line in read_table(b"sep=,\r\na,b\r\n1,2\r\n")] == [2, 3]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_found_in_the_heading(separator: str) -> None:
    content = separator.join(["Nama", "Peran", "Kantor"]) + "\n" + separator.join(["a", "b", '"c;,\td"'])
    assert read_table(content.encode())[1].cells == ("a", "b", "c;,\td")


def test_a_workbook_that_unpacks_to_much_more_is_not_unpacked() -> None:
    bomb = repacked(workbook(["a"]), "xl/worksheets/sheet1.xml", b" " * (LARGEST_UNPACKED + 1))
    assert len(bomb) < 64 * 1024
    assert reason_of(bomb) == "too_much"


def test_a_part_that_says_less_than_it_holds_is_damaged() -> None:
    bomb = bytearray(repacked(workbook(["a"]), "xl/worksheets/sheet1.xml", b" " * (LARGEST_UNPACKED + 1)))
    claimed = (LARGEST_UNPACKED + 1).to_bytes(4, "little")
    assert bomb.count(claimed) == 2
    assert reason_of(bytes(bomb.replace(claimed, (100).to_bytes(4, "little")))) == "unreadable"


def test_entities_are_not_expanded() -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    assert reason_of(repacked(workbook(["a"]), "xl/worksheets/sheet1.xml", evil)) == "unreadable"


def test_a_row_at_the_very_end_of_a_sheet_costs_no_million_rows() -> None:
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"], book.active["XFD1048576"] = "Nama", "far away"
    book.save(target)
    lines = read_table(target.getvalue())
    assert len(lines) <= MOST_LINES
    assert lines[0].cells[0] == "Nama"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "none"),
        (b"PK\x03\x04", "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unreadable"),
        (b"\x81\x8d\x8f", "encoding"),
        (b"a\n" * (MOST_LINES + 1), "rows"),
        (b'a\n"' + b"x" * 20_000 + b'"', "too_much"),
        (b'a\n"' + b"x" * 200_000, "unreadable"),
    ],
)
def test_what_is_no_table(content: bytes, reason: str) -> None:
    assert reason_of(content) == reason


def test_the_library_repeats_no_number_in_a_warning() -> None:
    """It does so for a number that is too large for the date that its cell claims to be: a NIK, for one."""
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = 3314991703050001
    book.active["A1"].number_format = "yyyy-mm-dd"
    book.save(target)
    program = "import sys; from queue_app.adapters.table_import import read_table; "
    program += "print(read_table(sys.stdin.buffer.read())[0].cells[0])"
    run = subprocess.run([sys.executable, "-W", "default", "-c", program], input=target.getvalue(), capture_output=True)
    assert run.stdout.strip() == b"#VALUE!"
    assert b"33149917" not in run.stderr


def test_a_zip_that_is_no_workbook() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("hello.txt", "hello")
    assert reason_of(target.getvalue()) == "unreadable"


@settings(max_examples=300)
@given(st.data())
def test_whatever_is_sent_is_a_table_or_refused(data: st.DataObject) -> None:
    """Workbooks with a part broken anywhere, and any bytes at all."""
    content = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    for some in (bytes(content), data.draw(st.binary(max_size=300))):
        with contextlib.suppress(FileRefused):
            read_table(some)


@settings(max_examples=150)
@given(st.data())
def test_a_sheet_broken_anywhere_is_a_table_or_refused(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as packed:
        name = data.draw(st.sampled_from(packed.namelist()))
        part = bytearray(packed.read(name))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(part) - 1))
        part[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    with contextlib.suppress(FileRefused):
        read_table(repacked(GOOD, name, bytes(part)))


GOOD = workbook(["Nama", "Tanggal"], ["Siti", date(2026, 12, 25)], [3314991703050001, time(8)])
