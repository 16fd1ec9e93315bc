"""The page on which a day and an hour are chosen, for booking as well as for moving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import request

from queue_app.adapters import language as wording
from queue_app.domain.calendar import Availability
from queue_app.queries.booking.availability import DayAvailability, SlotAvailability, nearest_open
from queue_app.web.site.language import current_language, ngettext
from queue_app.web.site.language import gettext as _

CARDS = 12  # at a time: three rows of four, or six of two on a phone


@dataclass(frozen=True)
class DayCard:
    """``url`` is None for a day that cannot be chosen; ``taken`` is the share of places given, 0 to 100."""

    day: date
    text: str
    url: str | None
    taken: float | None
    selected: bool


@dataclass(frozen=True)
class SlotItem:
    """An arrival window as a radio. ``label`` is what the button says of it: "Rabu 09.00"."""

    value: int
    window: str
    note: str
    disabled: bool
    label: str


@dataclass(frozen=True)
class Chooser:
    """``nearest`` is filled when what was wanted is gone; ``opens_next`` when nothing at all is left."""

    cards: tuple[DayCard, ...]
    earlier_url: str | None
    later_url: str | None
    day: date | None
    slots: tuple[SlotItem, ...]
    nearest: tuple[SlotItem, ...]
    opens_next: datetime | None


def build_chooser(
    days: Sequence[DayAvailability],
    zone: str,
    link: Callable[..., str],
    *,
    places: int = 1,
    lost: datetime | None = None,
    lost_day: date | None = None,
    held: int | None = None,
) -> Chooser:
    """Arrange the days as the query asks for them (``?hari=`` chosen day, ``?mulai=`` first day shown).

    ``link`` makes the address of the page from those two. ``lost``: the hour that was wanted and could not be had.
    ``held``: the slot that is theirs already, which is no hour to move to.
    """
    days = [_without_held(day, held) for day in days]
    wanted, start = lost_day or _asked("hari"), _asked("mulai")
    open_days = [day for day in days if _has_room(day, places)]
    chosen = next((day for day in open_days if day.day == wanted), open_days[0] if open_days else None)
    if start is None and chosen is not None:
        start = chosen.day
    first = _page_of(days, start)
    return Chooser(
        cards=tuple(_card(day, chosen, zone, link, places) for day in days[first : first + CARDS]),
        earlier_url=link(mulai=days[first - CARDS].day) if first else None,
        later_url=link(mulai=days[first + CARDS].day) if first + CARDS < len(days) else None,
        day=chosen.day if chosen else None,
        slots=tuple(slot_item(slot, zone, places, held=held) for slot in chosen.slots) if chosen else (),
        nearest=_nearest(days, lost, zone, places) if lost else (),
        opens_next=None if open_days else min((day.opens_at for day in days if day.opens_at), default=None),
    )


def slot_item(
    slot: SlotAvailability, zone: str, places: int, *, with_day: bool = False, held: int | None = None
) -> SlotItem:
    language = current_language()
    local = slot.starts_at.astimezone(ZoneInfo(zone))
    start, end = (wording.format_time(at, zone, language) for at in (slot.starts_at, slot.ends_at))
    window = f"{start}–{end}"
    return SlotItem(
        value=slot.id,
        window=f"{wording.format_short_day(local.date(), language)}, {window}" if with_day else window,
        note=_("jadwal Anda sekarang") if slot.id == held else _places_left(slot.remaining, places),
        disabled=slot.remaining < places,
        label=f"{wording.format_weekday(local.date(), language)} {start}",
    )


def _without_held(day: DayAvailability, held: int | None) -> DayAvailability:
    """The day as if nothing were left in the slot they hold."""
    slots = tuple(replace(slot, remaining=0) if slot.id == held else slot for slot in day.slots)
    return day if slots == day.slots else replace(day, slots=slots, remaining=sum(slot.remaining for slot in slots))


def _nearest(days: Sequence[DayAvailability], lost: datetime, zone: str, places: int) -> tuple[SlotItem, ...]:
    found = nearest_open(tuple(days), lost, places=places)
    return tuple(slot_item(slot, zone, places, with_day=True) for slot in found)


def _card(
    day: DayAvailability, chosen: DayAvailability | None, zone: str, link: Callable[..., str], places: int
) -> DayCard:
    can_be_chosen = _has_room(day, places)
    taken = 100 - 100 * day.remaining / day.quota if can_be_chosen and day.quota else None
    url = link(hari=day.day) + "#jam" if can_be_chosen else None  # straight to the hours
    return DayCard(day.day, _day_text(day, zone, places), url, taken, day is chosen)


def _has_room(day: DayAvailability, places: int) -> bool:
    return day.status is Availability.OPEN and any(slot.remaining >= places for slot in day.slots)


def _day_text(day: DayAvailability, zone: str, places: int) -> str:
    """How many places are left, or why the day cannot be chosen."""
    language = current_language()
    reason = day.reason(language)
    if day.status is Availability.CLOSED:
        return _("Tutup: %(reason)s") % {"reason": reason} if reason else _("Tutup")
    if day.status is Availability.HOLIDAY:
        return _("Libur: %(reason)s") % {"reason": reason} if reason else _("Libur")
    if day.status is Availability.CUT_OFF:
        return _("Pendaftaran sudah ditutup")
    if day.status is Availability.NOT_OPEN_YET and day.opens_at is not None:
        opens_on = wording.format_short_day(day.opens_at.astimezone(ZoneInfo(zone)).date(), language)
        at = wording.format_time(day.opens_at, zone, language)
        return _("Dibuka %(day)s pukul %(time)s") % {"day": opens_on, "time": at}
    if day.status is Availability.OPEN:
        return _places_left(day.remaining, places) if _has_room(day, places) else _("Tidak cukup tempat")
    return _("Penuh")


def _places_left(remaining: int, places: int) -> str:
    if remaining <= 0:
        return _("penuh")
    text = ngettext("%(count)d tempat", "%(count)d tempat", remaining) % {"count": remaining}
    return text if remaining >= places else _("hanya %(places)s") % {"places": text}


def _page_of(days: Sequence[DayAvailability], start: date | None) -> int:
    """The index of the first day on the page that shows ``start``."""
    index = next((index for index, day in enumerate(days) if start and day.day >= start), 0)
    return index - index % CARDS


def _asked(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
