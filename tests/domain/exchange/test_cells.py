"""Cells as people and spreadsheets fill them."""

from datetime import UTC, date, datetime, time

import pytest

from queue_app.domain.errors import DomainError
from queue_app.domain.exchange.cells import Cell, are_rounded, clock_of, day_of, nik_of, phone_of, text_of
from queue_app.domain.exchange.columns import ImportKind
from queue_app.domain.exchange.refusals import CellRefused, FileRefused
from queue_app.domain.exchange.rows import Line, rows_of


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 12, 25),
        datetime(2026, 12, 25, tzinfo=UTC),
        *("2026-12-25", "2026/12/25", "25/12/2026", "25-12-2026", "25.12.2026", "2026-12-25 00:00:00"),
        *("25 Desember 2026", "25 des 2026", "25 Des. 2026", "Jumat, 25 Desember 2026", "25 December 2026"),
        " 25\u00a0Desember\u00a02026 ",
    ],
)
def test_a_day_however_it_is_written(cell: Cell) -> None:
    assert day_of(cell) == date(2026, 12, 25)


@pytest.mark.parametrize("cell", ["25/12/26", "31/02/2026", "25 Foo 2026", "25–26 Desember 2026", "2026", "25/12/1926"])
def test_what_is_no_day(cell: Cell) -> None:
    with pytest.raises(CellRefused) as refused:
        day_of(cell)
    assert refused.value.details == {"reason": "date"}


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        *((cell, time(8)) for cell in ("08.00", "8:00", "08:00:00", "08.00 WIB", "pukul 08.00", time(8), 8, 8.0)),
        *((cell, time(8, 30)) for cell in ("08.30", 8.3, datetime(1899, 12, 30, 8, 30, tzinfo=UTC))),
    ],
)
def test_an_hour_however_it_is_written(cell: Cell, clock: time) -> None:
    assert clock_of(cell) == clock


@pytest.mark.parametrize("cell", ["8", "25.00", "08.60", "pagi", 0.3333, 24, True, "08.00–09.00"])
def test_what_is_no_hour(cell: Cell) -> None:
    with pytest.raises(CellRefused):
        clock_of(cell)


@pytest.mark.parametrize("cell", ["+6281234567890", "'+6281234567890", 81234567890, "81234567890", "0812 3456 7890"])
def test_a_telephone_with_and_without_its_nought(cell: Cell) -> None:
    assert phone_of(cell) == "+6281234567890"


@pytest.mark.parametrize("cell", ["", "-", "tidak ada", None])
def test_no_telephone(cell: Cell) -> None:
    assert phone_of(cell) is None


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (3314991703050001, "nik_number"),
        (3.31499170305e15, "nik_number"),
        *((mangled, "nik_mangled") for mangled in ("3.31499E+15", "3,31499E+15", "3,31499e15")),
        ("3314 •••• •••• 0001", "masked"),
        ("#VALUE!", "shown"),
        ("331499170305000", "length"),
    ],
)
def test_a_nik_that_cannot_be_trusted(cell: Cell, reason: str) -> None:
    with pytest.raises(DomainError) as refused:
        nik_of(cell)
    assert refused.value.details["reason"] == reason


@pytest.mark.parametrize("cell", ["3314991703050001", "'3314991703050001", "3314 9917 0305 0001"])
def test_a_nik_as_text(cell: Cell) -> None:
    assert nik_of(cell).digits == "3314991703050001"


def test_three_that_end_in_nought_are_no_chance() -> None:
    rounded: list[Cell] = ["3314991703050010", "3314991703050020", "3314991703050030"]
    assert are_rounded(rounded)
    assert not are_rounded(rounded[:2])
    assert not are_rounded([*rounded, "3314991703050031"])


def test_a_whole_number_is_written_without_its_point() -> None:
    assert text_of(12.0) == "12"


def test_headings_in_any_order_and_remarks_between() -> None:
    sheet = rows_of(
        ImportKind.STAFF,
        [
            Line(1, ("# Petugas",)),
            Line(2, (None, "")),
            Line(3, (" KANTOR", "nama", "Usia", "peran ")),
            Line(4, ("# begini",)),
            Line(5, ("Sragen", "Rina", 40)),
        ],
    )
    assert [(row.line, dict(row.cells())) for row in sheet.rows] == [(5, {"Kantor": "Sragen", "Nama": "Rina"})]
    assert sheet.ignored == ("Usia",)


@pytest.mark.parametrize(
    ("headings", "details"),
    [
        (("Nama",), {"reason": "headings", "missing": ("Peran", "Kantor")}),
        (("Nama", "Peran", "Kantor", "NAMA"), {"reason": "heading_twice", "name": "Nama"}),
        (("Nama", "Peran", "Kantor"), {"reason": "empty"}),
        ((), {"reason": "empty"}),
    ],
)
def test_a_table_without_what_it_needs(headings: tuple[str, ...], details: dict[str, object]) -> None:
    with pytest.raises(FileRefused) as refused:
        rows_of(ImportKind.STAFF, [Line(1, headings)])
    assert refused.value.details == details
