"""Why a scan has the answer it has, and what to tell the person."""

from __future__ import annotations

from datetime import datetime, timedelta

from queue_app.adapters.language import format_day, format_time, format_window
from queue_app.db import db
from queue_app.domain.arrivals import ScanResult
from queue_app.domain.clock import office_date, zone_label
from queue_app.models import Ticket
from queue_app.queries.arrivals.scans import ScanFacts
from queue_app.queries.booking.lives import taken_by
from queue_app.queries.records.restorations import latest_gap
from queue_app.web.refusals.lost import lost_to_desk
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _

NO_BREAK_SPACE, WORD_JOINER = "\u00a0", "\u2060"


def explanation(facts: ScanFacts, zone: str) -> str:
    """One or two sentences, times in the desk's ``zone``; "" where the word alone says it all."""
    result, ticket = facts.result, facts.ticket
    if result is ScanResult.CHECKED_IN:
        return ""
    if result is ScanResult.LATE:
        return _("Tercatat hadir. Dilayani sesudah yang tepat waktu.")
    if ticket is None:
        gap = latest_gap(db.session()) if result is ScanResult.LOST else None
        return lost_to_desk(gap) if gap else unknown_ticket()
    if result is ScanResult.ALREADY:
        return _already(facts, zone)
    if result is ScanResult.TOO_EARLY:
        welcome = ticket.slot.starts_at - timedelta(minutes=facts.early_minutes)
        return _("Dapat dicatat mulai pukul %(time)s. Persilakan menunggu.") % {"time": _time(welcome, zone)}
    if result is ScanResult.DAY_CLOSED:
        return _closed(ticket)
    if result is ScanResult.WRONG_DAY:
        return _("Jadwalnya %(when)s.") % {"when": _when(ticket)}
    if result is ScanResult.WRONG_OFFICE:
        return _("Tiket ini untuk %(office)s, %(address)s, %(when)s.") % {
            "office": ticket.office.name,
            "address": ticket.office.address,
            "when": _when(ticket),
        }
    if result is ScanResult.CANCELLED:
        return _("Dibatalkan %(when)s. Persilakan memesan lagi.") % {"when": _moment(ticket.state_since, zone)}
    if result is ScanResult.RESCHEDULED:
        return _rescheduled(facts)
    return ""


def _closed(ticket: Ticket) -> str:
    taken = taken_by(db.session(), ticket)
    reason = in_language(taken, "reason") if taken and taken.reason_id else ""
    if reason:
        said = _("Tidak ada pelayanan %(when)s: %(reason)s. Bantu memilih jadwal baru.")
    else:
        said = _("Jamnya ditiadakan: %(when)s. Bantu memilih jadwal baru.")
    return said % {"when": _when(ticket), "reason": reason}


def unknown_ticket() -> str:
    return _("Bukan tiket dari sistem ini, atau kodenya salah ketik. Periksa lagi, atau cari orangnya (F3).")


def _already(facts: ScanFacts, zone: str) -> str:
    if facts.admitted is None or facts.admitted_at is None:
        return _("Kehadirannya tadi sudah dicatat, lalu diurungkan. Pindai sekali lagi.")
    return _("Tercatat %(when)s di %(office)s.") % {
        "when": _moment(facts.admitted.at, zone),
        "office": facts.admitted_at.name,
    }


def _rescheduled(facts: ScanFacts) -> str:
    new, ticket = facts.replacement, facts.ticket
    if new is None or ticket is None:
        return _("Tiket ini sudah diganti. Minta tiket yang baru.")
    place = f" – {new.office.name}" if new.office_id != ticket.office_id else ""
    return _("Pindah ke %(when)s. Minta tiket yang baru.") % {"when": _when(new) + place}


def _when(ticket: Ticket) -> str:
    hours = window(ticket.starts_at, ticket.slot.ends_at, ticket.office.time_zone)
    return f"{format_day(ticket.day, current_language())}, {hours}"


def window(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    return unbroken(format_window(starts_at, ends_at, zone, current_language()))


def _moment(instant: datetime, zone: str) -> str:
    day = format_day(office_date(instant, zone), current_language())
    return _("%(day)s pukul %(time)s") % {"day": day, "time": _time(instant, zone)}


def _time(instant: datetime, zone: str) -> str:
    return unbroken(f"{format_time(instant, zone, current_language())} {zone_label(zone)}")


def unbroken(text: str) -> str:
    """On a narrow telephone a masked number or a time with its zone goes to the next line as a whole."""
    return text.replace(" ", NO_BREAK_SPACE).replace("–", "–" + WORD_JOINER)
