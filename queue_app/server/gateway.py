"""From granian's request to WSGI and back.

granian's RSGI gives the body without holding a thread for it; what then has to be asked of the application gets one.
Its own WSGI shows the whole process environment (with the mail password) to every request, and reads a body that never
ends for ever. See docs/decisions/0009-server.md.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO
from typing import Any

from queue_app.web.before_flask.body import announced_wrongly, has_body
from queue_app.web.before_flask.plain_refusals import Refusal, refusal
from queue_app.web.before_flask.request_permits import FREE_ENTRY
from queue_app.web.before_flask.watch import forget_unless_trusted
from queue_app.web.before_flask.wsgi_answer import Answer, Application, Environ, ask
from queue_app.web.lane import Lane

from .bodies import Bodies

FREE_THREADS = 4
LONGEST_HEAD = 64 * 1024  # bytes of all headers together
HEAD_TOO_LONG = Refusal("bad_request", HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers")
SAME_FOR_ALL: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "queue-app",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
MAPPED = "::ffff:"  # an IPv4 address that came through an IPv6 socket
PROTOCOLS = {"1": "HTTP/1.0", "1.0": "HTTP/1.0"}
NAMELESS = ("server", "")  # nobody needs to know what serves


class Gateway:
    """Called by granian's event loop for each request.

    Bodies are read here, and what is known already is answered here; everything else is given to a thread.
    """

    def __init__(
        self,
        app: Application,
        bodies: Bodies,
        *,
        at_once: Callable[[Environ], Answer | None],
        lane: Lane,
        threads: int,
    ) -> None:
        self._app, self._bodies, self._at_once, self._lane = app, bodies, at_once, lane
        self._threads = ThreadPoolExecutor(threads, "request")
        self._free = ThreadPoolExecutor(FREE_THREADS, "free")  # they must not wait behind those who wait to work

    async def __call__(self, scope: Any, protocol: Any) -> None:
        answer = await self._answer(scope, protocol)
        protocol.response_bytes(int(answer.status[:3]), [*answer.headers, NAMELESS], answer.body)

    async def _answer(self, scope: Any, protocol: Any) -> Answer:
        headers = scope.headers.items()
        environ = environ_of(scope, headers)
        forget_unless_trusted(environ, self._bodies.trusted_proxies)
        if sum(len(name) + len(value) for name, value in headers) > LONGEST_HEAD:
            return refusal(environ, HEAD_TOO_LONG)
        if has_body(environ):
            problem = announced_wrongly(environ) or await self._bodies.read(environ, protocol)
            if problem is not None:
                return refusal(environ, problem)
        if answer := self._at_once(environ):
            return answer
        return await self._lane.answer(environ, lambda: self._usual(environ))

    def _usual(self, environ: Environ) -> asyncio.Future[Answer]:
        threads = self._free if environ["PATH_INFO"].startswith(FREE_ENTRY) else self._threads
        return asyncio.get_running_loop().run_in_executor(threads, ask, self._app, environ)


def environ_of(scope: Any, headers: list[tuple[str, str]]) -> Environ:
    """What WSGI (PEP 3333) asks for. A header with "_" in its name could pass for another one, and is left out."""
    address, _, port = scope.client.rpartition(":")
    name, _, own_port = scope.server.rpartition(":")
    environ = SAME_FOR_ALL | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path if scope.path.isascii() else scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": PROTOCOLS.get(scope.http_version, "HTTP/1.1"),
        "SERVER_NAME": name,
        "SERVER_PORT": own_port,
        "REMOTE_ADDR": address.strip("[]").removeprefix(MAPPED),
        "REMOTE_PORT": port,
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(),
    }
    for header, value in headers:
        key = _key(header)
        if key in environ:
            environ[key] += (";" if key == "HTTP_COOKIE" else ",") + value
        elif key:
            environ[key] = value
    if "HTTP_HOST" not in environ and scope.authority:
        environ["HTTP_HOST"] = scope.authority
    return environ


@lru_cache(maxsize=1024)
def _key(header: str) -> str:
    """Its name in the environ; "" for one that is left out."""
    if "_" in header:
        return ""
    name = header.upper().replace("-", "_")
    return name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
