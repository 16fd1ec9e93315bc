"""The holidays of Indonesia as the library `holidays` computes and collects them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from queue_app.domain.holidays import KnownHoliday

PUBLIC, JOINT_LEAVE = "public", "government"  # the library's own words
IDUL_FITRI = "Hari Raya Idul Fitri"
ESTIMATED = re.compile(r" \((?:perkiraan|estimated)\)")


def known_holidays(years: Iterable[int]) -> tuple[KnownHoliday, ...]:
    """Public holidays and joint leave of the years, in order of time.

    The library marks dates by the moon as estimated until it has a table for them, and it forgets to take the mark off
    (0.109: three days of 2027). Joint leave is only ever known from the decree, which names all days of its year: so in
    a year that has joint leave nothing is an estimate.
    """
    return tuple(found for year in sorted(set(years)) for found in _of_year(year))


def next_idul_fitri(after: date) -> date:
    """The first one after a date, perhaps an estimate."""
    of_years = known_holidays(range(after.year, after.year + 3))
    return next(one.date for one in of_years if one.name_id == IDUL_FITRI and one.date > after)


def _of_year(year: int) -> Iterable[KnownHoliday]:
    import holidays  # with the calendars of half the world: a twentieth of a start, and needed once a year

    decreed = bool(holidays.country_holidays("ID", years=year, categories=(JOINT_LEAVE,)))
    both = (PUBLIC, JOINT_LEAVE)
    indonesian = holidays.country_holidays("ID", years=year, language="id", categories=both)
    english = holidays.country_holidays("ID", years=year, language="en_US", categories=both)
    for day in sorted(indonesian):
        name = indonesian[day]
        yield KnownHoliday(
            date=day,
            name_id=ESTIMATED.sub("", name),
            name_en=ESTIMATED.sub("", english.get(day) or name),
            estimated=not decreed and ESTIMATED.search(name) is not None,
        )
