"""A closure in one sentence, for everybody: what is closed, when, and why."""

from __future__ import annotations

from datetime import date, datetime

from queue_app.adapters import language as wording
from queue_app.domain.clock import office_date, zone_label
from queue_app.queries.calendar.closures_told import ClosedSoon

from .language import current_language, in_language
from .language import gettext as _
from .service_names import names_of


def closed_text(one: ClosedSoon, days: tuple[date, date], *, now: datetime) -> str:
    """``Kantor tutup hari ini pukul 10.00–12.00 WIB: Pemeliharaan jaringan``. ``days``: the first and last to tell."""
    said = {
        "what": names_of(one.services) if one.services else _("Kantor"),
        "when": _when(one, days, office_date(now, one.zone)),
        "reason": in_language(one, "reason"),
    }
    return _("%(what)s tutup %(when)s: %(reason)s") % said


def _when(one: ClosedSoon, days: tuple[date, date], today: date) -> str:
    (first, last), language = days, current_language()
    said = {
        "first": _("hari ini") if first == today else wording.format_day(first, language),
        "last": wording.format_day(last, language),
    }
    when = said["first"] if first == last else _("%(first)s sampai %(last)s") % said
    if one.time.starts_at is None or one.time.ends_at is None:
        return when
    hours = "–".join(wording.format_time(at, None, language) for at in (one.time.starts_at, one.time.ends_at))
    timed = _("%(when)s pukul %(hours)s") if first == last else _("%(when)s, setiap hari pukul %(hours)s")
    return timed % {"when": when, "hours": f"{hours} {zone_label(one.zone)}"}
