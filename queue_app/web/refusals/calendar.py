"""Refusals about days, quotas, schedules and closures: the sentences for people."""

from __future__ import annotations

from queue_app.domain.calendar import QUOTA_MAX
from queue_app.domain.errors import DomainError
from queue_app.web.site.language import gettext as _

from .typed import Sentence


def _quota_below_booked(error: DomainError, zone: str | None) -> str:
    return _("Sudah ada %(minimum)s tempat yang dipesan. Kuota tidak dapat lebih kecil dari itu.") % {
        "minimum": error.details.get("minimum", "")
    }


def _closure(error: DomainError, zone: str | None) -> str:
    reasons = {
        "date_range": _("Hari terakhir harus sesudah hari pertama."),
        "past_date": _("Hari itu sudah lewat."),
        "too_long": _("Paling lama %(maximum)s hari sekaligus.") % {"maximum": error.details.get("maximum", "")},
        "hours": _("Tulis kedua jam, dan jam selesai sesudah jam mulai; atau kosongkan keduanya."),
        "services": _("Layanan ini tidak ada di kantor ini."),
        "nothing": _("Semua waktu itu sudah tutup, jadi tidak ada yang ditutup lagi."),
        "not_draft": _("Penutupan ini sudah dijalankan, jadi tidak dapat diubah. Cabut dulu kalau keliru."),
        "revoked": _("Penutupan ini sudah dicabut atau belum dijalankan."),
        "several_days": _("Hari ini ditutup bersama hari atau layanan lain. Cabut seluruh penutupannya."),
    }
    return reasons.get(str(error.details.get("reason")), _("Penutupan ini tidak dapat dipakai. Periksa lagi isinya."))


def _quota_change(error: DomainError, zone: str | None) -> str:
    reasons = {
        "date_range": _("Hari terakhir harus sesudah hari pertama."),
        "past_date": _("Hari itu sudah lewat."),
        "too_long": _("Paling lama %(maximum)s hari sekaligus.") % {"maximum": error.details.get("maximum", "")},
        "hours": _("Tulis kedua jam, dan jam selesai sesudah jam mulai; atau kosongkan keduanya."),
        "amount": _("Tulis angka dari %(minimum)s sampai %(maximum)s.")
        % {"minimum": error.details.get("minimum", ""), "maximum": error.details.get("maximum", "")},
        "nothing": _("Tidak ada hari atau jam yang berubah dengan ini. Periksa hari, jam, dan angkanya."),
        "undone": _("Perubahan ini sudah diurungkan."),
        "changed_since": _("Semua jam ini sudah diubah lagi sesudahnya atau sudah lewat; tidak ada yang diurungkan."),
    }
    return reasons.get(str(error.details.get("reason")), _("Perubahan ini tidak dapat dipakai. Periksa lagi isinya."))


def _schedule(error: DomainError, zone: str | None) -> str:
    reasons = {
        "empty_window": _("Jam selesai harus sesudah jam mulai."),
        "overlap": _("Jam kedatangan tidak boleh saling tumpang-tindih."),
        "past_date": _("Tanggal ini sudah lewat atau terlalu dekat. Jadwal baru paling awal mulai besok."),
        "date_range": _("Tanggal akhir harus sesudah tanggal mulai."),
        "capacity": _("Kuota harus berupa angka dari 0 sampai %(maximum)s.") % {"maximum": QUOTA_MAX},
        "not_open": _("Hari ini sudah ditutup atau hari libur."),
        "open_already": _("Hari ini sudah buka."),
        "booking_times": _("Pemesanan harus dibuka sebelum ditutup."),
        "minutes": _("Tulis menit dari 0 sampai %(maximum)s.") % {"maximum": error.details.get("maximum", "")},
        "walk_ins": _("Tulis angka dari 0 sampai %(maximum)s.") % {"maximum": error.details.get("maximum", "")},
        "nothing_chosen": _("Centang dulu tanggal yang memang libur."),
        "past_holiday": _("Hari itu sudah lewat."),
        "holiday_exists": _("Tanggal ini sudah ada dalam daftar hari libur."),
        "unknown_zone": _("Zona waktu ini tidak dikenal."),
    }
    return reasons.get(str(error.details.get("reason")), _("Jadwal ini tidak dapat dipakai. Periksa lagi isinya."))


def _release(error: DomainError, zone: str | None) -> str:
    reasons = {
        "same_share": _("Pilih dua jatah yang berbeda."),
        "twice": _("Pelepasan ini sudah ada di baris lain."),
    }
    return reasons.get(str(error.details.get("reason")), _("Pelepasan ini tidak dapat dipakai. Periksa lagi isinya."))


OF_CALENDAR: dict[str, Sentence] = {
    "quota_below_booked": _quota_below_booked,
    "invalid_closure": _closure,
    "invalid_quota_change": _quota_change,
    "invalid_release": _release,
    "invalid_schedule": _schedule,
}
