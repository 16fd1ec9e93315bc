"""Have the whole request body in memory before anything scarce is held, and refuse what is no decent one.

Flask would read it in the middle of a view, with a permit to work and perhaps a connection in its hands. The product's
own server brings bodies complete (`queue_app/server/bodies.py`); under any other one this layer waits for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO

from .plain_refusals import Refusal, refuse
from .wsgi_answer import Application, Environ, StartResponse

LARGEST_BODY = 64 * 1024  # bytes; the longest form has a tenth of it
LONGEST_NUMBER = 12  # digits of a length worth reading
TOO_LARGE = Refusal("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
MALFORMED = Refusal("bad_request", HTTPStatus.BAD_REQUEST, "malformed")
NO_LENGTH = Refusal("bad_request", HTTPStatus.LENGTH_REQUIRED, "malformed")


class ReadBody:
    """Puts the body into `wsgi.input` as a whole. Refuses what is too large without reading it."""

    def __init__(self, app: Application) -> None:
        self._app = app

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not has_body(environ):
            environ["wsgi.input"] = BytesIO()  # whoever looks for a body finds an empty one, that can be read twice
            return self._app(environ, start_response)
        problem = announced_wrongly(environ) or self._read(environ)
        return refuse(environ, start_response, problem) if problem else self._app(environ, start_response)

    @staticmethod
    def _read(environ: Environ) -> Refusal | None:
        chunked = "HTTP_TRANSFER_ENCODING" in environ
        announced = LARGEST_BODY + 1 if chunked else int(environ["CONTENT_LENGTH"])
        try:
            body: bytes = environ["wsgi.input"].read(announced)
        except OSError:
            return MALFORMED
        if len(body) > LARGEST_BODY:
            return TOO_LARGE
        if not chunked and len(body) < announced:
            return MALFORMED  # the sender has gone
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return None


def has_body(environ: Environ) -> bool:
    return "HTTP_TRANSFER_ENCODING" in environ or (environ.get("CONTENT_LENGTH") or "0") != "0"


def announced_wrongly(environ: Environ) -> Refusal | None:
    """What is wrong with a body, as far as the headers tell; None for a decent one and for none at all."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        return MALFORMED
    if len(length) > LONGEST_NUMBER or int(length) > LARGEST_BODY:
        return TOO_LARGE
    if "HTTP_TRANSFER_ENCODING" in environ and "json" not in environ.get("CONTENT_TYPE", "").lower():
        # Where the connection broke, the server shows an end like any other: half a form could pass for a whole one.
        # JSON tells its own end, and browsers always name the length of a form.
        return NO_LENGTH
    return None
