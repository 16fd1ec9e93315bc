"""Refusals of whoever plans a roster."""

from __future__ import annotations

from queue_app.adapters.language import format_time
from queue_app.domain.errors import DomainError
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _


def _shift(error: DomainError, zone: str | None) -> str:
    reasons = {
        "times": _("Jam selesai harus sesudah jam mulai."),
        "past": _("Hari itu sudah lewat."),
        "officer": _("Orang ini tidak bertugas di loket kantor ini, atau akunnya sudah dinonaktifkan."),
        "counter": _("Loket ini sedang tidak dipakai."),
        "days": _("Pilih paling sedikit satu hari."),
    }
    return reasons.get(str(error.details.get("reason")), _("Permintaan ini tidak dapat dipenuhi."))


def _overlap(error: DomainError, zone: str | None) -> str:
    told = dict(error.details)
    if "starts_at" not in told:
        return _("Pada jam itu sudah ada jam tugas lain.")
    for name in ("starts_at", "ends_at"):
        told[name] = format_time(told[name], None, current_language())
    if told["whose"] == "officer":
        return _("%(name)s sudah bertugas di loket %(counter)s pukul %(starts_at)s–%(ends_at)s hari itu.") % told
    return _("Loket %(counter)s sudah diisi %(name)s pukul %(starts_at)s–%(ends_at)s hari itu.") % told


def _kits(error: DomainError, zone: str | None) -> str:
    return _("Tulis angka dari 0 sampai %(maximum)s.") % {"maximum": error.details.get("maximum", "")}


OF_ROSTERS = {"invalid_shift": _shift, "shift_overlaps": _overlap, "invalid_kits": _kits}
