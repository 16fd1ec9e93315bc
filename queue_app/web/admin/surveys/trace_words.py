"""Words of the audit for the survey and for the table of coverage."""

from __future__ import annotations

from queue_app.web.site.language import lazy_gettext as _l

ACTIONS_OF_SURVEYS = {
    "survey.followed_up": _l("Tindak lanjut atas saran dicatat"),
    "survey.asking_changed": _l("Bertanya lewat email diubah"),
    "coverage.taken_over": _l("Tabel cakupan diganti"),
}
FIELDS_OF_SURVEYS = {
    "follow_up": _l("Tindak lanjut"),
    "month": _l("Bulan"),
    "by_message": _l("Bertanya lewat email"),
    "counted_on": _l("Dihitung per"),
    "districts": _l("Kecamatan"),
    "obliged": _l("Wajib KTP-el"),
    "recorded": _l("Terekam"),
}
