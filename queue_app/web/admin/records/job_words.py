"""The jobs of the scheduler as an administrator reads them; operators know them by the names of `queue-app run-job`."""

from __future__ import annotations

from queue_app.web.site.language import lazy_gettext as _l

JOBS = {
    "anchor-audit": _l("Segel jejak audit disimpan di luar"),
    "backup": _l("Cadangan malam"),
    "carry-out-closures": _l("Penutupan dijalankan, tempat lain ditawarkan"),
    "count-days": _l("Angka pelayanan dihitung"),
    "end-days": _l("Hari pelayanan diakhiri"),
    "end-sessions-ahead": _l("Sesi dari jam server yang salah diakhiri"),
    "finish-key-change": _l("Kunci enkripsi lama dilepas"),
    "forget-attempts": _l("Percobaan masuk yang gagal dilupakan"),
    "lapse-offers": _l("Tawaran yang lewat waktunya dilepas"),
    "make-days": _l("Hari pelayanan dibuat dari jadwal"),
    "mark-no-shows": _l("Yang tidak datang ditandai"),
    "propose-holidays": _l("Hari libur diusulkan"),
    "purge": _l("Data lama dihapus"),
    "queue-reminders": _l("Pengingat disiapkan"),
    "queue-survey-invitations": _l("Ajakan survei disiapkan"),
    "release-shares": _l("Sisa jatah dilepas"),
    "seal-audit": _l("Jejak audit disegel"),
    "send-outbox": _l("Pesan dikirim"),
    "send-webhooks": _l("Webhook dikirim"),
    "tell-of-breaches": _l("Pemberitahuan pelanggaran data dikirim"),
}
