"""A table of coverage as it is pasted: the kecamatan of Sragen, and every way in which a line can be wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from queue_app.domain.coverage import CoverageTable, InvalidCoverage, class_of, read_coverage, share_of
from tests.harness.sragen import KECAMATAN, sragen_table

TODAY = date(2026, 11, 23)
HEAD = "kode,nama,wajib,terekam,tanggal"


def read(typed: str, region: str = "33.14") -> CoverageTable:
    return read_coverage(typed, region_code=region, today=TODAY)


def test_the_regency_as_the_press_told_it() -> None:
    """98.37 percent of 753,017; the numbers of each kecamatan are made up to come to that."""
    table = read(sragen_table())
    assert (table.obliged, table.recorded, table.share) == (753_017, 740_743, Decimal("98.37"))
    assert [one.name for one in table.kecamatan] == list(KECAMATAN)
    assert table.counted_on == date(2026, 10, 31)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_separator_and_points_in_thousands(separator: str) -> None:
    lines = (HEAD, "33.14.10,Sragen,58.200,57.610,2026-10-31", "", "33.14.01,Kalijambe,100,0,2026-10-31")
    table = read("\r\n".join(lines).replace(",", separator))
    assert [(one.code, one.obliged) for one in table.kecamatan] == [("33.14.01", 100), ("33.14.10", 58_200)]


def test_an_office_of_a_kecamatan_takes_those_of_its_regency() -> None:
    assert read(f"{HEAD}\n33.14.01,Kalijambe,2,1,2026-10-31", "33.14.10").share == Decimal("50.00")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("33.15.01,Kalijambe,2,1,2026-10-31", "code"),
        ("33.14.1,Kalijambe,2,1,2026-10-31", "code"),
        ("33.14.01,,2,1,2026-10-31", "name"),
        ("33.14.01,Milik 3314991703050001,2,1,2026-10-31", "name"),
        ("33.14.01,Kalijambe,dua,1,2026-10-31", "number"),
        ("33.14.01,Kalijambe,-2,1,2026-10-31", "number"),
        ("33.14.01,Kalijambe,58.20,1,2026-10-31", "number"),
        ("33.14.01,Kalijambe,999999999,1,2026-10-31", "number"),
        ("33.14.01,Kalijambe,1,2,2026-10-31", "more"),
        ("33.14.01,Kalijambe,2,1,31-10-2026", "date"),
        ("33.14.01,Kalijambe,2,1,2026-11-24", "date"),
        ("33.14.01,Kalijambe,2,1", "columns"),
        ("33.14.02,Plupuh,2,1,2026-10-31\n33.14.02,Plupuh,2,1,2026-10-31", "twice"),
        ("33.14.02,Plupuh,2,1,2026-10-31\n33.14.03,Masaran,2,1,2026-10-30", "date"),
    ],
)
def test_a_wrong_line_is_named(line: str, reason: str) -> None:
    with pytest.raises(InvalidCoverage) as refusal:
        read(f"{HEAD}\n{line}")
    assert refusal.value.details == {"reason": reason, "line": 2 + line.count("\n")}


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "columns"),
        ("a,b", "columns"),
        (HEAD, "empty"),
        (HEAD + "\n33.14.01,X,1,1,2026-10-31" * 101, "long"),
        (f'{HEAD}\n"33.14.01', "columns"),
    ],
)
def test_what_is_no_table_is_told(typed: str, reason: str) -> None:
    with pytest.raises(InvalidCoverage) as refusal:
        read(typed)
    assert refusal.value.details["reason"] == reason


def test_a_hundred_percent_is_everybody() -> None:
    assert share_of(999_999, 1_000_000) == Decimal("99.99")
    assert share_of(7, 7) == Decimal("100.00")
    assert share_of(0, 0) is None


@pytest.mark.parametrize(
    ("share", "number"),
    [("0", 1), ("89.99", 1), ("90", 2), ("95", 3), ("98", 4), ("99.49", 4), ("99.5", 5), ("100", 5)],
)
def test_classes_of_the_map(share: str, number: int) -> None:
    assert class_of(Decimal(share)) == number
