"""The roles of staff, in the reader's words."""

from __future__ import annotations

from queue_app.domain.roles import Role
from queue_app.web.site.language import lazy_gettext as _l

ROLE_TITLES = {
    Role.DESK: _l("Meja depan"),
    Role.VILLAGE: _l("Operator desa"),
    Role.COUNTER: _l("Loket"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.AUDITOR: _l("Auditor"),
}
# With what each does.
ROLE_NAMES = {
    Role.DESK: _l("Meja depan: mencatat kehadiran, membantu warga memesan, dan melayani di loket"),
    Role.VILLAGE: _l("Operator desa: memesankan warga yang tidak dapat memesan sendiri"),
    Role.COUNTER: _l("Loket: memanggil dan melayani"),
    Role.ADMINISTRATOR: _l("Administrator: kuota, jadwal, pesan, dan petugas"),
    Role.AUDITOR: _l("Auditor: membaca jejak audit"),
}
