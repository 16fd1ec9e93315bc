"""Indonesian and English: wording from the catalogue, and dates and times as each language writes them.

Indonesian is the language of the sources, so its catalogue is empty and English is the only file.
"""

from __future__ import annotations

import gettext
from datetime import date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from queue_app.domain.clock import zone_label

INDONESIAN = "id"
ENGLISH = "en"
LANGUAGES = (INDONESIAN, ENGLISH)
CATALOGUE = Path(__file__).parent.parent / "translations" / "en.po"


class Catalogue(gettext.NullTranslations):
    """Translations read straight from a .po file; what is not in it stays as it is in the sources."""

    def __init__(self, path: Path, language: str) -> None:
        super().__init__()
        with path.open(encoding="utf-8") as file:
            read = read_po(file, locale=language)
        self._forms: dict[str, tuple[str, ...]] = {}
        for message in read:
            forms = message.string if isinstance(message.string, list | tuple) else [message.string]
            if message.id and all(forms) and not message.fuzzy:
                msgid = message.id if isinstance(message.id, str) else message.id[0]
                self._forms[msgid] = tuple(str(form) for form in forms)

    def gettext(self, message: str) -> str:
        forms = self._forms.get(message)
        return forms[0] if forms else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = self._forms.get(msgid1)
        if forms is None:
            return msgid1 if n == 1 else msgid2
        return forms[0] if n == 1 else forms[-1]


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The wording of a language; Indonesian for one that is not known."""
    return Catalogue(CATALOGUE, ENGLISH) if language == ENGLISH else gettext.NullTranslations()


@lru_cache(2048)
def format_day(day: date, language: str) -> str:
    """``Senin, 23 November 2026`` / ``Monday, 23 November 2026``."""
    return format_date(day, "EEEE, d MMMM y", locale=language)


def format_short_day(day: date, language: str) -> str:
    """``Sen 23 Nov`` / ``Mon 23 Nov``."""
    return format_date(day, "EEE d MMM", locale=language)


def format_month(day: date, language: str) -> str:
    """``November 2026``."""
    return format_date(day, "MMMM y", locale=language)


def format_short_month(day: date, language: str) -> str:
    """``Nov 2026``, below a chart."""
    return format_date(day, "MMM y", locale=language)


def format_number(number: float, language: str) -> str:
    """``12,5`` / ``12.5``."""
    return format_decimal(number, locale=language)


def format_time(at: time | datetime, zone: str | None, language: str) -> str:
    """``09.00`` / ``09:00``. An instant is shown in ``zone`` and needs one; a wall-clock time is taken as it is."""
    if isinstance(at, datetime):
        if zone is None:
            raise ValueError("an instant has no time of day without a zone")
        at = at.astimezone(ZoneInfo(zone)).time()
    return at.strftime("%H:%M" if language == ENGLISH else "%H.%M")


def format_window(starts_at: datetime, ends_at: datetime, zone: str, language: str) -> str:
    """``09.00–10.00 WIB`` of two instants."""
    start, end = format_time(starts_at, zone, language), format_time(ends_at, zone, language)
    return f"{start}–{end} {zone_label(zone)}"


def format_day_and_time(instant: datetime, zone: str, language: str) -> str:
    """``Senin, 23 November 2026 pukul 09.00`` / ``Monday, 23 November 2026 at 09:00``."""
    day = format_day(instant.astimezone(ZoneInfo(zone)).date(), language)
    at = "at" if language == ENGLISH else "pukul"
    return f"{day} {at} {format_time(instant, zone, language)}"


def format_instant(instant: datetime, zone: str, language: str) -> str:
    """``Senin, 23 November 2026 pukul 09.00 WIB`` / ``Monday, 23 November 2026 at 09:00 WIB``."""
    return f"{format_day_and_time(instant, zone, language)} {zone_label(zone)}"
