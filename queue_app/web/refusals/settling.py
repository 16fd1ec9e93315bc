"""Refusals for whoever settles what was done without a connection: what the centre said when it came in."""

from __future__ import annotations

from queue_app.web.site.language import lazy_gettext as _l

REFUSALS = {
    "illegal_visit_step": _l("Menurut pusat orang ini tidak lagi berada di langkah itu."),
    "call_open": _l("Menurut pusat loket itu masih melayani orang lain."),
    "not_your_counter": _l("Menurut pusat petugas tidak duduk di loket itu."),
    "not_found": _l("Menurut pusat orang ini tidak hadir."),
    "undo_expired": _l("Terlambat diurungkan: sudah tercatat hadir."),
}
REFUSED = _l("Ditolak oleh pusat.")


def words_at_settling(code: str) -> str:
    return str(REFUSALS.get(code, REFUSED))
