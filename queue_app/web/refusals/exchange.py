"""Refusals of tables that come in: what is wrong with the file or the cell, and how to mend it."""

from __future__ import annotations

from datetime import time

from queue_app.adapters.language import format_time
from queue_app.domain.errors import DomainError
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _

from .typed import Sentence


def _file(error: DomainError, zone: str | None) -> str:
    told = error.details
    reasons = {
        "none": _("Pilih berkas CSV atau XLSX."),
        "unreadable": _("Berkas ini tidak dapat dibaca. Simpan sebagai XLSX tanpa kata sandi, atau sebagai CSV."),
        "encoding": _("Huruf dalam berkas ini tidak terbaca. Simpan sebagai “CSV UTF-8” atau XLSX."),
        "too_much": _("Isi berkas ini terlalu besar. Salin datanya saja ke lembar baru, lalu simpan lagi."),
        "empty": _("Tidak ada baris di bawah judul kolom. Isi dulu datanya pada lembar pertama."),
        "rows": _("Berkas ini lebih dari %(maximum)s baris. Bagi menjadi beberapa berkas.")
        % {"maximum": told.get("maximum", "")},
        "headings": _("Kolom ini tidak ditemukan pada baris pertama: %(missing)s. Pakai judul dari templat.")
        % {"missing": ", ".join(told.get("missing", ()))},
        "heading_twice": _("Kolom %(name)s ada dua kali. Hapus salah satunya.") % {"name": told.get("name", "")},
    }
    return reasons.get(str(told.get("reason")), reasons["unreadable"])


def _cell(error: DomainError, zone: str | None) -> str:
    told = error.details
    as_text = _("Format kolomnya sebagai Teks, lalu ketik lagi dari KTP-el atau Kartu Keluarga.")
    retyped = {
        "nik_number": _("NIK ini tersimpan sebagai angka, dan spreadsheet hanya menyimpan 15 dari 16 angkanya."),
        "nik_mangled": _("NIK ini sudah diubah spreadsheet menjadi angka ilmiah, misalnya 3,31499E+15."),
        "nik_rounded": _("Semua NIK dalam berkas ini berakhir 0: angka terakhirnya sudah dibulatkan spreadsheet."),
    }
    reasons = {
        **{reason: f"{said} {as_text}" for reason, said in retyped.items()},
        **_of_people(told),
        **_of_tables(told),
    }
    return reasons.get(str(told.get("reason")), _("Isi sel ini tidak dapat dipakai."))


def _of_people(told: dict[str, object]) -> dict[str, str]:
    return {
        "masked": _("Data ini disamarkan. Unduh lagi dengan data pribadi, atau ketik yang lengkap."),
        "phone_mangled": _("Nomor ini diubah spreadsheet. Format kolomnya sebagai Teks, lalu ketik lagi."),
        "personal": _("Jangan tulis NIK atau nomor HP di kolom ini."),
        "role": _("Peran ini tidak dikenal. Pakai: %(roles)s.")
        % {"roles": "Meja depan, Operator desa, Loket, Administrator, Auditor"},
        "already_there": _("Orang dengan nama ini sudah terdaftar atau diundang, dengan peran lain. Ubah di Petugas."),
        "twice": _("Sudah ada pada baris %(line)s.") % {"line": told.get("line", "")},
    }


def _of_tables(told: dict[str, object]) -> dict[str, str]:
    return {
        "missing": _("Kolom ini harus diisi."),
        "long": _("Terlalu panjang: paling banyak %(maximum)s karakter.") % {"maximum": told.get("maximum", "")},
        "shown": _("Sel ini berisi kesalahan rumus. Ganti dengan nilainya."),
        "date": _("Tanggal ini tidak terbaca. Tulis misalnya 25/12/2026 atau 25 Desember 2026."),
        "date_number": _("Ini angka, bukan tanggal. Format kolomnya sebagai Tanggal, atau tulis 25/12/2026."),
        "clock": _("Jam ini tidak terbaca. Tulis misalnya 08.00."),
        "past": _("Jam ini sudah lewat."),
        "office": _("Kantor ini tidak dikenal, atau bukan kantor Anda. Tulis namanya seperti di Kantor."),
        "service": _("Layanan ini tidak diberikan kantor itu. Tulis kode atau namanya seperti di Kuota."),
        "window": _window(told),
        "holiday_kind": _("Jenis ini tidak dikenal. Pakai: libur nasional, cuti bersama, atau lokal."),
        "category": _("Kelompok ini tidak dikenal. Kosongkan, atau salin dari ekspor layanan."),
        "minutes": _("Tulis angka bulat, misalnya 15."),
        "name_needed": _("Layanan yang tidak ada dalam katalog harus punya nama."),
        "own_service": _("Layanan baru di luar katalog ditambahkan oleh administrator semua kantor."),
        "unprintable": _("Di kertas tidak dapat dicetak: %(signs)s. Tulis dengan kata, atau hapus.")
        % {"signs": told.get("signs", "")},
    }


def _window(told: dict[str, object]) -> str:
    hours = told.get("hours") or ()
    assert isinstance(hours, tuple)
    if not hours:
        return _("Pada hari itu tidak ada pelayanan, atau harinya belum dibuka untuk pemesanan.")
    said = ", ".join(format_time(at, None, current_language()) for at in hours if isinstance(at, time))
    return _("Tidak ada jam kedatangan yang mulai pada jam itu. Yang ada: %(hours)s.") % {"hours": said}


OF_EXCHANGE: dict[str, Sentence] = {"file_refused": _file, "cell_refused": _cell}
