"""From granian's request to WSGI and back.

Instead of granian's own, which shows the whole process environment (with the mail password) to every request and
makes no difference between IPv4 addresses and those that a dual-stack socket wraps into IPv6.
"""

from __future__ import annotations

import sys
from typing import Any

from queue_app.web.before_flask.wsgi_answer import Application, whole

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
NAMELESS = ("Server", "")  # nobody needs to know what serves


class Gateway:
    """Called by granian in one of its threads, for each request."""

    def __init__(self, app: Application) -> None:
        self._app = app

    def __call__(self, protocol: Any, request: dict[str, Any]) -> None:
        environ = SAME_FOR_ALL | request
        if environ["REMOTE_ADDR"].startswith(MAPPED):
            environ["REMOTE_ADDR"] = environ["REMOTE_ADDR"].removeprefix(MAPPED)
        if environ["SERVER_PROTOCOL"] == "HTTP/1":
            environ["SERVER_PROTOCOL"] = "HTTP/1.0"
        answer = _Answer()
        chunks = self._app(environ, answer)
        protocol.response_bytes(answer.status, answer.headers, whole(chunks))


class _Answer:
    """The callable `start_response`."""

    __slots__ = ("headers", "status")

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status = int(status[:3])
        headers.append(NAMELESS)  # the list is the server's now
        self.headers = headers
