"""Refusals of whoever sets an office up: what does not fit, and how to mend it."""

from __future__ import annotations

from queue_app.domain.errors import DomainError
from queue_app.web.site.language import gettext as _


def refused_setup(error: DomainError, zone: str | None) -> str:
    told = error.details
    reasons = {
        "name": _("Tulis nama dengan huruf atau angka."),
        "name_taken": _("Nama ini sudah dipakai. Pilih nama lain."),
        "personal": _("Jangan tulis NIK atau nomor HP di sini: semua orang membacanya."),
        "zone": _("Zona waktu ini tidak dikenal."),
        "unknown_service": _("Layanan ini tidak ada dalam katalog."),
        "letter": _("Pilih satu huruf dari A sampai Z."),
        "letter_taken": _("Huruf ini dipakai layanan lain di kantor ini."),
        "letter_used": _(
            "Huruf ini masih ada pada tiket layanan lain untuk hari ini atau sesudahnya. Pilih yang lain."
        ),
        "no_letter": _("Semua huruf A sampai Z sudah dipakai di kantor ini."),
        "nothing_to_copy": _("Tidak satu pun layanan ini punya jam di sana untuk disalin."),
        "no_hours": _("Isi jam buka paling sedikit satu hari."),
        "hours": _("Jam tutup harus sesudah jam buka."),
        "break": _("Istirahat harus di antara jam buka dan jam tutup, dan punya jam mulai dan jam selesai."),
        "minutes": _("Pilih %(minimum)s sampai %(maximum)s menit.")
        % {"minimum": told.get("minimum", ""), "maximum": told.get("maximum", "")},
        "quota": _("Kuota harus berupa angka dari 0 sampai %(maximum)s.") % {"maximum": told.get("maximum", "")},
        "people_waiting": _("Masih ada orang dalam antrean hari ini. Ubah zona waktu sesudah mereka selesai."),
        "other_offices": _("Layanan ini juga diberikan kantor lain yang bukan tanggung jawab Anda."),
        "title": _("Tulis judul dalam satu baris, paling banyak 80 karakter."),
        "region": _("Tulis kode wilayah Kemendagri seperti 33.14 atau 33.14.10."),
        "address_kept": _(
            "Alamat ini pernah dipakai %(office)s dan masih mengantar ke sana. Pilih yang lain, atau minta kantor itu "
            "melepasnya."
        )
        % {"office": told.get("office", "")},
        "logo": _("Pilih gambar PNG, JPEG, atau WebP."),
        "logo_large": _("Gambar ini terlalu besar. Perkecil dahulu, misalnya menjadi 400 × 400 piksel."),
        "colour": _colour(told.get("contrast")),
    }
    return reasons.get(str(told.get("reason")), _("Permintaan ini tidak dapat dipenuhi."))


def _colour(contrast: float | None) -> str:
    if contrast is None:
        return _("Tulis warna seperti #0f4c5c.")
    return _(
        "Tulisan putih tidak terbaca di atas warna ini (kontras %(contrast)s, perlu 4,5). Pilih yang lebih gelap."
    ) % {"contrast": f"{contrast:.1f}".replace(".", ",")}
