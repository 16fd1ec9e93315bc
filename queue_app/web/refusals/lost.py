"""Words about the time whose data is lost, for whoever holds a ticket of it and for whoever is shown one."""

from __future__ import annotations

from datetime import datetime

from queue_app.adapters.language import format_instant
from queue_app.domain.errors import DomainError
from queue_app.queries.records.restorations import Gap
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

TITLE = _l("Tiket ini asli, tetapi datanya hilang")


def instants(gap: Gap) -> dict[str, str]:
    """``begins`` and ``ends`` as the office writes them."""
    return {"begins": _instant(gap.begins, gap.zone), "ends": _instant(gap.ends, gap.zone)}


def lost_to_citizen(error: DomainError, _zone: str | None) -> str:
    if "gap" not in error.details:
        return str(TITLE)
    said = _(
        "Tiket ini asli, tetapi datanya hilang saat sistem dipulihkan dari cadangan: data antara %(begins)s dan "
        "%(ends)s tidak ada lagi. Simpan tiket ini. Bila jadwalnya hari ini, tunjukkan di meja depan: petugas memberi "
        "Anda nomor baru. Bila jadwalnya hari lain, pesan lagi, atau minta bantuan petugas."
    )
    return said % instants(error.details["gap"])


def lost_to_desk(gap: Gap) -> str:
    said = _(
        "Asli, tetapi datanya hilang saat sistem dipulihkan dari cadangan (data antara %(begins)s dan %(ends)s). "
        "Orangnya memang punya tempat: beri nomor baru lewat “Bantu warga”. Jangan pakai nomor di tiketnya, karena "
        "orang lain dapat memegang nomor yang sama."
    )
    return said % instants(gap)


def gap_to_citizen(gap: Gap) -> str:
    """Beside the answer that a code was not found."""
    said = _(
        "Sistem pernah dipulihkan dari cadangan: data antara %(begins)s dan %(ends)s hilang. Bila Anda memesan pada "
        "waktu itu, tunjukkan bukti Anda di meja depan, atau pesan lagi."
    )
    return said % instants(gap)


def gap_to_staff(gap: Gap) -> str:
    said = _(
        "Sistem dipulihkan dari cadangan: data antara %(begins)s dan %(ends)s hilang. Pemesanan, kehadiran, dan "
        "perubahan pada waktu itu tidak ada di sini, dan nomor antreannya dapat dipegang dua orang."
    )
    return said % instants(gap)


def _instant(instant: datetime, zone: str) -> str:
    return format_instant(instant, zone, current_language())
