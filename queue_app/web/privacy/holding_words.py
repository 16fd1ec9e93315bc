"""The table of what is kept (`domain/retention.py`), in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from queue_app.domain.retention import HOLDINGS, PROOF_RETENTION, SESSION_RETENTION, Holding, Keeping
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

TABLES: dict[str, Any] = {
    "ticket": _l("Tiket"),
    "booking": _l("Pemesanan"),
    "offer": _l("Catatan telepon"),
    "visit_step": _l("Catatan kunjungan"),
    "offline_entry": _l("Catatan pekerjaan luring"),
    "outbox_file": _l("Berkas pesan"),
    "data_proof": _l("Kode “Data saya”"),
    "data_request": _l("Permintaan tentang data"),
    "staff_session": _l("Sesi petugas"),
    "staff_invitation": _l("Undangan petugas"),
    "password_reset": _l("Tautan kata sandi petugas"),
    "second_factor": _l("Kode masuk petugas"),
    "recovery_code": _l("Kode cadangan petugas"),
    "provider_account": _l("Hubungan akun petugas"),
    "staff": _l("Akun petugas"),
    "audit_entry": _l("Jejak audit"),
}
DUTY = _l("Tugas pelayanan publik (Pasal 20 UU 27/2022)")
LAW = _l("Kewajiban menurut UU 27/2022")
# What, and what for.
WORDS: dict[str, tuple[Any, Any, Any]] = {
    "ticket": (
        _l("Nama dan NIK, terenkripsi; sidik NIK (hash berkunci)"),
        _l("Mencocokkan orang yang datang, dan mencegah satu orang memborong tempat"),
        DUTY,
    ),
    "booking": (
        _l("Nomor HP dan alamat email, terenkripsi; sidik isian pemesanan"),
        _l("Mengirim tiket dan pengingat, memberi tahu kalau kantor tutup, mengenali permintaan ganda"),
        DUTY,
    ),
    "offer": (_l("Catatan petugas yang menelepon"), _l("Tahu siapa yang sudah diberi tahu"), DUTY),
    "visit_step": (_l("Alasan petugas tentang satu kunjungan"), _l("Urutan yang dapat diperiksa"), DUTY),
    "offline_entry": (_l("Catatan petugas sesudah jaringan putus"), _l("Urutan yang dapat diperiksa"), DUTY),
    "data_proof": (
        _l("Bilangan acak sebuah kode sekali pakai, dan sidik kunci halaman yang dibukanya"),
        _l("Memastikan bahwa yang melihat data memang pemiliknya"),
        LAW,
    ),
    "data_request": (
        _l("Apa yang diminta, kapan dijawab, dan alasan penolakan; tanpa nama"),
        _l("Membuktikan bahwa hak Anda dijawab pada waktunya"),
        LAW,
    ),
    "staff_session": (_l("Sidik sesi petugas yang masuk"), _l("Menjaga agar hanya petugas yang masuk"), DUTY),
    "staff_invitation": (
        _l("Nama petugas yang diundang, dan sidik tautannya"),
        _l("Membuatkan akun bagi orang yang tepat"),
        DUTY,
    ),
    "password_reset": (_l("Sidik tautan satu kali pakai"), _l("Menolong petugas yang lupa kata sandi"), DUTY),
    "second_factor": (
        _l("Kunci kode masuk, terenkripsi"),
        _l("Menjaga agar kata sandi yang dicuri saja tidak cukup untuk masuk"),
        DUTY,
    ),
    "recovery_code": (_l("Sidik kode cadangan"), _l("Menolong petugas yang HP-nya hilang"), DUTY),
    "provider_account": (
        _l("Penyedia akun, dan pengenal petugas di sana"),
        _l("Mengenali petugas yang masuk lewat penyedia akun"),
        DUTY,
    ),
    "staff": (_l("Nama dan nama pengguna petugas, sidik kata sandi"), _l("Tahu siapa yang berbuat apa"), DUTY),
    "audit_entry": (
        _l("Siapa berbuat apa dan kapan, tanpa nama, NIK, atau kontak warga"),
        _l("Membuktikan bahwa data dilindungi dan antrean adil"),
        LAW,
    ),
}


@dataclass(frozen=True)
class HoldingRow:
    """One line of the table, in words."""

    table: str
    what: str
    purpose: str
    basis: str
    kept: str
    ended_by: str


def holding_rows(retention: timedelta) -> list[HoldingRow]:
    return [_row(holding, retention) for holding in HOLDINGS]


def _row(holding: Holding, retention: timedelta) -> HoldingRow:
    what, purpose, basis = WORDS[holding.table]
    kept, ended_by = _keeping(holding.keeping, retention)
    return HoldingRow(str(TABLES[holding.table]), str(what), str(purpose), str(basis), kept, ended_by)


def _keeping(keeping: Keeping, retention: timedelta) -> tuple[str, str]:
    automatic = _("Program, otomatis tiap enam jam")
    match keeping:
        case Keeping.AFTER_APPOINTMENT:
            return _("%(days)s hari sesudah hari kedatangan terakhir") % {"days": retention.days}, automatic
        case Keeping.AFTER_USE:
            return _("%(days)s hari sesudah terakhir dipakai") % {"days": SESSION_RETENTION.days}, automatic
        case Keeping.AFTER_LINK:
            return _("%(days)s hari sesudah dibuat") % {"days": SESSION_RETENTION.days}, automatic
        case Keeping.AFTER_PROOF:
            return _("%(hours)s jam sesudah tidak berlaku lagi") % {
                "hours": PROOF_RETENTION // timedelta(hours=1)
            }, automatic
        case Keeping.WITH_POST:
            return _("Selama jejak audit menyebutnya; akunnya dinonaktifkan waktu berhenti"), _("Administrator")
    return _("Tetap disimpan sebagai bukti"), _("Tidak dihapus: tidak menyebut nama warga")
