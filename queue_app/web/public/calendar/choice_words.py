"""The words beside days and hours: how many places they have, or why they are no choice."""

from __future__ import annotations

from datetime import date

from queue_app.adapters import language as wording
from queue_app.domain.calendar import Availability
from queue_app.queries.booking.availability import DayAvailability
from queue_app.web.site.language import current_language, ngettext
from queue_app.web.site.language import gettext as _


def has_room(day: DayAvailability, places: int) -> bool:
    return day.status is Availability.OPEN and any(slot.remaining >= places for slot in day.slots)


def day_text(day: DayAvailability, zone: str, places: int = 1) -> str:
    """How many places are left, or why the day cannot be chosen."""
    language = current_language()
    reason = day.reason(language)
    if day.status is Availability.CLOSED:
        return _("Tutup: %(reason)s") % {"reason": reason} if reason else _("Tutup")
    if day.status is Availability.HOLIDAY:
        return _("Libur: %(reason)s") % {"reason": reason} if reason else _("Libur")
    if day.status is Availability.CUT_OFF:
        return _("Pemesanan sudah ditutup")
    if day.status is Availability.NOT_OPEN_YET and day.opens_at is not None:
        return _("Dibuka %(when)s") % {"when": wording.format_day_and_time(day.opens_at, zone, language)}
    if day.status is Availability.OPEN and day.remaining > 0:
        return places_left(day.remaining, places) if has_room(day, places) else _("Tidak cukup tempat")
    return _("Penuh")


def why_gone(wanted: date, day: DayAvailability | None, zone: str, places: int) -> str:
    """Of a day that was wanted and is no choice: said, and never replaced by another one in silence."""
    name = {"day": wording.format_day(wanted, current_language())}
    if day is None:
        return _("%(day)s tidak ada dalam daftar. Pilih hari lain.") % name
    if day.status is Availability.FULL or (day.status is Availability.OPEN and day.remaining <= 0):
        return _("%(day)s baru saja penuh. Pilih hari lain.") % name
    if day.status is Availability.OPEN:
        said = _("Pada %(day)s tidak ada lagi jam yang cukup untuk %(persons)s orang. Pilih hari lain.")
        return said % {**name, "persons": places}
    said = _("%(day)s tidak dapat dipilih (%(reason)s). Pilih hari lain.")
    return said % {**name, "reason": day_text(day, zone, places)}


def places_left(remaining: int, places: int = 1, *, held: bool = False) -> str:
    if held:
        return _("jadwal Anda sekarang")
    if remaining <= 0:
        return _("penuh")
    text = ngettext("%(count)d tempat", "%(count)d tempat", remaining) % {"count": remaining}
    return text if remaining >= places else _("hanya %(places)s") % {"places": text}
