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


def _account_inactive(_error: DomainError, _zone: str | None) -> str:
    return _("Akun Anda dinonaktifkan. Hubungi administrator kantor Anda.")


def _already_linked(_error: DomainError, _zone: str | None) -> str:
    return _("Akun ini, atau identitas Anda di penyedia akun, sudah terhubung dengan yang lain.")


def _passwords_not_taken(_error: DomainError, _zone: str | None) -> str:
    return _("Petugas di sini masuk lewat penyedia akun, tidak dengan kata sandi.")


OF_ACCOUNTS: dict[str, Sentence] = {
    "wrong_code": _wrong_code,
    "second_factor_needed": _second_factor_needed,
    "link_gone": _link_gone,
    "last_administrator": _last_administrator,
    "account_inactive": _account_inactive,
    "already_linked": _already_linked,
    "passwords_not_taken": _passwords_not_taken,
}
