"""Refusals of whoever writes what an office says: announcements, and the texts of messages."""

from __future__ import annotations

from queue_app.domain.errors import DomainError
from queue_app.web.site.language import gettext as _


def refused_announcement(error: DomainError, zone: str | None) -> str:
    reasons = {
        "text": _("Tulis pengumumannya, paling banyak 200 karakter."),
        "personal": _("Jangan tulis NIK atau nomor HP di sini: semua orang membacanya."),
        "times": _("Akhirnya harus sesudah mulainya."),
        "past": _("Waktu itu sudah lewat, jadi tidak ada yang akan membacanya."),
        "too_long": _("Paling lama satu tahun."),
        "nowhere": _("Pilih paling sedikit satu tempat: halaman warga atau layar panggilan."),
    }
    return reasons.get(str(error.details.get("reason")), _("Permintaan ini tidak dapat dipenuhi."))


def refused_message_text(error: DomainError, zone: str | None) -> str:
    told = {name: error.details.get(name, "") for name in ("line", "place")}
    reasons = {
        "subject": _("Tulis baris judul, paling banyak 120 karakter."),
        "body": _("Tulis isinya, paling banyak 2.000 karakter."),
        "personal": _("Jangan tulis NIK atau nomor HP di sini: semua orang membacanya."),
        "brace": _("Baris %(line)s: kurung kurawal tidak berpasangan. Tulis misalnya {kode}.") % told,
        "unknown": _("Baris %(line)s: %(place)s tidak dikenal. Pakai nama dari daftar.") % told,
        "long": _("%(place)s terlalu panjang untuk baris judul. Pakai di isi pesan.") % told,
        "missing": _("{%(place)s} harus ada dalam isi pesan.") % told,
    }
    return reasons.get(str(error.details.get("reason")), _("Permintaan ini tidak dapat dipenuhi."))
