"""First the day, then the hour, for booking as well as for moving: hours belong to the one day that a page is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import request

from queue_app.adapters import language as wording
from queue_app.queries.booking.availability import DayAvailability, SlotAvailability, nearest_open
from queue_app.web.forms.days import read_day
from queue_app.web.site.language import current_language

from .choice_words import day_text, has_room, places_left, why_gone

DAYS = 12  # on a page
AT_A_GLANCE = 3  # days at the top of a page: whoever opens it sees them


@dataclass(frozen=True)
class DayItem:
    """A day of the list: ``text`` is how many places it has, or why it has none. Without ``url`` it is no choice."""

    day: date
    text: str
    has_room: bool
    url: str | None


@dataclass(frozen=True)
class SlotItem:
    """An arrival window as a radio. ``label`` is what the button says of it: "Rabu, 25 November 2026 pukul 09.00"."""

    value: int
    window: str
    note: str
    disabled: bool
    label: str


@dataclass(frozen=True)
class DayList:
    """A page of the days.

    ``nearest``: the first day of all that has room, when it is not at the top of this page.
    ``opens_next``: when the next places come, if there is no room on any day.
    """

    days: tuple[DayItem, ...]
    earlier_url: str | None
    later_url: str | None
    nearest: DayItem | None
    is_empty: bool
    opens_next: datetime | None


@dataclass(frozen=True)
class Chooser:
    """``day``: the one whose hours are shown; None while it has to be chosen, and ``gone`` says why the wanted one is
    no choice. ``nearest`` is filled when an hour was wanted that is gone: then it stands instead of the day's hours.
    """

    list: DayList
    day: date | None
    gone: str
    slots: tuple[SlotItem, ...]
    nearest: tuple[SlotItem, ...]


Link = Callable[..., str]


def build_chooser(
    days: Sequence[DayAvailability],
    zone: str,
    link: Link,
    *,
    places: int = 1,
    wanted: date | None = None,
    lost: datetime | None = None,
    held: int | None = None,
) -> Chooser:
    """Arrange the days as the query asks for them: ``?hari=`` for the hours of one, ``?mulai=`` for the list from one.

    ``link`` makes the address of the page from those two. ``wanted``: the day, when it does not stand in the query.
    ``lost``: the hour that was wanted and could not be had. ``held``: the slot that is theirs already, which is no hour
    to move to. A single day needs no choice: its hours come at once.
    """
    days = [_without_held(day, held) for day in days]
    wanted = wanted or asked_day("hari") or (days[0].day if len(days) == 1 else None)
    found = next((day for day in days if day.day == wanted), None)
    chosen = found if found and has_room(found, places) else None
    return Chooser(
        list=list_days(days, zone, link, places=places, start=wanted or asked_day("mulai")),
        day=chosen.day if chosen else None,
        gone=why_gone(wanted, found, zone, places) if wanted and not chosen else "",
        slots=tuple(slot_item(slot, zone, places, held=held) for slot in chosen.slots) if chosen else (),
        nearest=_nearest(days, lost, zone, places) if lost else (),
    )


def list_days(
    days: Sequence[DayAvailability], zone: str, link: Link, *, places: int = 1, start: date | None, choice: bool = True
) -> DayList:
    """The page of the list that shows ``start``, or else the nearest day with room. Without ``choice`` only to read."""

    def item(day: DayAvailability) -> DayItem:
        room = has_room(day, places)
        return DayItem(day.day, day_text(day, zone, places), room, link(hari=day.day) if room and choice else None)

    nearest = next((day for day in days if has_room(day, places)), None)
    first = _page_of(days, start or (nearest.day if nearest else None))
    return DayList(
        days=tuple(item(day) for day in days[first : first + DAYS]),
        earlier_url=link(mulai=days[first - DAYS].day) if first else None,
        later_url=link(mulai=days[first + DAYS].day) if first + DAYS < len(days) else None,
        nearest=item(nearest) if nearest and nearest not in days[first : first + AT_A_GLANCE] else None,
        is_empty=nearest is None,
        opens_next=None if nearest else min((day.opens_at for day in days if day.opens_at), default=None),
    )


def slot_item(
    slot: SlotAvailability, zone: str, places: int, *, with_day: bool = False, held: int | None = None
) -> SlotItem:
    language = current_language()
    day = wording.format_day(slot.starts_at.astimezone(ZoneInfo(zone)).date(), language)
    start, end = (wording.format_time(at, zone, language) for at in (slot.starts_at, slot.ends_at))
    window = f"{start}–{end}"
    return SlotItem(
        value=slot.id,
        window=f"{day}, {window}" if with_day else window,
        note=places_left(slot.remaining, places, held=slot.id == held),
        disabled=slot.remaining < places,
        label=wording.format_day_and_time(slot.starts_at, zone, language),
    )


def asked_day(name: str) -> date | None:
    """Of the query; None when there is none that can be read."""
    return read_day(request.args.get(name, ""))


def _without_held(day: DayAvailability, held: int | None) -> DayAvailability:
    """The day as if nothing were left in the slot they hold."""
    slots = tuple(replace(slot, remaining=0) if slot.id == held else slot for slot in day.slots)
    return day if slots == day.slots else replace(day, slots=slots, remaining=sum(slot.remaining for slot in slots))


def _nearest(days: Sequence[DayAvailability], lost: datetime, zone: str, places: int) -> tuple[SlotItem, ...]:
    found = nearest_open(tuple(days), lost, places=places)
    return tuple(slot_item(slot, zone, places, with_day=True) for slot in found)


def _page_of(days: Sequence[DayAvailability], start: date | None) -> int:
    """The index of the first day on the page that shows ``start``."""
    index = next((index for index, day in enumerate(days) if start and day.day >= start), 0)
    return index - index % DAYS
