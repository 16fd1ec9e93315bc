"""Refusals for programs: every code that they can meet under /api/, and the answer of RFC 9457 that carries it.

A code is stable: programs decide by it. Title and detail are for people, in the language they asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response, json, request

from queue_app.domain.errors import DomainError
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext
from queue_app.web.site.language import lazy_gettext as _l

from .incidents import incident
from .people import message_for
from .status import status_of

API = "/api/"
MEDIA_TYPE = "application/problem+json"
# Facts of a refusal that programs may know. What is not named here stays inside.
TOLD = ("opens_at", "closed_at", "retry_after", "state")


@dataclass(frozen=True)
class Kind:
    """``detail`` is empty where the refusal itself has a sentence (`people.py`)."""

    status: int
    title: lazy_gettext
    detail: lazy_gettext | str = ""


KINDS: dict[str, Kind] = {
    "bad_request": Kind(
        400, _l("Permintaan tidak dapat dibaca"), _l("Permintaan HTTP ini tidak utuh atau salah bentuk.")
    ),
    "invalid_json": Kind(400, _l("Isi bukan JSON"), _l("Kirim satu objek JSON dalam UTF-8.")),
    "no_api_key": Kind(
        401, _l("Kunci API tidak ada"), _l("Kirim kunci di kepala permintaan: Authorization: Bearer qak_…")
    ),
    "wrong_api_key": Kind(401, _l("Kunci API tidak berlaku"), _l("Kunci ini tidak dikenal atau sudah dicabut.")),
    "no_proof": Kind(
        401,
        _l("Bukti hak tidak ada"),
        _l("Kirim token tiket di kepala Ticket-Token, atau kunci API yang membuat pemesanan ini."),
    ),
    "wrong_ticket_token": Kind(401, _l("Token tiket tidak sah"), _l("Token di kepala Ticket-Token bukan token tiket.")),
    "forbidden": Kind(403, _l("Tidak diizinkan"), _l("Permintaan ini tidak diizinkan.")),
    "missing_scope": Kind(
        403, _l("Lingkup kunci tidak cukup"), _l("Kunci API ini tidak memiliki lingkup yang diperlukan.")
    ),
    "not_found": Kind(
        404, _l("Tidak ditemukan"), _l("Yang diminta tidak ada, atau tidak boleh dilihat dengan bukti yang dikirim.")
    ),
    "ticket_lost": Kind(410, _l("Tiket ini asli, tetapi datanya hilang")),
    "wrong_method": Kind(405, _l("Metode tidak didukung"), _l("Lihat kepala Allow untuk metode yang didukung.")),
    "slot_full": Kind(
        409, _l("Jam ini penuh"), _l("Tempat pada jam itu tidak cukup lagi. Jam terdekat yang masih ada disertakan.")
    ),
    "already_booked": Kind(
        409, _l("Sudah punya tiket"), _l("NIK ini sudah punya tiket yang masih berlaku untuk layanan ini.")
    ),
    "day_closed": Kind(409, _l("Hari itu tutup")),
    "not_open_yet": Kind(409, _l("Pemesanan belum dibuka")),
    "booking_closed": Kind(409, _l("Pemesanan sudah ditutup")),
    "change_closed": Kind(409, _l("Batas waktu perubahan sudah lewat")),
    "illegal_transition": Kind(
        409, _l("Keadaan tiket tidak memungkinkan"), _l("Tiket ini sudah dipakai, dibatalkan, atau lewat waktunya.")
    ),
    "repeated_request": Kind(
        409, _l("Permintaan yang sama sedang diproses"), _l("Tunggu sebentar, lalu kirim lagi permintaan yang sama.")
    ),
    "request_changed": Kind(
        409,
        _l("Kunci permintaan sudah dipakai"),
        _l("Kunci yang sama pernah dikirim dengan isi lain. Pakai kunci baru untuk permintaan baru."),
    ),
    "too_slow": Kind(408, _l("Isi datang terlalu lambat"), _l("Isi permintaan tidak selesai pada waktunya.")),
    "too_large": Kind(413, _l("Isi terlalu besar"), _l("Isi permintaan paling banyak 64 KB.")),
    "unsupported_media_type": Kind(
        415, _l("Jenis isi tidak didukung"), _l("Kirim isi sebagai Content-Type: application/json.")
    ),
    "invalid_request": Kind(
        422, _l("Ada isian yang salah"), _l("Perbaiki semua yang tercantum di errors, lalu kirim lagi.")
    ),
    "too_many_requests": Kind(
        429, _l("Terlalu banyak permintaan"), _l("Batas permintaan per menit untuk kunci ini sudah tercapai.")
    ),
    "too_many": Kind(429, _l("Terlalu banyak permintaan"), _l("Tunggu selama yang disebut Retry-After.")),
    "server_error": Kind(
        500, _l("Ada kesalahan pada sistem kami"), _l("Kirim lagi dengan Idempotency-Key yang sama sebentar lagi.")
    ),
    "unavailable": Kind(
        503,
        _l("Layanan sedang sangat sibuk"),
        _l(
            "Kirim lagi sesudah waktu di Retry-After; dengan Idempotency-Key yang sama tidak ada yang dipesan dua kali."
        ),
    ),
}


def is_api() -> bool:
    """Whether every answer to this request, whatever goes wrong, must be one for programs."""
    return request.path.startswith(API)


def api_problem(
    code: str, detail: str = "", *, status: int = 0, headers: dict[str, str] | None = None, **facts: Any
) -> Response:
    """``facts`` become members beside the standard ones. ``status`` only where it differs from that of the code."""
    kind = KINDS[code]
    status = status or kind.status
    body = {
        "type": f"urn:queue-app:problem:{code}",
        "title": str(kind.title),
        "status": status,
        "detail": detail or str(kind.detail),
        "code": code,
        **incident(status),
        **facts,
    }
    return Response(json.dumps(body), status=status, headers=headers, content_type=MEDIA_TYPE)


def refusal_problem(refusal: DomainError, zone: str | None = None, **facts: Any) -> Response:
    """The answer to a refusal of the domain; with the office's ``zone`` its sentence names times as well."""
    told = {name: _plain(refusal.details[name]) for name in TOLD if name in refusal.details}
    headers = {"Retry-After": str(told["retry_after"])} if "retry_after" in told else None
    kind = KINDS.get(refusal.code)
    if kind is None:  # a rule that has no business here: say so without its details
        return api_problem("forbidden", message_for(refusal), status=status_of(refusal))
    detail = str(kind.detail) or message_for(refusal, zone)
    return api_problem(refusal.code, detail, headers=headers, **told, **facts)


def unauthenticated(code: str) -> Response:
    challenge = 'Bearer realm="api"' + (', error="invalid_token"' if code == "wrong_api_key" else "")
    return api_problem(code, headers={"WWW-Authenticate": challenge})


def missing_scope(scope: str) -> Response:
    challenge = f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'
    detail = _("Kunci API ini tidak memiliki lingkup %(scope)s.") % {"scope": scope}
    return api_problem("missing_scope", detail, headers={"WWW-Authenticate": challenge}, scope=scope)


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
