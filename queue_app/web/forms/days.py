"""Dates that people type, in a field or in an address, and hours of an address.

Dates lie within the years in which an office can mean one: far outside of them a slip of a key (year 9999, year 1)
breaks what reckons with the days before and after.
"""

from __future__ import annotations

from datetime import date, time
from typing import Any

from wtforms import DateField

from queue_app.web.site.language import gettext as _

from .office_form import DayInput

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


def read_day(typed: str) -> date | None:
    """A date of an address (2026-11-24); None for what is none, or lies outside of these years."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def read_clock(typed: str) -> time | None:
    """An hour of an address (08:00); None for what is none."""
    try:
        return time.fromisoformat(typed).replace(tzinfo=None)
    except ValueError:
        return None


class DayField(DateField):
    """A date in the browser's own field, for staff."""

    data: Any

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, **{"widget": DayInput(), **options})

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and not EARLIEST <= self.data <= LATEST:
            self.data = None
            raise ValueError(
                _("Periksa tahunnya: tulis tanggal antara tahun %(first)s dan %(last)s.")
                % {"first": EARLIEST.year, "last": LATEST.year}
            )
