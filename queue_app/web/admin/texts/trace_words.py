"""The names of what announcements and texts of messages leave in the audit log."""

from __future__ import annotations

from queue_app.web.site.language import lazy_gettext as _l

ACTIONS_OF_TEXTS = {
    "announcement.made": _l("Pengumuman dibuat"),
    "announcement.changed": _l("Pengumuman diubah"),
    "announcement.ended": _l("Pengumuman diakhiri"),
    "message_text.worded": _l("Teks pesan diubah"),
    "message_text.built_in": _l("Teks pesan kembali ke bawaan"),
}
SUBJECTS_OF_TEXTS = {"announcement": _l("Pengumuman")}
FIELDS_OF_TEXTS = {
    "body": _l("Isi pesan"),
    "ends_at": _l("Sampai"),
    "language": _l("Bahasa"),
    "level": _l("Seberapa penting"),
    "message": _l("Pesan"),
    "on_display": _l("Di layar panggilan"),
    "on_pages": _l("Di halaman warga"),
    "starts_at": _l("Mulai"),
    "subject": _l("Baris judul"),
    "text_en": _l("Teks (Inggris)"),
    "text_id": _l("Teks"),
}
