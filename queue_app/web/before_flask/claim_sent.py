"""A claim on a place as its request tells it, read before Flask: by whom, for how many, and whether once more."""

from __future__ import annotations

import re

from queue_app.domain.api_keys import in_letters
from queue_app.domain.booking import PARTY_MAX

from .wsgi_answer import Environ

PROGRAMS = "/api/v1"
CLAIM = re.compile(rf"({PROGRAMS})?/slots/(\d{{1,10}})/bookings")
_REQUEST_KEY = re.compile(rb"(?:^|&)request_key=([^&]*)")
_PERSON = b'"nik"'  # once for each person in what a program sends


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
    found = _REQUEST_KEY.search(_body(environ))
    return found[1].decode("latin-1") if found else None


def _body(environ: Environ) -> bytes:
    read: bytes = environ["wsgi.input"].getvalue()  # `body.ReadBody` has put it there
    return read
