"""A kiosk's answer in a citizen's words: what is the matter and what to do. No name and no NIK: others look on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_app.adapters.language import format_day, format_time, format_window
from queue_app.domain.arrivals import ADMITTING, ScanResult
from queue_app.domain.clock import office_date, zone_label
from queue_app.domain.tickets import show_number
from queue_app.models import Ticket
from queue_app.queries.arrivals.kiosk import Arrived
from queue_app.web.refusals import lost
from queue_app.web.refusals.kiosk import words_at_kiosk
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

OK, WAIT, STOP = "ok", "wait", "stop"
WAIT_HERE = _l("Duduk di ruang tunggu sampai nomor Anda dipanggil.")
ASK_DESK = _l("Silakan ke meja depan.")
# Never colour alone: each tone has its own sign.
HEADINGS = {
    ScanResult.CHECKED_IN: (OK, "✓", _l("Anda sudah tercatat hadir")),
    ScanResult.LATE: (WAIT, "✓", _l("Anda tercatat hadir, tetapi terlambat")),
    ScanResult.ALREADY: (OK, "✓", _l("Anda sudah tercatat hadir tadi")),
    ScanResult.TOO_EARLY: (WAIT, "!", _l("Anda datang terlalu awal")),
    ScanResult.WRONG_DAY: (STOP, "✕", _l("Tiket ini untuk hari lain")),
    ScanResult.WRONG_OFFICE: (STOP, "✕", _l("Tiket ini untuk kantor lain")),
    ScanResult.CANCELLED: (STOP, "✕", _l("Tiket ini sudah dibatalkan")),
    ScanResult.RESCHEDULED: (WAIT, "!", _l("Jadwal tiket ini sudah dipindah")),
    ScanResult.DAY_CLOSED: (STOP, "✕", _l("Hari atau jam itu ditutup")),
    ScanResult.LOST: (WAIT, "!", lost.TITLE),
    ScanResult.UNKNOWN: (STOP, "✕", _l("Tiket tidak dikenal")),
}


@dataclass(frozen=True)
class Answer:
    """``lines``: one for each person of a party whose results differ (number, what became of it), else empty."""

    tone: str
    sign: str
    heading: str
    numbers: tuple[str, ...]
    detail: str
    lines: tuple[tuple[str, str], ...] = ()


def thanks() -> Answer:
    detail = _("Penilaian Anda membantu kami melayani lebih baik.")
    return Answer(OK, "✓", _("Terima kasih"), (), detail)


def refusal(code: str) -> Answer:
    heading, detail = words_at_kiosk(code)
    return Answer(WAIT, "!", heading, (), detail)


def arrival(persons: Sequence[Arrived], *, zone: str, now: datetime) -> Answer:
    """The answer to a scan; ``zone`` is the kiosk's office's."""
    results = {one.result for one in persons}
    if len(results) == 1:
        first = persons[0]
        tone, sign, heading = HEADINGS[first.result]
        numbers = tuple(_number(one.ticket) for one in persons if one.ticket and _told(one.result))
        return Answer(tone, sign, str(heading), numbers, _detail(first, zone, now))
    lines = tuple((_number(one.ticket), str(HEADINGS[one.result][2])) for one in persons if one.ticket)
    detail = f"{WAIT_HERE}" if results & ADMITTING else str(ASK_DESK)
    return Answer(WAIT, "!", _("Lihat keterangan tiap nomor"), (), detail, lines)


def _told(result: ScanResult) -> bool:
    """A number that nobody will call here today would only mislead."""
    return result in ADMITTING or result in {ScanResult.ALREADY, ScanResult.TOO_EARLY}


def _detail(one: Arrived, zone: str, now: datetime) -> str:
    language, ticket = current_language(), one.ticket
    if one.result is ScanResult.LOST:
        return _(
            "Sistem baru dipulihkan dari cadangan. Silakan ke meja depan dengan tiket ini: Anda diberi nomor baru."
        )
    if ticket is None:
        return _("Periksa kodenya, lalu coba sekali lagi. Bila tetap tidak dikenal, silakan ke meja depan.")
    match one.result:
        case ScanResult.CHECKED_IN:
            return f"{_window(ticket, zone)} {WAIT_HERE}"
        case ScanResult.ALREADY:
            return str(WAIT_HERE)
        case ScanResult.LATE:
            return _("Anda dilayani sesudah yang datang tepat waktu.") + f" {WAIT_HERE}"
        case ScanResult.TOO_EARLY:
            welcome = ticket.slot.starts_at - timedelta(minutes=one.early_minutes)
            at = f"{format_time(welcome, zone, language)} {zone_label(zone)}"
            again = _("Pindai lagi di sini mulai pukul %(time)s.") % {"time": at}
            return f"{_window(ticket, zone)} {again}"
        case ScanResult.DAY_CLOSED:
            return _(
                "Tidak ada pelayanan %(when)s. Mohon maaf. Pilih jadwal baru lewat tiket Anda, atau di meja depan."
            ) % {"when": _when(ticket, zone)}
        case ScanResult.WRONG_DAY if ticket.day < office_date(now, zone):
            return _("Jadwalnya %(day)s, sudah lewat. Ambil nomor antrean, atau tanyakan di meja depan.") % {
                "day": format_day(ticket.day, language)
            }
        case ScanResult.WRONG_DAY:
            return _("Jadwalnya %(when)s. Datang lagi hari itu, atau tanyakan di meja depan.") % {
                "when": _when(ticket, zone)
            }
        case ScanResult.WRONG_OFFICE:
            return _("Tempatnya di %(office)s, %(address)s.") % {
                "office": ticket.office.name,
                "address": ticket.office.address,
            }
        case ScanResult.RESCHEDULED if one.replacement is not None:
            return _("Jadwal barunya %(when)s. Pakai tiket yang baru.") % {"when": _when(one.replacement, zone)}
        case ScanResult.CANCELLED:
            return _("Bila masih perlu dilayani, ambil nomor antrean, atau tanyakan di meja depan.")
    return str(ASK_DESK)


def _number(ticket: Ticket) -> str:
    return show_number(ticket.letter, ticket.queue_number)


def _window(ticket: Ticket, zone: str) -> str:
    hours = format_window(ticket.slot.starts_at, ticket.slot.ends_at, zone, current_language())
    return _("Jam kedatangan Anda %(window)s.") % {"window": hours}


def _when(ticket: Ticket, zone: str) -> str:
    hours = format_window(ticket.slot.starts_at, ticket.slot.ends_at, zone, current_language())
    return f"{format_day(ticket.day, current_language())}, {hours}"
