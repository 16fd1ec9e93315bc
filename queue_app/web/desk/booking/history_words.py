"""The history of a booking in words: one line for each thing that happened, and who did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from queue_app.adapters.language import format_short_day, format_window
from queue_app.domain.arrivals import IdentityResult, ScanResult
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import StepKind
from queue_app.models import Ticket
from queue_app.queries.booking.history import Event
from queue_app.web.booking.message_words import KINDS, state_said
from queue_app.web.desk.arrivals.scan_answer import TONES
from queue_app.web.hall.outcome_words import ANY_OUTCOME
from queue_app.web.privacy.trace_words import ABOUT_DATA
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

PLAIN: dict[str, Any] = {
    "ticket.cancelled": _l("Dibatalkan"),
    "ticket.no_show": _l("Tidak datang sampai hari itu selesai"),
    "ticket.priority": _l("Prioritas diubah"),
    "no_show.taken_back": _l("Catatan tidak hadir dibatalkan"),
    "scan.taken_back": _l("Kehadiran diurungkan"),
    "booking.contact_shown": _l("Kontak ditampilkan"),
    "booking.purged": _l("Data pribadi dihapus"),
    **ABOUT_DATA,
    "print.asked": _l("Tiket dicetak"),
    f"visit.{StepKind.CALL}": _l("Dipanggil"),
    f"visit.{StepKind.RECALL}": _l("Dipanggil ulang"),
    f"visit.{StepKind.SKIP}": _l("Dilewati: tidak menjawab panggilan"),
    f"visit.{StepKind.ABSENT}": _l("Dipanggil, tidak ada"),
    f"visit.{StepKind.HOLD}": _l("Ditunda"),
    f"visit.{StepKind.RESUME}": _l("Dipanggil kembali"),
    f"visit.{StepKind.TRANSFER}": _l("Dialihkan"),
    f"visit.{StepKind.START}": _l("Mulai dilayani"),
    f"visit.{StepKind.FINISH}": _l("Selesai dilayani"),
    f"visit.{StepKind.MORE_TIME}": _l("Meminta waktu lagi"),
    f"visit.{StepKind.OUT_OF_ORDER}": _l("Didahulukan, di luar urutan"),
    f"visit.{StepKind.DAY_END}": _l("Hari pelayanan berakhir"),
    f"identity.{IdentityResult.MATCHES}": _l("Identitas cocok"),
    f"identity.{IdentityResult.TYPING_ERROR}": _l("Identitas tidak cocok: salah ketik"),
    f"identity.{IdentityResult.OTHER_PERSON}": _l("Bukan orangnya: kehadiran dibatalkan"),
}
FIELDS = {"name": _l("nama"), "phone": _l("nomor HP"), "email": _l("alamat email")}
ADMITTED = {ScanResult.CHECKED_IN, ScanResult.LATE}


@dataclass(frozen=True)
class Line:
    """``by`` and ``reason`` are "" where there is none. ``kind``: of the pill of a message's state, else ""."""

    at: datetime
    text: str
    by: str
    reason: str
    state: str
    kind: str


def lines_said(events: Iterable[Event], names: Mapping[str, str]) -> list[Line]:
    return [_line(event, names) for event in events]


def _line(event: Event, names: Mapping[str, str]) -> Line:
    state, kind = state_said(event.state, event.channel) if event.state else ("", "")
    return Line(event.at, _text(event), _by(event.by, names), event.reason, state, kind)


def _text(event: Event) -> str:
    table, _point, word = event.kind.partition(".")
    if event.kind == "ticket.booked" and event.ticket:
        return _("Dipesan: %(which)s") % {"which": _which(event.ticket)}
    if event.kind == "ticket.rescheduled" and event.ticket:
        return _("Dipindah ke %(which)s") % {"which": _which(event.ticket)}
    if event.kind == "booking.corrected":
        fields = ", ".join(str(FIELDS.get(name, name)) for name in event.fields)
        return _("Diperbaiki: %(fields)s") % {"fields": fields}
    if table == "scan" and word in set(ScanResult):
        said = str(TONES[ScanResult(word)][2])
        return said if word in ADMITTED else _("Dipindai: %(answer)s") % {"answer": said.lower()}
    if table == "message":
        return _("Pesan: %(kind)s") % {"kind": KINDS.get(word, word)}
    parts = [str(PLAIN.get(event.kind, event.kind))]
    if event.outcome:
        parts.append(str(ANY_OUTCOME[event.outcome]))
    if event.counter:
        parts.append(_("Loket %(number)s") % {"number": event.counter})
    return " · ".join(parts)


def _which(ticket: Ticket) -> str:
    language = current_language()
    hours = format_window(ticket.slot.starts_at, ticket.slot.ends_at, ticket.office.time_zone, language)
    return f"{show_number(ticket.letter, ticket.queue_number)}, {format_short_day(ticket.day, language)}, {hours}"


def _by(label: str, names: Mapping[str, str]) -> str:
    kind = label.partition(":")[0]
    others = {
        "citizen": _("warga sendiri"),
        "api-key": _("program mitra"),
        "system": _("otomatis"),
        "staff": _("petugas"),
        "device": _("kios"),
    }
    return names.get(label) or others.get(kind, "")
