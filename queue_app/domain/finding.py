"""Reading what staff type or scan to find a person: a ticket, code, queue number, NIK, telephone number or name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from .errors import DomainError
from .identity import NAME_MAX, parse_nik
from .phones import parse_phone
from .scanners import LONGEST, scanned_code, token_readings
from .typed_text import folded
from .typing_errors import InvalidNik, InvalidPhone

NAME_MIN = 3  # letters: fewer would find half the town
NIK_LIKE = 14  # figures: nearer to a NIK than to a telephone number
_NUMBER = re.compile(r"([A-Za-z]?)[\s.\-\u2010-\u2015]*([0-9]{1,4})")
_FIGURES = re.compile(r"\+?[0-9\s.\-()\u2010-\u2015]+")
_APOSTROPHES = dict.fromkeys(map(ord, "'`´ʻʼʾʿ‘’"))


class InvalidSearch(DomainError):
    """``details['reason']``: empty | short | figures | unreadable."""

    code = "invalid_search"


class Sought(StrEnum):
    TICKET = "ticket"
    CODE = "code"
    NUMBER = "number"
    NIK = "nik"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, repr=False)
class Search:
    """``text`` is the code, NIK or telephone number in its stored form; ``name`` the words to look for.

    ``letter`` is "" where only the figures of a queue number were typed. Eight letters that may be a booking code are
    often a name: they have both.
    """

    kind: Sought
    text: str = ""
    name: str = ""
    ticket_id: int = 0
    letter: str = ""
    number: int = 0


def read_search(typed: str, read_ticket_token: Callable[[str], int | None]) -> Search:
    """Raise InvalidNik, or InvalidSearch where nothing can be looked for."""
    text = " ".join(folded(typed).split())
    if not text or len(text) > LONGEST:
        raise InvalidSearch(reason="empty" if not text else "unreadable")
    for reading in token_readings(text):
        if (ticket_id := read_ticket_token(reading)) is not None:
            return Search(Sought.TICKET, ticket_id=ticket_id)
    if found := _NUMBER.fullmatch(text):
        return Search(Sought.NUMBER, letter=found.group(1).upper(), number=int(found.group(2)))
    words = name_words(text)
    is_name = sum(map(len, words)) >= NAME_MIN and len(text) <= NAME_MAX
    if code := scanned_code(text):
        maybe_name = is_name and not any(sign.isdigit() for sign in text)
        return Search(Sought.CODE, text=code, name=" ".join(words) if maybe_name else "")
    if _FIGURES.fullmatch(text):
        return _read_figures(text)
    if not is_name:
        raise InvalidSearch(reason="short" if len(text) <= NAME_MAX else "unreadable")
    return Search(Sought.NAME, name=" ".join(words))


def name_words(name: str) -> list[str]:
    """The words of a name as they are compared: without case, marks and apostrophes."""
    bare = unicodedata.normalize("NFKD", name.translate(_APOSTROPHES))
    return re.findall(r"[^\W_]+", "".join(one for one in bare if not unicodedata.combining(one)).casefold())


def name_matches(name: str, wanted: list[str]) -> bool:
    """Whether each word that was typed begins a word of the name, in whatever order."""
    words = name_words(name)
    return all(any(word.startswith(typed) for word in words) for typed in wanted)


def _read_figures(text: str) -> Search:
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) == 16:
        return Search(Sought.NIK, text=parse_nik(digits).digits)
    try:
        return Search(Sought.PHONE, text=parse_phone(text))
    except InvalidPhone:
        raise InvalidNik(reason="length") if len(digits) >= NIK_LIKE else InvalidSearch(reason="figures") from None
