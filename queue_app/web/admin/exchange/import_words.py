"""Names of tables that come in, and of the results of their rows, in the reader's words."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from queue_app.adapters.language import format_day, format_time
from queue_app.domain.exchange.columns import NOTE, ImportKind
from queue_app.domain.exchange.refusals import Problem
from queue_app.services.exchange.report import Act
from queue_app.web.refusals.people import message_for
from queue_app.web.site.language import current_language, ngettext
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

KINDS: dict[ImportKind, tuple[Any, Any]] = {
    ImportKind.STAFF: (
        _l("Petugas"),
        _l("Setiap orang mendapat undangan: tautan satu kali, untuk memilih nama pengguna dan kata sandi sendiri."),
    ),
    ImportKind.SERVICES: (
        _l("Layanan"),
        _l("Layanan katalog atau milik sendiri, dengan huruf, menit, dan teksnya. Sel kosong tidak mengubah apa pun."),
    ),
    ImportKind.HOLIDAYS: (
        _l("Hari libur"),
        _l("Daftar dari keputusan bersama tiga menteri, dan libur setempat. Tanggal yang sudah lewat dilewati."),
    ),
    ImportKind.BOOKINGS: (
        _l("Pemesanan"),
        _l("Pemesanan dari sistem lama menjadi tiket di sini, dalam kuota yang sama, dengan nomor antrean baru."),
    ),
}
# Part of the files, and so Indonesian as their headings.
REMARKS: dict[ImportKind, str] = {
    ImportKind.STAFF: "Satu baris satu orang. Peran dan kantor boleh beberapa, dengan titik koma di antaranya.",
    ImportKind.SERVICES: "Satu baris satu layanan di satu kantor. Syarat dan langkah: satu baris satu hal.",
    ImportKind.HOLIDAYS: "Satu baris satu tanggal, misalnya 25/12/2026. Kantor: kosong untuk semua kantor.",
    ImportKind.BOOKINGS: "Satu baris satu orang. NIK dan nomor HP sebagai Teks; jam mulai misalnya 08.00.",
}
ACTS = {
    Act.INVITE: _l("diundang"),
    Act.ADD: _l("ditambahkan"),
    Act.CHANGE: _l("diubah"),
    Act.BOOK: _l("dipesankan"),
    Act.SAME: _l("sudah begitu"),
    Act.PAST: _l("sudah lewat, dilewati"),
}


def remark(kind: ImportKind) -> str:
    return f"{NOTE} {REMARKS[kind]}"


def told(values: tuple[str | date | time, ...]) -> str:
    return " · ".join(_said(value) for value in values if value)


def _said(value: str | date | time) -> str:
    if isinstance(value, date):
        return format_day(value, current_language())
    return format_time(value, None, current_language()) if isinstance(value, time) else value


def problems_said(count: int) -> str:
    return ngettext(
        "Satu hal perlu diperbaiki. Tidak ada yang disimpan: perbaiki dalam berkas Anda, lalu periksa lagi.",
        "%(num)d hal perlu diperbaiki. Tidak ada yang disimpan: perbaiki dalam berkas Anda, lalu periksa lagi.",
        count,
    ) % {"num": count}


def problem_said(problem: Problem) -> str:
    """As the refusal says it to anybody; but where that speaks to whoever books, as the list needs it."""
    said = {
        "slot_full": _("Tidak ada tempat lagi pada jam itu: kuotanya habis, juga oleh baris lain dalam berkas ini."),
        "already_booked": _("NIK ini sudah punya tiket yang masih berlaku untuk layanan ini."),
        "holiday_booked": _("Pada hari itu sudah ada yang memesan. Tambahkan di Hari libur: di sana mereka ditawari."),
    }
    return said.get(problem.refusal.code) or message_for(problem.refusal)
