"""When an office is open, as citizens read it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain

from .calendar import Window
from .setup import DayHours, hours_of_windows, minutes_of

LONGEST_DAY = 12 * 60  # minutes between the first and the last hour of a weekday at which people sit at counters
WEEKDAYS = (
    ("Senin", "Monday"),
    ("Selasa", "Tuesday"),
    ("Rabu", "Wednesday"),
    ("Kamis", "Thursday"),
    ("Jumat", "Friday"),
    ("Sabtu", "Saturday"),
    ("Minggu", "Sunday"),
)


def hours_of_office(services: Collection[Sequence[Window]]) -> tuple[DayHours, ...]:
    """From the first to the last hour of each weekday at which the office receives anybody, by the weeks of its
    services. One that is open on some day for longer than people sit at counters (a machine at the door, requests
    from home) says nothing about the others, and counts only where there is no other.
    """
    seated = [week for week in services if is_seated(week)]
    return hours_of_windows(chain.from_iterable(seated or services))


def is_seated(week: Sequence[Window]) -> bool:
    """Whether no day of a service is longer than people sit at counters."""
    return all(minutes_of(day.opens, day.closes) <= LONGEST_DAY for day in hours_of_windows(week))


def hours_in_words(hours: Sequence[DayHours]) -> tuple[str, str]:
    """Opening hours as citizens read them, in Indonesian and English: days with the same hours on one line."""
    lines: list[tuple[str, str]] = []
    ordered = sorted(hours, key=lambda day: day.weekday)
    runs: list[list[DayHours]] = []
    for day in ordered:
        same = runs and runs[-1][-1].weekday + 1 == day.weekday and runs[-1][-1].spans == day.spans
        if same:
            runs[-1].append(day)
        else:
            runs.append([day])
    for run in runs:
        first, last = WEEKDAYS[run[0].weekday], WEEKDAYS[run[-1].weekday]
        names = first if first == last else (f"{first[0]}–{last[0]}", f"{first[1]} to {last[1]}")
        lines.append(_in_words(names, run[0]))
    return "\n".join(line[0] for line in lines), "\n".join(line[1] for line in lines)


def _in_words(names: tuple[str, str], day: DayHours) -> tuple[str, str]:
    indonesian, english = (
        f"{name} {day.opens:{form}}–{day.closes:{form}}" for name, form in zip(names, ("%H.%M", "%H:%M"), strict=True)
    )
    if day.break_from is not None and day.break_until is not None:
        indonesian += f" (istirahat {day.break_from:%H.%M}–{day.break_until:%H.%M})"
        english += f" (break {day.break_from:%H:%M}–{day.break_until:%H:%M})"
    return indonesian, english
