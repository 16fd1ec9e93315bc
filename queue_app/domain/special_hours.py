"""Hours for a range of dates, such as Ramadan, in place of those that a service has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, time, timedelta

from .calendar import QUOTA_MAX, Share, Window
from .quota import in_proportion, spread_quota
from .setup import DayHours, check_week, minutes_of, pieces_of_day

# `docs/rules.md` R-RAMADAN-1: thirty-two and a half hours a week without the breaks.
RAMADAN_WEEK = (
    *(DayHours(weekday, time(8), time(15), time(12), time(12, 30)) for weekday in range(4)),
    DayHours(4, time(8), time(15, 30), time(11, 30), time(12, 30)),
)
RAMADAN_DAYS_MAX = 30  # 29 or 30: which of the two is decided on the evening before


def ramadan_before(idul_fitri: date) -> tuple[date, date]:
    """The first day that it can have, and its last one."""
    return idul_fitri - timedelta(days=RAMADAN_DAYS_MAX), idul_fitri - timedelta(days=1)


def ramadan_week(own: Sequence[DayHours]) -> tuple[DayHours, ...]:
    """The decree's hours on the weekdays of ``own``, but never longer than those: an office that closes at 11.00 on
    Fridays does not open longer because it fasts. Days that the decree does not know stay as they are; without ``own``
    it is the decree's week.
    """
    decree = {day.weekday: day for day in RAMADAN_WEEK}
    return tuple(_within(decree.get(day.weekday, day), day) for day in own) or RAMADAN_WEEK


def _within(decree: DayHours, own: DayHours) -> DayHours:
    opens, closes = max(decree.opens, own.opens), min(decree.closes, own.closes)
    from_, until = decree.break_from, decree.break_until
    if from_ is not None and until is not None:
        if opens < from_ and until < closes:
            return DayHours(own.weekday, opens, closes, from_, until)
        closes = min(closes, from_) if opens < from_ else closes
    return DayHours(own.weekday, opens, closes) if opens < closes else own


def windows_like(
    own: Sequence[Window], hours: Sequence[DayHours], window_minutes: int, *, scaled: bool
) -> tuple[Window, ...]:
    """The week of a service over other hours: on each weekday and of each share as many places as it has now, or as
    many as the new length of that day lets through (``scaled``), rounded, spread in proportion to length.

    A weekday without places stays without. Raises InvalidSetup as `check_week`.
    """
    check_week(hours, window_minutes)
    quotas: Counter[tuple[int, Share]] = Counter()
    minutes: Counter[tuple[int, Share]] = Counter()
    for window in own:
        quotas[window.weekday, window.share] += window.capacity
        minutes[window.weekday, window.share] += minutes_of(window.starts_at, window.ends_at)
    found = []
    for day in sorted(hours, key=lambda day: day.weekday):
        pieces = pieces_of_day(day, window_minutes)
        lengths = [minutes_of(*piece) for piece in pieces]
        for share in Share:
            quota, before = quotas[day.weekday, share], minutes[day.weekday, share]
            if scaled and before:
                quota = min(QUOTA_MAX, in_proportion(quota, sum(lengths), before))
            places = spread_quota(quota, [(length, 0) for length in lengths])
            found += [
                Window(day.weekday, start, end, share, capacity)
                for (start, end), capacity in zip(pieces, places, strict=True)
                if capacity
            ]
    return tuple(found)
