"""Coverage of recording: of those obliged to have a KTP-el in each kecamatan, how many are recorded.

The numbers come from outside, as a table that an administrator pastes: from a CSV file, or from a spreadsheet.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from .errors import DomainError
from .identity import holds_personal_number

COLUMNS = ("kode", "nama", "wajib", "terekam", "tanggal")
MOST = 100  # kecamatan of one regency; the largest in the country has half as many
NAME_MAX = 60
REGENCY = 5  # letters of "33.14"
_CODE = re.compile(r"\d{2}\.\d{2}\.\d{2}")
_NUMBER = re.compile(r"\d{1,8}|\d{1,3}(\.\d{3}){1,2}")  # 37650, or 37.650 as a spreadsheet writes it
SEPARATORS = "\t;,"
HUNDREDTH = Decimal("0.01")
# From which percentage each class of the map begins, the lowest first.
CLASSES = tuple(map(Decimal, ("0", "90", "95", "98", "99.5")))


class InvalidCoverage(DomainError):
    """``details['reason']``: columns | empty | long | code | twice | name | number | more | date; ``line``: from 1."""

    code = "invalid_coverage"


@dataclass(frozen=True)
class Kecamatan:
    """One line of the table."""

    code: str
    name: str
    obliged: int
    recorded: int

    @property
    def share(self) -> Decimal | None:
        return share_of(self.recorded, self.obliged)

    @property
    def missing(self) -> int:
        return self.obliged - self.recorded


@dataclass(frozen=True)
class CoverageTable:
    """``kecamatan``: by code, each once."""

    counted_on: date
    kecamatan: Sequence[Kecamatan]

    @property
    def obliged(self) -> int:
        return sum(one.obliged for one in self.kecamatan)

    @property
    def recorded(self) -> int:
        return sum(one.recorded for one in self.kecamatan)

    @property
    def share(self) -> Decimal | None:
        return share_of(self.recorded, self.obliged)


def share_of(recorded: int, obliged: int) -> Decimal | None:
    """Percent with two decimals; 100.00 only where nobody is missing. None of nobody."""
    if not obliged:
        return None
    percent = Decimal(100 * recorded) / Decimal(obliged)
    return percent.quantize(HUNDREDTH, ROUND_DOWN if percent > Decimal("99.99") else ROUND_HALF_UP)


def class_of(share: Decimal) -> int:
    """From 1, the least covered, to 5."""
    return sum(share >= least for least in CLASSES)


def read_coverage(typed: str, *, region_code: str, today: date) -> CoverageTable:
    """The table as pasted, with its heading; ``region_code`` is the office's. Raises InvalidCoverage."""
    lines = [line for line in typed.splitlines() if line.strip()]
    if len(lines) > MOST + 1:
        raise InvalidCoverage(reason="long")
    separator = next((one for one in SEPARATORS if one in lines[0]), ",") if lines else ","
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator)]
    if not rows or tuple(cell.lower() for cell in rows[0]) != COLUMNS:
        raise InvalidCoverage(reason="columns")
    if len(rows) == 1:
        raise InvalidCoverage(reason="empty")
    found: dict[str, Kecamatan] = {}
    days = set()
    for number, row, day in _rows(rows, region_code[:REGENCY], today):
        if row.code in found:
            raise InvalidCoverage(reason="twice", line=number)
        found[row.code] = row
        days.add(day)
        if len(days) > 1:
            raise InvalidCoverage(reason="date", line=number)
    return CoverageTable(days.pop(), [found[code] for code in sorted(found)])


def _rows(rows: Sequence[Sequence[str]], regency: str, today: date) -> Iterator[tuple[int, Kecamatan, date]]:
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(COLUMNS):
            raise InvalidCoverage(reason="columns", line=number)
        code, name, obliged, recorded, day = row
        if not (_CODE.fullmatch(code) and code.isascii() and code.startswith(f"{regency}.")):
            raise InvalidCoverage(reason="code", line=number)
        if not name or len(name) > NAME_MAX or not name.isprintable() or holds_personal_number(name):
            raise InvalidCoverage(reason="name", line=number)
        if not all(_NUMBER.fullmatch(one) and one.isascii() for one in (obliged, recorded)):
            raise InvalidCoverage(reason="number", line=number)
        counted = Kecamatan(code, name, int(obliged.replace(".", "")), int(recorded.replace(".", "")))
        if counted.recorded > counted.obliged:
            raise InvalidCoverage(reason="more", line=number)
        yield number, counted, _day(day, today, number)


def _day(typed: str, today: date, line: int) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise InvalidCoverage(reason="date", line=line) from None
    if day > today:
        raise InvalidCoverage(reason="date", line=line)
    return day
