"""The names of what planning leaves in the audit log."""

from __future__ import annotations

from queue_app.web.site.language import lazy_gettext as _l

ACTIONS_OF_ROSTERS = {
    "shift.added": _l("Jam tugas ditambahkan"),
    "shift.changed": _l("Jam tugas diubah"),
    "shift.removed": _l("Jam tugas dihapus"),
    "roster.copied": _l("Jadwal petugas seminggu disalin"),
    "office.recording_kits": _l("Jumlah perangkat perekaman diubah"),
}
SUBJECTS_OF_ROSTERS = {"roster_shift": _l("Jam tugas")}
FIELDS_OF_ROSTERS = {
    "absent": _l("Berhalangan"),
    "officer": _l("Petugas"),
    "recording_kits": _l("Perangkat perekaman"),
    "shifts": _l("Jam tugas yang disalin"),
}
