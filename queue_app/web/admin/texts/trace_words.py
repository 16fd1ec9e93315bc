"""The names of what announcements and texts of messages leave in the audit log."""

from __future__ import annotations

from queue_app.web.site.language import lazy_gettext as _l

ACTIONS_OF_TEXTS = {
    "announcement.made": _l("Pengumuman dibuat"),
    "announcement.changed": _l("Pengumuman diubah"),
    "announcement.ended": _l("Pengumuman diakhiri"),
}
SUBJECTS_OF_TEXTS = {"announcement": _l("Pengumuman")}
FIELDS_OF_TEXTS = {
    "ends_at": _l("Sampai"),
    "level": _l("Seberapa penting"),
    "on_display": _l("Di layar panggilan"),
    "on_pages": _l("Di halaman warga"),
    "starts_at": _l("Mulai"),
    "text_en": _l("Teks (Inggris)"),
    "text_id": _l("Teks"),
}
