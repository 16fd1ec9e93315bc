"""How an office begins: its name in addresses, its letters, and its week as hours from which windows are made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import groupby
from string import ascii_uppercase

from .calendar import QUOTA_MAX, Share, Window
from .errors import DomainError
from .identity import holds_personal_number
from .quota import in_proportion, spread_quota

LETTERS = tuple(ascii_uppercase)  # what the voice can spell, and a ticket can show
SLUG_MAX = 60
# First words of addresses that are no office; tests/web/public/calendar/test_pages.py holds it against the URL map.
RESERVED = frozenset(
    {
        "admin",
        "antrean",
        "api",
        "bantuan",
        "bookings",
        "bukan-saya",
        "display",
        "favicon.ico",
        "hall-sw.js",
        "healthz",
        "icon.svg",
        "icons",
        "kiosk",
        "kontak",
        "kode-hilang",
        "loket",
        "logo.png",
        "manifest.webmanifest",
        "meja",
        "metrics",
        "petugas",
        "privasi",
        "readyz",
        "robots.txt",
        "slots",
        "static",
        "sw.js",
        "t",
        "theme.css",
        "tiket-saya",
    }
)
WINDOW_MINUTES = (15, 240)  # the shortest and the longest arrival window


class InvalidSetup(DomainError):
    """``details['reason']``: name | name_taken | personal | zone | unknown_service | named_twice | letter |
    letter_taken | letter_used | no_letter | hours | break | minutes | quota | no_hours | people_waiting | title |
    colour | other_offices | nothing_to_copy | region | address_kept | logo |
    logo_large.

    ``weekday``: 0 for Monday, where it is about one day's hours. ``office``: whose former address is asked for.
    """

    code = "invalid_setup"


def require_impersonal(*texts: str) -> None:
    """Raise InvalidSetup (``personal``) for a NIK or a mobile number: names are read by all, and kept for good."""
    if any(holds_personal_number(text) for text in texts):
        raise InvalidSetup(reason="personal")


def slug_of(name: str) -> str:
    """``dispendukcapil-kota-jayapura``: an office's name as it stands in addresses. Raises InvalidSetup (``name``,
    ``name_taken`` for a word that the site has for itself).
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:SLUG_MAX].rstrip("-")
    if not slug:
        raise InvalidSetup(reason="name")
    if slug in RESERVED:
        raise InvalidSetup(reason="name_taken")
    return slug


def free_letter(wanted: str, taken: Collection[str]) -> str:
    """``wanted``, or the first letter that nobody has. Raises InvalidSetup (``no_letter``)."""
    for letter in (wanted, *LETTERS):
        if letter not in taken:
            return letter
    raise InvalidSetup(reason="no_letter")


@dataclass(frozen=True)
class DayHours:
    """When an office is open on a weekday (0 = Monday), by its own clock, with a break or none."""

    weekday: int
    opens: time
    closes: time
    break_from: time | None = None
    break_until: time | None = None

    def check(self) -> None:
        """Raise InvalidSetup (``hours``, ``break``) with the weekday."""
        if not 0 <= self.weekday <= 6 or self.closes <= self.opens:
            raise InvalidSetup(reason="hours", weekday=self.weekday)
        if (self.break_from is None) != (self.break_until is None):
            raise InvalidSetup(reason="break", weekday=self.weekday)
        edges = [at for span in self.spans for at in span]
        if edges != sorted(set(edges)):
            raise InvalidSetup(reason="break", weekday=self.weekday)

    @property
    def spans(self) -> tuple[tuple[time, time], ...]:
        if self.break_from is None or self.break_until is None:
            return ((self.opens, self.closes),)
        return ((self.opens, self.break_from), (self.break_until, self.closes))

    @property
    def minutes(self) -> int:
        """Without the break."""
        return sum(minutes_of(*span) for span in self.spans)


def check_week(hours: Sequence[DayHours], window_minutes: int) -> None:
    """Raise InvalidSetup (``no_hours``, ``hours``, ``break``, ``minutes``)."""
    if not hours:
        raise InvalidSetup(reason="no_hours")
    for day in hours:
        day.check()
    if len({day.weekday for day in hours}) < len(hours):
        raise InvalidSetup(reason="hours", weekday=hours[-1].weekday)
    least, most = WINDOW_MINUTES
    if not least <= window_minutes <= most:
        raise InvalidSetup(reason="minutes", minimum=least, maximum=most)


def windows_of_week(
    hours: Sequence[DayHours], window_minutes: int, quota: int, *, by_length: bool = False
) -> tuple[Window, ...]:
    """The arrival windows of a week, with a day's ``quota`` spread over each day in proportion to their length; on days
    shorter than the longest one either all of it, or as much less as they are shorter (``by_length``), rounded.

    Raises InvalidSetup as `check_week`, and ``quota``.
    """
    check_week(hours, window_minutes)
    if not 0 <= quota <= QUOTA_MAX:
        raise InvalidSetup(reason="quota", maximum=QUOTA_MAX)
    windows = []
    longest = max(day.minutes for day in hours)
    for day in sorted(hours, key=lambda day: day.weekday):
        pieces = pieces_of_day(day, window_minutes)
        of_day = in_proportion(quota, day.minutes, longest) if by_length else quota
        places = spread_quota(of_day, [(minutes_of(*piece), 0) for piece in pieces])
        windows += [
            Window(day.weekday, start, end, Share.PUBLIC, capacity)
            for (start, end), capacity in zip(pieces, places, strict=True)
            if capacity
        ]
    return tuple(windows)


def hours_of_windows(windows: Iterable[Window]) -> tuple[DayHours, ...]:
    """The hours of a week that windows were made of: of each weekday from the first to the last, with the first gap
    between them as its break.
    """
    found = []
    by_day = sorted(windows, key=lambda window: (window.weekday, window.starts_at))
    for weekday, of_day in groupby(by_day, key=lambda window: window.weekday):
        day = list(of_day)
        closes = max(window.ends_at for window in day)
        until = day[0].ends_at
        gap: tuple[time, time] | tuple[None, None] = (None, None)
        for window in day:
            if window.starts_at > until and gap[0] is None:
                gap = until, window.starts_at
            until = max(until, window.ends_at)
        found.append(DayHours(weekday, day[0].starts_at, closes, *gap))
    return tuple(found)


def scaled_windows(windows: Iterable[Window], quotas: dict[tuple[int, Share], int]) -> tuple[Window, ...]:
    """The same hours for another service: on each weekday and for each share with its own quota, where it has one,
    spread in proportion to the places that the windows had.
    """
    found: list[Window] = []
    by_day = sorted(windows, key=lambda window: (window.weekday, window.share, window.starts_at))
    for key, of_day in groupby(by_day, key=lambda window: (window.weekday, window.share)):
        day = list(of_day)
        quota = quotas.get(key, sum(window.capacity for window in day))
        places = spread_quota(quota, [(window.capacity, 0) for window in day])
        found += [
            Window(window.weekday, window.starts_at, window.ends_at, window.share, capacity)
            for window, capacity in zip(day, places, strict=True)
        ]
    return tuple(found)


def pieces_of_day(day: DayHours, window_minutes: int) -> list[tuple[time, time]]:
    """Its arrival windows in order of time. What is left at the end of a span is a shorter one of its own."""
    return [piece for span in day.spans for piece in _pieces(*span, window_minutes)]


def minutes_of(start: time, end: time) -> int:
    return _minutes(end) - _minutes(start)


def _pieces(start: time, end: time, minutes: int) -> list[tuple[time, time]]:
    edges = [*range(_minutes(start), _minutes(end), minutes), _minutes(end)]
    return [(_clock(first), _clock(last)) for first, last in zip(edges, edges[1:], strict=False)]


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
