"""Identity of a person: NIK and name; parsed, checked, and masked for display."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from stdnum.id import nik as nik_format

from .typed_text import folded
from .typing_errors import InvalidName, InvalidNik

NAME_MAX = 100
SYNTHETIC_DISTRICT = "99"  # no kecamatan has this code: demo and test data can hit nobody
# Provinces that the library's table lacks. A NIK bears the ministry's number (Kepmendagri 300.2.2-2138/2025): 65
# Kalimantan Utara, 92 Papua Barat, and since 2022 93 Papua Selatan, 94 Tengah, 95 Pegunungan, 96 Barat Daya. The
# statistics office counts otherwise (97 is its Papua Pegunungan).
NEWER_PROVINCES = frozenset({"65", "92", "93", "95", "96"})
# Grouped as people write them too: 3314 9917 0305 0001, 331499 170305 0001, 0812-3456-7890. Clock times are no groups.
# Nothing behind a digit and a point or colon: a time of day ends there, and a database file glues the next column on.
# How the apostrophe of Nur'aini is typed and pasted: accents, primes, transliterated hamza and ain, quotation marks.
_AS_ON_PAPER = str.maketrans(
    {
        **dict.fromkeys(
            "`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u2018\u2019\u201a\u201b\u2032\u2035\uff07", "'"
        ),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\uff02", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
_MARKS_IN_NAMES = frozenset(" '\"-.,/()&")
_PERSONAL_NUMBER = re.compile(
    r"(?<![0-9])(?:[0-9]{16}|[0-9]{4}(?:[ .-][0-9]{4}){3}|[0-9]{6}[ .-][0-9]{6}[ .-][0-9]{4})(?![0-9])"
    r"|(?:\+62|(?<![0-9A-Za-z])(?<![0-9][.:])(?:62|0))"
    r"(?:8[1-9][0-9]{7,10}|[ .-]?8[0-9]{2,3}(?:[ .-][0-9]{3,5}){2})(?![0-9])"
)


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True)
class Nik:
    """A checked 16-digit NIK (``PPKKCC DDMMYY NNNN``). It identifies; it never authenticates."""

    digits: str

    def __repr__(self) -> str:
        return f"Nik({self.masked})"  # whole numbers must not reach a log through a traceback

    @property
    def masked(self) -> str:
        """For staff who compare it with a document: birth date hidden, never the whole number."""
        return f"{self.digits[:4]} •••• •••• {self.digits[-4:]}"

    @property
    def grouped(self) -> str:
        """The whole number in fours, for whoever has just typed it and compares it with the card; nowhere else.

        On a narrow screen it breaks in the middle.
        """
        first, second, third, fourth = (self.digits[start : start + 4] for start in range(0, 16, 4))
        return f"{first}\u00a0{second} {third}\u00a0{fourth}"

    @property
    def sex(self) -> Sex:
        return Sex.FEMALE if int(self.digits[6:8]) > 40 else Sex.MALE

    @property
    def birth_dates(self) -> tuple[date, ...]:
        """The days that the six digits can mean: the number does not say which century."""
        day, month, year = int(self.digits[6:8]) % 40, int(self.digits[8:10]), int(self.digits[10:12])
        return tuple(found for century in (1900, 2000) if (found := _date(century + year, month, day)))

    @property
    def is_synthetic(self) -> bool:
        return self.digits[4:6] == SYNTHETIC_DISTRICT


def digits_of_nik(raw: str) -> str:
    """What was typed without the blanks, dots and dashes between its groups."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", folded(raw))


def parse_nik(raw: str) -> Nik:
    """Read a typed NIK; raise InvalidNik.

    Only what can never be right is refused: people keep their NIK when they move and when region codes change, so
    regency and kecamatan codes, and the prefix of the own office, are no grounds.
    """
    digits = digits_of_nik(raw)
    if not re.fullmatch(r"[0-9]{16}", digits):
        raise InvalidNik(reason="length")
    day = int(digits[6:8])
    if not (1 <= day <= 31 or 41 <= day <= 71):
        raise InvalidNik(reason="birth_date")
    if digits.endswith("0000"):
        raise InvalidNik(reason="serial")
    if not Nik(digits).birth_dates:
        raise InvalidNik(reason="birth_date")
    if not is_province(digits[:2]):
        raise InvalidNik(reason="region")
    return Nik(digits)


def parse_name(raw: str, *, confirmed: bool = False) -> str:
    """A name as documents write it, in plain letters and with one kind of apostrophe; raise InvalidName.

    Digits need ``confirmed``: that the card has them (`docs/rules.md` R-NAME-1).
    """
    name = " ".join(folded(raw.translate(_AS_ON_PAPER)).split())
    if not name:
        raise InvalidName(reason="empty")
    if holds_personal_number(name):
        raise InvalidName(reason="number")  # typed into the wrong field: it must not be stored as a name
    if len(name) > NAME_MAX:
        raise InvalidName(reason="long", count=len(name), maximum=NAME_MAX)
    if not any(sign.isalpha() for sign in name):
        raise InvalidName(reason="letters")
    strange = next((sign for sign in name if not _may_stand_in_a_name(sign)), None)
    if strange is not None:
        raise InvalidName(reason="marks", mark=strange if strange.isprintable() else "")
    if has_digits(name) and not confirmed:
        raise InvalidName(reason="digits")
    return name


def has_digits(name: str) -> bool:
    return any(sign.isdecimal() for sign in name)


def _may_stand_in_a_name(sign: str) -> bool:
    return sign.isalpha() or sign.isdecimal() or sign in _MARKS_IN_NAMES or unicodedata.category(sign) in {"Mn", "Mc"}


def initials(name: str) -> str:
    """``S. W.`` of "Siti Wahyuni": what public places may show of a person."""
    # 'Aisyah and (Alm.) have one too. The turned comma of ʻAisyah counts as one where there is no other.
    letters = (next(iter(sorted(filter(str.isalpha, word), key=_is_modifier)), "") for word in name.split())
    return " ".join(f"{letter.upper()}." for letter in letters if letter) or "–"


def _is_modifier(letter: str) -> bool:
    return unicodedata.category(letter) == "Lm"


def personal_numbers(text: str) -> list[str]:
    """What looks like a NIK or a mobile number in free text: neither may reach a log, the audit or a plain column."""
    return _PERSONAL_NUMBER.findall(text)


def holds_personal_number(text: str) -> bool:
    return _PERSONAL_NUMBER.search(text) is not None


@cache
def is_province(code: str) -> bool:
    """Asks the library once for each of the hundred codes, with a number in which all the rest is right."""
    return code in NEWER_PROVINCES or nik_format.is_valid(f"{code}14990101900001")


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
