"""The messages to citizens, and what became of them, in the words of staff."""

from __future__ import annotations

from queue_app.models import IN_A_FILE
from queue_app.web.site.language import lazy_gettext as _l

KINDS = {
    "confirmation": _l("Konfirmasi"),
    "rescheduled": _l("Pindah jadwal"),
    "cancelled": _l("Pembatalan"),
    "code_again": _l("Kode pemesanan sekali lagi"),
    "breach": _l("Pelindungan data gagal"),
    "data_code": _l("Kode untuk melihat data sendiri"),
    "day_closed": _l("Jadwal ditutup, tempat lain ditawarkan"),
    "day_opened": _l("Jadi buka"),
    "hour_cut": _l("Jam menjadi padat, boleh pindah"),
    "survey": _l("Survei kepuasan"),
    "sent_home": _l("Belum dilayani, kantor ditutup"),
    "reminder_day_before": _l("Pengingat H-1"),
    "reminder_same_day": _l("Pengingat pagi hari"),
}
STATES = {
    "queued": (_l("Menunggu dikirim"), ""),
    "sending": (_l("Sedang dikirim"), ""),
    "sent": (_l("Terkirim"), "success"),
    "failed": (_l("Gagal"), "stop"),
    "overtaken": (_l("Tidak perlu lagi"), "edge"),
    "held": (_l("Ditahan"), "edge"),
}
ONLY_WRITTEN = (_l("Ditulis ke berkas"), "edge")


def state_said(state: str, channel: str | None) -> tuple[str, str]:
    """Its words, and the kind of its pill."""
    words, kind = ONLY_WRITTEN if (state, channel) == ("sent", IN_A_FILE) else STATES[state]
    return str(words), kind
