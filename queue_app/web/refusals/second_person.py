"""Second persons: the sentences for an act that one member of the staff may not do alone."""

from __future__ import annotations

from queue_app.domain.errors import DomainError
from queue_app.web.site.language import gettext as _


def second_person(error: DomainError, zone: str | None) -> str:
    reasons = {
        "the_same": _("Petugas kedua harus orang lain."),
        "not_allowed": _("Petugas itu tidak berhak menghentikan panggilan di kantor ini."),
    }
    return reasons.get(str(error.details.get("why")), _("Hari ini ditutup oleh administrator, atau oleh dua petugas."))


def agreement(error: DomainError, zone: str | None) -> str:
    reasons = {
        "the_same": _("Petugas kedua harus orang lain."),
        "not_allowed": _("Petugas itu sendiri tidak berhak memberikannya di kantor ini."),
        "no_quota": _("Petugas itu tidak berhak mengubah kuota kantor ini."),
        "limit": _("Menaikkan batas ini disetujui petugas kedua."),
        "places": _(
            "Perubahan ini menambah atau mengurangi %(places)s tempat. Di atas %(alone)s, petugas kedua menyetujui."
        )
        % {"places": error.details.get("places", ""), "alone": error.details.get("alone", "")},
    }
    asked = _("Sudah %(alone)s kali hari ini Anda memberi di luar aturan. Mulai sekarang petugas kedua menyetujui.")
    return reasons.get(str(error.details.get("why")), asked % {"alone": error.details.get("alone", "")})
