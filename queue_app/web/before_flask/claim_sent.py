"""A claim on a place as its request tells it, read before Flask: by whom, for how many, and whether once more."""

from __future__ import annotations

import re

from queue_app.domain.api_keys import in_letters
from queue_app.domain.booking import PARTY_MAX

from .wsgi_answer import Environ

PROGRAMS = "/api/v1"
DRAFT = "draft-"  # begins the name of the cookie with a form's details; the rest is the number of the offering
CLAIM = re.compile(rf"({PROGRAMS})?/slots/(\d{{1,10}})/bookings")
_REQUEST_KEY, _DETAILS, _OFFERING = (
    re.compile(rb"&%s=([^&]+)" % name) for name in (b"request_key", b"details", b"offering")
)
_PERSON = b'"nik"'  # once for each person in what a program sends


def slot_claimed(environ: Environ) -> int | None:
    """The slot whose place this request claims by its address; None for every other request."""
    claim = CLAIM.fullmatch(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "POST" else None
    return int(claim[2]) if claim else None


def paths_of(slot_id: int) -> tuple[str, str]:
    """On which a slot's places are claimed: by people, and by programs."""
    return f"/slots/{slot_id}/bookings", f"{PROGRAMS}/slots/{slot_id}/bookings"


def by_program(environ: Environ) -> bool:
    return bool(environ["PATH_INFO"].startswith(PROGRAMS))


def persons(environ: Environ) -> int:
    """For how many a program claims. Only finds an answer: under which number one is kept says the view."""
    return min(max(1, _body(environ).count(_PERSON)), PARTY_MAX)


def request_key(environ: Environ) -> str | None:
    """What tells a repeated request: a header of programs, a field of the form. The form has been read already."""
    if by_program(environ):
        key = environ.get("HTTP_IDEMPOTENCY_KEY")
        return in_letters(key) if key else None
    return _field(_REQUEST_KEY, environ)


def has_only_copy(environ: Environ) -> bool:
    """Whether a form brings details that are kept nowhere else: their cookie has lived its half hour.

    Only a page that has them in it again does not lose them.
    """
    if by_program(environ) or not _field(_DETAILS, environ):
        return False
    return f"{DRAFT}{_field(_OFFERING, environ)}=" not in environ.get("HTTP_COOKIE", "")


def _field(pattern: re.Pattern[bytes], environ: Environ) -> str | None:
    found = pattern.search(b"&" + _body(environ))  # so they begin with letters, which is found ten times as fast
    return found[1].decode("latin-1") if found else None


def _body(environ: Environ) -> bytes:
    read: bytes = environ["wsgi.input"].getvalue()  # `body.ReadBody` has put it there
    return read
