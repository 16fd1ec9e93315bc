"""The names of what stands in the audit log: actions, subjects, fields and values."""

from __future__ import annotations

from typing import Any

from queue_app.domain.arrival import IdentityResult
from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import DayStatus
from queue_app.domain.priority import Priority
from queue_app.domain.roles import Role
from queue_app.domain.visits import VisitState
from queue_app.web.language import lazy_gettext as _l
from queue_app.web.print_words import PROBLEMS
from queue_app.web.print_words import STATES as PRINT_STATES

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
    "device.printer": _l("Printer kios dipilih"),
    "print.asked": _l("Tiket dicetak"),
    "printer.added": _l("Printer ditambahkan"),
    "printer.deactivated": _l("Printer tidak dipakai lagi"),
    "printer.tried": _l("Halaman uji dicetak"),
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
    "printer": _l("Printer"),
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
    "copy": _l("Salinan"),
    "date": _l("Tanggal"),
    "days": _l("Hari pelayanan yang ikut berubah"),
    "early_minutes": _l("Boleh datang lebih awal, menit"),
    "host": _l("Alamat"),
    "identity": _l("Identitas"),
    "late_minutes": _l("Boleh terlambat, menit"),
    "limit_per_minute": _l("Batas permintaan per menit"),
    "name": _l("Nama"),
    "number": _l("Nomor antrean"),
    "offices": _l("Kantor"),
    "opens_at": _l("Pendaftaran dibuka pukul"),
    "opens_days_before": _l("Pendaftaran dibuka, hari sebelumnya"),
    "port": _l("Porta"),
    "print": _l("Hasil cetak"),
    "printer": _l("Printer"),
    "priority": _l("Prioritas"),
    "quota": _l("Kuota"),
    "releases_at": _l("Tempat sisa dibuka pukul"),
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
    "walk_ins_per_day": _l("Nomor tanpa janji sehari, paling banyak"),
    "who_en": _l("Siapa yang boleh datang (Inggris)"),
    "who_id": _l("Siapa yang boleh datang"),
    "width": _l("Lebar kertas"),
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
PRINTS: dict[str, Any] = {str(name): words.short for name, words in (*PRINT_STATES.items(), *PROBLEMS.items())}
