"""Refusals about webhooks of partners."""

from __future__ import annotations

from queue_app.domain.errors import DomainError
from queue_app.web.site.language import gettext as _


def refused_webhook(error: DomainError, zone: str | None) -> str:
    reasons = {
        "name": _("Tulis nama yang singkat, paling banyak 60 karakter, tanpa NIK atau nomor HP."),
        "address": _("Tulis alamat lengkap yang diawali https://, tanpa nama pengguna, tanda #, NIK, atau nomor HP."),
        "events": _("Pilih paling sedikit satu kejadian."),
    }
    return reasons.get(str(error.details.get("reason")), _("Isian ini tidak dapat dipakai."))
