"""Refusals for the citizen at a kiosk, who can only go to the desk, and whom others look over the shoulder."""

from __future__ import annotations

from queue_app.web.site.language import lazy_gettext as _l

REFUSALS = {
    "already_booked": (
        _l("NIK ini sudah punya tiket untuk layanan ini"),
        _l(
            "Bila tiketnya untuk hari ini, sentuh “Saya punya tiket” di halaman awal. "
            "Kalau tidak, tanyakan di meja depan."
        ),
    ),
    "slot_full": (
        _l("Nomor untuk layanan ini baru saja habis"),
        _l("Silakan ke meja depan: petugas dapat memesankan hari lain."),
    ),
    "walk_ins_used_up": (
        _l("Nomor tanpa pemesanan untuk hari ini sudah habis"),
        _l("Silakan ke meja depan: petugas dapat memesankan hari lain."),
    ),
    "request_changed": (
        _l("Halaman ini sudah dipakai orang lain"),
        _l("Tidak ada yang dicatat untuk Anda. Ulangi dari halaman awal."),
    ),
    "not_found": (_l("Tiket tidak dikenal di kantor ini"), _l("Periksa kodenya, lalu coba sekali lagi.")),
    "not_served": (
        _l("Survei dibuka sesudah Anda dilayani"),
        _l("Kembali ke sini sesudah selesai di loket."),
    ),
    "survey_over": (_l("Waktu untuk menilai sudah lewat"), _l("Kunjungan dapat dinilai sampai 14 hari sesudahnya.")),
    "survey_answered": (_l("Kunjungan ini sudah dinilai"), _l("Terima kasih.")),
    "day_closed": (_l("Layanan ini tutup hari ini"), _l("Silakan ke meja depan: petugas dapat memesankan hari lain.")),
}
REFUSED = (
    _l("Nomor tidak dapat diberikan di sini"),
    _l("Silakan ke meja depan. Bawa KTP-el atau Kartu Keluarga Anda."),
)


def words_at_kiosk(code: str) -> tuple[str, str]:
    """What is the matter, and what to do."""
    heading, detail = REFUSALS.get(code, REFUSED)
    return str(heading), str(detail)
