"""Refusals of the satisfaction survey and of the table of coverage, for people."""

from __future__ import annotations

from queue_app.domain.errors import DomainError
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

OF_SURVEYS = {
    "not_served": _l("Survei dibuka sesudah Anda selesai dilayani."),
    "survey_over": _l("Waktu untuk menilai kunjungan ini, 14 hari, sudah lewat."),
    "survey_answered": _l("Kunjungan ini sudah dinilai. Terima kasih."),
}


def remark(error: DomainError, zone: str | None) -> str:
    if error.details.get("reason") == "personal":
        return _("Ini tampaknya memuat NIK atau nomor HP. Hapus angkanya: saran disimpan tanpa nama.")
    return _("Tulis lebih singkat, paling banyak 500 karakter.")


def coverage(error: DomainError, zone: str | None) -> str:
    line = error.details.get("line")
    reasons = {
        "columns": _("Baris pertama harus memuat kolom kode, nama, wajib, terekam, dan tanggal."),
        "empty": _("Tabel ini tidak berisi kecamatan."),
        "long": _("Tabel ini terlalu panjang: paling banyak 100 kecamatan."),
        "code": _("Kode kecamatan ditulis seperti 33.14.01, di dalam wilayah kantor ini."),
        "twice": _("Kecamatan ini ditulis dua kali."),
        "name": _("Tulis nama kecamatan, paling banyak 60 karakter."),
        "number": _("Tulis jumlah orang dengan angka bulat."),
        "more": _("Yang terekam tidak dapat lebih banyak dari yang wajib."),
        "date": _("Tanggal ditulis seperti 2026-11-24, sama di semua baris, dan tidak sesudah hari ini."),
    }
    said = reasons.get(str(error.details.get("reason")), _("Isian ini tidak dapat dipakai."))
    return _("Baris %(line)s: %(said)s") % {"line": line, "said": said} if line else said
