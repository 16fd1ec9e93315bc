"""Cells as people and spreadsheets fill them: numbers made of long numbers, dates of dates, leading noughts gone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from queue_app.domain.identity import Nik, digits_of_nik, holds_personal_number, parse_nik
from queue_app.domain.phones import parse_phone
from queue_app.domain.typed_text import cleaned, folded, means_none

from .refusals import CellRefused

Cell = str | int | float | bool | date | datetime | time | None

_MONTHS = {
    **{"jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7},
    **{
        "agu": 8,
        "ags": 8,
        "agt": 8,
        "aug": 8,
        "sep": 9,
        "okt": 10,
        "oct": 10,
        "nov": 11,
        "nop": 11,
        "des": 12,
        "dec": 12,
    },
}
_ISO_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_IN_WORDS = re.compile(r"(?:[^\W\d]+,? )?(\d{1,2})[ -]([^\W\d]{3,})\.?[ -](\d{4})")  # Jumat, 25 Desember 2026
_CLOCK = re.compile(r"(?:pukul |pkl\.? ?)?(\d{1,2})[.:](\d{2})(?:[.:]00)?(?: ?(?:wib|wita|wit))?", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)  # 3.31499E+15, in Indonesia 3,31499E+15
_SHOWN = re.compile(r"#(?:REF|N/A|VALUE|NAME|DIV/0|NUM|NULL)[!?]?|#+")
# A spreadsheet keeps 15 digits of a number, so every NIK that went through one as a number ends in 0. Of real ones each
# tenth does: that three or more all do is no chance.
ROUNDED_FROM = 3


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    """As it stands there, on one line. Raises CellRefused (``shown``)."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(cleaned("" if cell is None else str(cell)).split())
    if _SHOWN.fullmatch(text):
        raise CellRefused(reason="shown")
    return text


def lines_of(maximum: int) -> Callable[[Cell], str]:
    """Reads a text of several lines. Raises CellRefused (``long``, ``shown``)."""

    def read(cell: Cell) -> str:
        parts = cleaned(cell).splitlines() if isinstance(cell, str) else [cell]
        text = "\n".join(filter(None, map(text_of, parts)))
        if len(text) > maximum:
            raise CellRefused(reason="long", maximum=maximum)
        return text

    return read


def impersonal(maximum: int) -> Callable[[Cell], str]:
    """Reads a text of one line that many will see. Raises CellRefused (``long``, ``personal``, ``shown``)."""

    def read(cell: Cell) -> str:
        text = lines_of(maximum)(text_of(cell))
        if holds_personal_number(text):
            raise CellRefused(reason="personal")
        return text

    return read


def nik_of(cell: Cell) -> Nik:
    """Raises InvalidNik; CellRefused where a spreadsheet has made a number of it: its last digit is lost for good."""
    if isinstance(cell, int | float):
        raise CellRefused(reason="nik_number")
    text = text_of(cell)
    if _SCIENTIFIC.fullmatch(text.replace(" ", "")):
        raise CellRefused(reason="nik_mangled")
    if "•" in text or "*" in text:
        raise CellRefused(reason="masked")
    return parse_nik(text.lstrip("'"))


def are_rounded(cells: Sequence[Cell]) -> bool:
    """Whether the NIKs of a file have been numbers before they became text again: all of them end in 0."""
    numbers = [digits_of_nik(cell) for cell in cells if isinstance(cell, str) and cell.strip()]
    return len(numbers) >= ROUNDED_FROM and all(number.endswith("0") for number in numbers)


def phone_of(cell: Cell) -> str | None:
    """Also without the leading 0 that a spreadsheet took. Raises InvalidPhone, CellRefused."""
    text = text_of(cell).lstrip("'")
    if not text or means_none(text):
        return None
    if _SCIENTIFIC.fullmatch(text.replace(" ", "")):
        raise CellRefused(reason="phone_mangled")
    if "•" in text or "*" in text:
        raise CellRefused(reason="masked")
    return parse_phone(text)


def day_of(cell: Cell) -> date:
    """A cell of the kind date, or 2026-12-25, 25/12/2026, 25 Desember 2026. Raises CellRefused (``date``)."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float):
        raise CellRefused(reason="date_number")
    typed = folded(text_of(cell))
    try:
        if found := _ISO_DAY.fullmatch(typed):
            year, month, day = map(int, found.groups())
        elif found := _DAY_FIRST.fullmatch(typed):
            day, month, year = map(int, found.groups())
        elif found := _IN_WORDS.fullmatch(typed):
            day, month, year = int(found[1]), _MONTHS[found[2].lower()[:3]], int(found[3])
        else:
            raise CellRefused(reason="date")
        if not 2000 <= year <= 2099:
            raise CellRefused(reason="date")
        return date(year, month, day)
    except (KeyError, ValueError):
        raise CellRefused(reason="date") from None


def clock_of(cell: Cell) -> time:
    """A cell of the kind time, or 08.00, 8:00, 08.00 WIB. Raises CellRefused (``clock``).

    08.30 that became the number 8.3 is read as it was typed; less than 1 would be a spreadsheet's part of a day.
    """
    if isinstance(cell, datetime | time):
        return time(cell.hour, cell.minute)
    typed = text_of(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 1 <= cell < 24:
        typed = f"{cell:.2f}"
    found = _CLOCK.fullmatch(folded(typed))
    try:
        if found is None:
            raise ValueError
        return time(int(found[1]), int(found[2]))
    except ValueError:
        raise CellRefused(reason="clock") from None


def whole_number_of(cell: Cell) -> int:
    """Raises CellRefused (``minutes``)."""
    typed = folded(text_of(cell))
    if not re.fullmatch(r"[0-9]{1,4}", typed):
        raise CellRefused(reason="minutes")
    return int(typed)


def several_of(cell: Cell) -> list[str]:
    """The names in one cell, with semicolons between them."""
    return [one for part in text_of(cell).split(";") if (one := part.strip())]


def key_of(name: str) -> str:
    """By which names of offices, services and columns are found: case and blanks make no difference."""
    return " ".join(folded(name).casefold().split())
