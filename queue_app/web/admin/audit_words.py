"""An audit entry in the reader's words. What has no words here is shown as it is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from queue_app.adapters import language as wording
from queue_app.domain.arrival import IdentityResult
from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import DayStatus
from queue_app.domain.priority import Priority
from queue_app.domain.roles import Role
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import VisitState
from queue_app.models import AuditEntry, Slot
from queue_app.queries.audit_subjects import AuditSubjects, read_id
from queue_app.web.language import current_language, in_language
from queue_app.web.language import gettext as _
from queue_app.web.language import lazy_gettext as _l

from .schedule_form import SHARES, WEEKDAYS

LONGEST = 200  # characters of one value
ACTIONS = {
    "day.quota": _l("Kuota satu hari diubah"),
    "day.closed": _l("Hari ditutup"),
    "day.opened": _l("Hari dibuka"),
    "schedule.set": _l("Jadwal mingguan ditetapkan"),
    "offering.updated": _l("Layanan diubah"),
    "holiday.added": _l("Hari libur ditambahkan"),
    "holiday.deleted": _l("Hari libur dihapus"),
    "staff.created": _l("Akun petugas dibuat"),
    "staff.deactivated": _l("Akun petugas dinonaktifkan"),
    "staff.logged_in": _l("Petugas masuk"),
    "staff.logged_out": _l("Petugas keluar"),
    "ticket.booked": _l("Tiket dipesan"),
    "ticket.checked_in": _l("Kehadiran dicatat"),
    "ticket.cancelled": _l("Tiket dibatalkan"),
    "ticket.rescheduled": _l("Tiket dijadwal ulang"),
    "ticket.no_show": _l("Tidak hadir"),
    "ticket.priority": _l("Prioritas diubah"),
    "ticket.identity": _l("Identitas dicocokkan"),
    "slot.extra_place": _l("Tempat tambahan di luar kuota"),
    "day.walk_ins_beyond_cap": _l("Nomor tanpa janji di luar batas"),
    "visit.waiting": _l("Kembali menunggu"),
    "visit.called": _l("Dipanggil"),
    "visit.in_service": _l("Mulai dilayani"),
    "visit.held": _l("Ditunda"),
    "visit.served": _l("Selesai dilayani"),
    "visit.absent": _l("Dipanggil, tidak ada"),
    "booking.purged": _l("Data pribadi dihapus"),
    "device.created": _l("Kios dibuat"),
    "device.new_code": _l("Kode baru untuk kios"),
    "device.enrolled": _l("Kios didaftarkan"),
    "device.locked": _l("Kios dikunci"),
    "device.unlocked": _l("Kios dibuka kembali"),
    "device.printer": _l("Pencetak kios dipilih"),
    "api_key.created": _l("Kunci API dibuat"),
    "api_key.revoked": _l("Kunci API dicabut"),
}
SUBJECTS = {
    "api_key": _l("Kunci API"),
    "booking": _l("Pemesanan"),
    "check_in": _l("Kehadiran"),
    "device": _l("Kios"),
    "holiday": _l("Hari libur"),
    "office_service": _l("Layanan"),
    "service_day": _l("Hari layanan"),
    "slot": _l("Jam datang"),
    "staff": _l("Petugas"),
    "ticket": _l("Tiket"),
    "visit": _l("Kunjungan"),
}
FIELDS = {
    "affected": _l("Orang yang terdampak"),
    "cap": _l("Batas nomor tanpa janji"),
    "capacity": _l("Tempat"),
    "changes_close_at": _l("Perubahan ditutup pukul"),
    "changes_close_days_before": _l("Perubahan ditutup, hari sebelumnya"),
    "closes_at": _l("Pendaftaran ditutup pukul"),
    "closes_days_before": _l("Pendaftaran ditutup, hari sebelumnya"),
    "date": _l("Tanggal"),
    "days": _l("Hari pelayanan yang ikut berubah"),
    "early_minutes": _l("Boleh datang lebih awal, menit"),
    "identity": _l("Identitas"),
    "late_minutes": _l("Boleh terlambat, menit"),
    "limit_per_minute": _l("Batas permintaan per menit"),
    "name": _l("Nama"),
    "number": _l("Nomor antrean"),
    "offices": _l("Kantor"),
    "opens_at": _l("Pendaftaran dibuka pukul"),
    "opens_days_before": _l("Pendaftaran dibuka, hari sebelumnya"),
    "printer": _l("Pencetak"),
    "priority": _l("Prioritas"),
    "quota": _l("Kuota"),
    "requirements_en": _l("Yang harus dibawa (Inggris)"),
    "requirements_id": _l("Yang harus dibawa"),
    "role": _l("Peran"),
    "scopes": _l("Izin"),
    "slot": _l("Jam datang"),
    "slots": _l("Tempat tiap jam"),
    "state": _l("Keadaan"),
    "status": _l("Keadaan"),
    "username": _l("Nama pengguna"),
    "valid_from": _l("Berlaku mulai"),
    "valid_until": _l("Berlaku sampai"),
    "walk_ins": _l("Nomor tanpa janji"),
    "who_en": _l("Siapa yang boleh datang (Inggris)"),
    "who_id": _l("Siapa yang boleh datang"),
    "windows": _l("Jam pelayanan"),
}
STATES: dict[str, Any] = {
    TicketState.BOOKED: _l("dipesan"),
    TicketState.CHECKED_IN: _l("hadir"),
    TicketState.CANCELLED: _l("dibatalkan"),
    TicketState.RESCHEDULED: _l("dijadwal ulang"),
    TicketState.NO_SHOW: _l("tidak hadir"),
    VisitState.WAITING: _l("menunggu"),
    VisitState.CALLED: _l("dipanggil"),
    VisitState.IN_SERVICE: _l("dilayani"),
    VisitState.HELD: _l("ditunda"),
    VisitState.SERVED: _l("selesai"),
    VisitState.ABSENT: _l("dipanggil, tidak ada"),
}
IDENTITIES: dict[str, Any] = {
    IdentityResult.MATCHES: _l("cocok"),
    IdentityResult.TYPING_ERROR: _l("salah ketik"),
    IdentityResult.OTHER_PERSON: _l("bukan orangnya"),
}
PRIORITIES: dict[str, Any] = {
    Priority.VULNERABLE: _l("lansia, disabilitas, ibu hamil, atau sakit"),
    Priority.FIRST_TIMER: _l("pemula"),
    Priority.URGENT: _l("mendesak"),
}
STATUSES: dict[str, Any] = {
    DayStatus.OPEN: _l("buka"),
    DayStatus.CLOSED: _l("ditutup"),
    DayStatus.HOLIDAY: _l("libur"),
}
ROLES: dict[str, Any] = {
    Role.DESK: _l("Meja depan"),
    Role.VILLAGE: _l("Operator desa"),
    Role.COUNTER: _l("Loket"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.AUDITOR: _l("Auditor"),
}


class AuditWords:
    """Says what one page's entries mean; ``zone`` is the reader's office's."""

    def __init__(self, subjects: AuditSubjects, zone: str) -> None:
        self._subjects, self._zone = subjects, zone

    def action(self, entry: AuditEntry) -> str:
        """What was done. A ticket that is booked again was checked in before: somebody took a scan back."""
        if entry.action == "ticket.booked" and entry.before:
            return _("Kehadiran diurungkan")
        return str(ACTIONS.get(entry.action, entry.action))

    def subject(self, entry: AuditEntry) -> str:
        """To what: by the name that people use for it, else by kind and id."""
        kind = str(SUBJECTS.get(entry.subject, entry.subject))
        return f"{kind} {self._name(entry) or entry.subject_id}"

    def changes(self, entry: AuditEntry) -> list[tuple[str, str, str]]:
        """Name, before and after of everything the entry tells, short enough for a table."""
        before, after = entry.before or {}, entry.after or {}
        names = {**before, **after}
        return [(str(FIELDS.get(name, name)), self._side(before, name), self._side(after, name)) for name in names]

    def _side(self, facts: Mapping[str, Any], name: str) -> str:
        if facts.get(name) is None:
            return ""
        text = self._value(name, facts[name])
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

    def _value(self, name: str, value: Any) -> str:
        try:
            said = self._in_words(name, value)
        except (KeyError, TypeError, ValueError, OverflowError):
            said = None  # written by another version of the program
        return str(said) if said is not None else _as_stored(value)

    def _in_words(self, name: str, value: Any) -> Any:
        language = current_language()
        match name:
            case "state":
                return STATES[value]
            case "status":
                return STATUSES[value]
            case "identity":
                return IDENTITIES[value]
            case "priority":
                return PRIORITIES[value]
            case "role":
                return ROLES[value]
            case "date" | "valid_from" | "valid_until":
                return wording.format_day(date.fromisoformat(value), language)
            case "opens_at" | "closes_at" | "changes_close_at" | "releases_at":
                return wording.format_time(time.fromisoformat(value), None, language)
            case "slot":
                slot = self._subjects.slots[read_id(value) or 0]
                return f"{wording.format_short_day(slot.day, language)}, {self._hour(slot)}"
            case "slots":
                slots = {self._subjects.slots[read_id(number) or 0]: places for number, places in value.items()}
                in_order = sorted(slots, key=lambda slot: (slot.starts_at, slot.share))
                return ", ".join(f"{self._hour(slot)}: {slots[slot]}" for slot in in_order)
            case "offices":
                return ", ".join(self._subjects.offices[number].name for number in value)
            case "windows":
                return ", ".join(_window(*window) for window in value)
        return None

    def _hour(self, slot: Slot) -> str:
        return wording.format_time(slot.starts_at, self._zone, current_language())

    def _name(self, entry: AuditEntry) -> str | None:
        language = current_language()
        if ticket := self._subjects.tickets.get(entry.subject_id) if entry.subject == "ticket" else None:
            number = show_number(ticket.letter, ticket.queue_number)
            return f"{number}, {wording.format_short_day(ticket.day, language)}"
        if day := self._subjects.days.get(entry.subject_id) if entry.subject == "service_day" else None:
            return f"{self._service(day.service_id)}, {wording.format_short_day(day.day, language)}"
        if offering := self._subjects.offerings.get(entry.subject_id) if entry.subject == "office_service" else None:
            return self._service(offering.service_id)
        if staff := self._subjects.staff.get(entry.subject_id) if entry.subject == "staff" else None:
            return str(staff.name)
        if entry.subject == "holiday" and 0 < entry.subject_id <= date.max.toordinal():
            return wording.format_short_day(date.fromordinal(entry.subject_id), language)
        return None

    def _service(self, service_id: int) -> str:
        return in_language(self._subjects.services[service_id], "name")


def _window(weekday: int, starts_at: str, ends_at: str, share: str, places: int) -> str:
    language = current_language()
    hours = "–".join(wording.format_time(time.fromisoformat(at), None, language) for at in (starts_at, ends_at))
    whose = "" if share == "public" else f" {str(SHARES[share]).lower()}"  # type: ignore[index]
    return f"{WEEKDAYS[weekday]} {hours}{whose}: {places}"


def _as_stored(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
