"""Words of the audit log for tables that came in and went out."""

from __future__ import annotations

from queue_app.web.site.language import lazy_gettext as _l

ACTIONS_OF_EXCHANGE = {
    "table.imported": _l("Tabel diimpor"),
    "table.exported": _l("Tabel diekspor"),
    "table.revealed": _l("Tabel diekspor dengan data pribadi"),
    "ticket.taken_over": _l("Diambil alih dari sistem lama"),
}
FIELDS_OF_EXCHANGE = {
    "acts": _l("Hasil"),
    "old_number": _l("Nomor lama"),
    "since": _l("Dari tanggal"),
    "table": _l("Tabel"),
    "until": _l("Sampai tanggal"),
}
