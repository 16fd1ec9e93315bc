"""Refusals about accounts of staff: codes, one-time links, and who must stay."""

from __future__ import annotations

from queue_app.domain.errors import DomainError
from queue_app.web.site.language import gettext as _

from .typed import Sentence


def _wrong_code(_error: DomainError, _zone: str | None) -> str:
    return _(
        "Kode ini salah, sudah dipakai, atau sudah lewat. Tunggu kode berikutnya. Bila tetap salah, jam HP Anda "
        "atau jam server mungkin tidak tepat."
    )


def _second_factor_needed(_error: DomainError, _zone: str | None) -> str:
    return _("Administrator dan auditor selalu masuk dengan kode.")


def _link_gone(_error: DomainError, _zone: str | None) -> str:
    return _("Tautan ini tidak berlaku lagi.")


def _last_administrator(error: DomainError, _zone: str | None) -> str:
    return _(
        "%(office)s akan tanpa administrator yang aktif. Jadikan orang lain administrator di sana dulu, lalu ulangi."
    ) % {"office": error.details.get("office", _("Kantor ini"))}


OF_ACCOUNTS: dict[str, Sentence] = {
    "wrong_code": _wrong_code,
    "second_factor_needed": _second_factor_needed,
    "link_gone": _link_gone,
    "last_administrator": _last_administrator,
}
