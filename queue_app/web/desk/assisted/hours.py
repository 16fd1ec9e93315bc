"""The times for somebody who is helped: now, one of the next hours, or another day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask import g

from queue_app.adapters.language import format_short_day, format_time, format_window
from queue_app.db import db
from queue_app.domain.clock import zone_label
from queue_app.domain.priority import Priority
from queue_app.domain.roles import Permission
from queue_app.models import OfficeService
from queue_app.queries.assisted.windows import WalkInPlaces, Window, walk_in_places, windows
from queue_app.web.booking.offerings import make_missing_days
from queue_app.web.request import now
from queue_app.web.site.language import current_language, ngettext
from queue_app.web.site.language import gettext as _

SOON = 6  # hours shown at once; the others are in a list


@dataclass(frozen=True)
class Hour:
    value: str
    text: str
    note: str


@dataclass(frozen=True)
class Now:
    """Coming without an appointment: what is left, or why nothing is. ``beyond``: whether a place may be added."""

    free: bool
    beyond: bool
    note: str


@dataclass(frozen=True)
class Hours:
    """``now`` is None for those who give no numbers; ``later`` holds the hours of each day."""

    now: Now | None
    soon: tuple[Hour, ...]
    later: tuple[tuple[str, tuple[Hour, ...]], ...]


def hours_for(offering: OfficeService, priority: Priority | None, places: int, *, refused_now: bool = False) -> Hours:
    """``refused_now``: nothing could be had today a moment ago, whatever the sum of the places says."""
    moment, session = now(), db.session()
    make_missing_days(offering, now=moment)
    free = windows(session, offering, rules=offering.booking_rules, priority=priority, now=moment, places=places)
    at_once = None
    if g.staff.may(Permission.GIVE_NUMBERS):
        left = walk_in_places(session, offering, priority=priority, now=moment)
        enough = left.available >= places
        at_once = Now(enough, left.open and (refused_now or not enough), _note(left, places, moment))
    return Hours(at_once, tuple(_hour(window, with_day=True) for window in free[:SOON]), _by_day(free[SOON:]))


def hours_ahead(
    offering: OfficeService, priority: Priority | None, places: int, *, days: int, but: datetime | None = None
) -> Hours:
    """For somebody who comes another time; with no ``places`` whether full or not, because theirs is guaranteed.
    ``but``: the hour that they have already, to which nobody moves.
    """
    moment = now()
    make_missing_days(offering, now=moment)
    rules = offering.booking_rules
    free = windows(db.session(), offering, rules=rules, priority=priority, now=moment, days=days, places=places)
    free = tuple(window for window in free if window.starts_at != but)
    return Hours(None, tuple(_hour(window, with_day=True) for window in free[:SOON]), _by_day(free[SOON:]))


def value_of(starts_at: datetime) -> str:
    return f"{starts_at:%Y-%m-%dT%H:%MZ}"


def _by_day(free: Sequence[Window]) -> tuple[tuple[str, tuple[Hour, ...]], ...]:
    days = groupby(free, key=lambda window: window.day)
    return tuple((_day(day), tuple(_hour(window) for window in of_day)) for day, of_day in days)


def _hour(window: Window, *, with_day: bool = False) -> Hour:
    hours = format_window(window.starts_at, window.ends_at, g.staff.time_zone, current_language())
    text = f"{_day(window.day)}, {hours}" if with_day else hours
    places = ngettext("%(count)d tempat", "%(count)d tempat", window.remaining) % {"count": window.remaining}
    return Hour(value_of(window.starts_at), text, places)


def _day(day: date) -> str:
    return format_short_day(day, current_language())


def _note(left: WalkInPlaces, places: int, now: datetime) -> str:
    if not left.open:
        return _("Hari ini tidak ada pelayanan lagi.")
    if not left.numbers_left:
        return _("Nomor tanpa pemesanan untuk hari ini sudah habis.")
    if not left.remaining and now < left.released_at:
        text = _("Tempat yang tidak dipesan orang lain baru boleh diberikan mulai pukul %(time)s.")
        return text % {"time": _time(left.released_at)}
    if not left.remaining or left.starts_at is None:
        return _("Tidak ada tempat kosong lagi hari ini.")
    if left.available < places:
        return _("Sisa %(left)s nomor, kurang untuk %(places)s orang.") % {"left": left.available, "places": places}
    if left.starts_at <= now:
        return _("Sisa %(left)s nomor, dilayani jam ini juga.") % {"left": left.available}
    return _("Sisa %(left)s nomor, dilayani mulai pukul %(time)s.") % {
        "left": left.available,
        "time": _time(left.starts_at),
    }


def _time(instant: datetime) -> str:
    return f"{format_time(instant, g.staff.time_zone, current_language())} {zone_label(g.staff.time_zone)}"
