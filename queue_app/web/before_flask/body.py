"""Read the whole request body into memory before anything scarce is held.

Flask would read it in the middle of a view, with a permit to work and perhaps a connection in its hands: a handful of
clients that never finish their body would stop everybody. Here a slow body costs one thread that sleeps.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO

from .plain_refusals import refuse
from .wsgi_answer import Application, Environ, StartResponse

LARGEST_BODY = 64 * 1024  # bytes; the longest form has a tenth of it
SLOW_READERS = 72  # so many threads of a process may wait for slow bodies; the server has more than that
SLOW = 1.0  # seconds: an ordinary body is there with its headers
CLOGGED = 30.0  # seconds with every reading place held: these senders will not finish
BUSY = HTTPStatus.SERVICE_UNAVAILABLE
RETRY_AFTER = 10  # seconds
LONGEST_NUMBER = 12  # digits of a length worth reading


class ReadBody:
    """Puts the body into `wsgi.input` as a whole. Refuses what is too large without reading it."""

    def __init__(self, app: Application, *, largest: int = LARGEST_BODY, slow_readers: int = SLOW_READERS) -> None:
        self._app, self._largest, self._slow_readers = app, largest, slow_readers
        self._since: dict[object, float] = {}  # when each read began; the oldest first

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        chunked = "HTTP_TRANSFER_ENCODING" in environ
        if length == "0" and not chunked:
            environ["wsgi.input"] = BytesIO()  # whoever looks for a body finds an empty one, that can be read twice
            return self._app(environ, start_response)
        if not (length.isascii() and length.isdecimal()):
            return refuse(environ, start_response, "bad_request", HTTPStatus.BAD_REQUEST)
        if len(length) > LONGEST_NUMBER or int(length) > self._largest:
            return refuse(environ, start_response, "too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if chunked and _is_form(environ):
            # Where the connection broke, the server shows an end like any other: half a form could pass for a whole
            # one. JSON tells its own end, and browsers always name the length of a form.
            return refuse(environ, start_response, "bad_request", HTTPStatus.LENGTH_REQUIRED)
        if self._held_for(SLOW):
            return refuse(environ, start_response, "unavailable", BUSY, retry_after=RETRY_AFTER)
        body = self._read(environ, self._largest + 1 if chunked else int(length))
        if len(body) > self._largest:
            return refuse(environ, start_response, "too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not chunked and len(body) < int(length):
            return refuse(environ, start_response, "bad_request", HTTPStatus.BAD_REQUEST)  # the sender has gone
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return self._app(environ, start_response)

    def is_clogged(self) -> bool:
        """Whether senders that will never finish hold every reading place: only closing their connections helps."""
        return self._held_for(CLOGGED)

    def _held_for(self, seconds: float) -> bool:
        """Whether all reading places have been held for so long."""
        if len(self._since) < self._slow_readers:
            return False
        began = list(self._since.values())
        return len(began) >= self._slow_readers and began[self._slow_readers - 1] < time.monotonic() - seconds

    def _read(self, environ: Environ, most: int) -> bytes:
        """At most so many bytes; fewer when the sender broke off."""
        mark = object()
        self._since[mark] = time.monotonic()
        try:
            body: bytes = environ["wsgi.input"].read(most)
            return body
        except OSError:
            return b""
        finally:
            del self._since[mark]


def _is_form(environ: Environ) -> bool:
    return "json" not in environ.get("CONTENT_TYPE", "").lower()
