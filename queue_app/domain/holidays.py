"""Public holidays and joint leave: certain by decree, or probable until the administrator has decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# The joint decree for a year comes out in September or October of the year before.
ASKED_FROM_MONTH = 10


class HolidayStatus(StrEnum):
    """Whether a date of the list is a holiday: ``proposed`` ones are taken for one until somebody has decided."""

    CONFIRMED = "confirmed"
    PROPOSED = "proposed"
    DISMISSED = "dismissed"  # a working day after all; kept so that it is not proposed again


IN_FORCE = (HolidayStatus.CONFIRMED, HolidayStatus.PROPOSED)


@dataclass(frozen=True)
class KnownHoliday:
    """A holiday as a library of calendars knows it. ``estimated``: no decree has named the date yet."""

    date: date
    name_id: str
    name_en: str
    estimated: bool


def reasons_of_holiday(name_id: str, name_en: str, *, probable: bool) -> tuple[str, str]:
    """What citizens read on a day that is a holiday, in Indonesian and English."""
    if not probable:
        return name_id, name_en
    return f"{name_id} (perkiraan libur)", f"{name_en} (expected holiday)"


def years_to_decide(today: date, days_until: date | None) -> range:
    """The years whose list of holidays has to be decided by now: those of the days that exist, and the next one from
    October on.
    """
    last = max(today.year, days_until.year if days_until else 0)
    if today.month >= ASKED_FROM_MONTH:
        last = max(last, today.year + 1)
    return range(today.year, last + 1)
