"""The names of those who act, as the audit log and the exception report say them."""

from __future__ import annotations

from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

BY_INVITATION = "invitation-"  # the part of the system that makes an account of an accepted link
PARTS = {
    "check-in": _l("saat kehadiran dicatat"),
    "command-line": _l("perintah di server"),
    "day-end": _l("akhir hari"),
    "demo": _l("data contoh"),
    "downgrade": _l("kembali ke versi lama"),
    "first-administrator": _l("tautan administrator pertama"),
    "migration": _l("pembaruan program"),
    "no-shows": _l("yang tidak datang"),
    "propose-holidays": _l("usulan hari libur"),
    "purge": _l("penghapusan data lama"),
    "release-shares": _l("pelepasan jatah"),
    "restore": _l("pemulihan cadangan"),
    "setup-file": _l("berkas persiapan"),
    "setup-trial": _l("percobaan memesan"),
    "webhooks": _l("pengiriman webhook"),
}


def actor_said(label: str, name: str | None) -> str:
    """Who it was, by the name that the office knows them by."""
    kind, _colon, which = label.partition(":")
    if name and kind == "staff":
        return _("%(name)s (petugas %(number)s)") % {"name": name, "number": which}
    if kind == "system" and which.startswith(BY_INVITATION):
        return _("Tautan undangan %(number)s") % {"number": which.removeprefix(BY_INVITATION)}
    words = {
        "citizen": _("Warga"),
        "system": _("Sistem (%(part)s)") % {"part": PARTS.get(which, which)},
        "device": _("Kios %(number)s") % {"number": which},
        "api-key": _("Mitra, kunci API %(number)s") % {"number": which},
    }
    return words.get(kind, str(label))
