"""Each request gets an id, and is counted when Flask has answered it.

The id is in every line of the log that the request causes, in the header of the answer, and on the page that says that
something went wrong: so staff can name it, and the operator finds it. What is kept for all has none, because it was not
made for anybody.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, request

from queue_app.adapters.correlation import because_of, new_id
from queue_app.adapters.measures import REQUEST_SECONDS, REQUESTS
from queue_app.adapters.tally import count, observe

from .wsgi_answer import Answer, Application, Environ, StartResponse, ask

HEADER = "X-Request-Id"
SENT = "HTTP_X_REQUEST_ID"  # as WSGI calls it
ENDPOINT = "queue_app.endpoint"  # in the environ when Flask has answered
NO_ENDPOINT = "none"  # no page has this address
_ID = "queue_app.request_id"
_DECENT = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = logging.getLogger(__name__)


def request_id(environ: Environ) -> str:
    """The one that a proxy gave, if it is a decent one, else a new one; always the same for one request.

    Whoever hears clients themselves has to call `forget_unless_trusted` before.
    """
    known: str | None = environ.get(_ID)
    if known is None:
        sent = environ.get(SENT, "")
        known = environ[_ID] = sent if _DECENT.fullmatch(sent) else new_id()
    return known


def forget_unless_trusted(environ: Environ, trusted_proxies: int) -> None:
    """An id that comes from anybody could be made to look like somebody else's in the log."""
    if not trusted_proxies:
        environ.pop(SENT, None)


def tell_endpoints(app: Flask) -> None:
    """Let Flask leave behind which view has answered."""

    @app.after_request
    def tell(response: Response) -> Response:
        request.environ[ENDPOINT] = request.endpoint or NO_ENDPOINT
        return response


class Watch:
    """WSGI layer, the outermost."""

    def __init__(self, application: Application, *, trusted_proxies: int, log_requests: bool) -> None:
        self._application, self._proxies, self._logs = application, trusted_proxies, log_requests

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        forget_unless_trusted(environ, self._proxies)
        identity, began = request_id(environ), time.perf_counter()
        with because_of("request_id", identity):
            return self.seen(environ, ask(self._application, environ), began).give(start_response)

    def seen(self, environ: Environ, answer: Answer, began: float) -> Answer:
        """The answer with its id, counted; as it is when it was kept for all, or a refusal on the way. ``began``: of
        `time.perf_counter`.
        """
        endpoint = environ.get(ENDPOINT)
        if endpoint is None:
            return answer
        self._record(endpoint, answer.status[:3], time.perf_counter() - began)
        return Answer(answer.status, (*answer.headers, (HEADER, request_id(environ))), answer.body)

    def _record(self, endpoint: str, status: str, seconds: float) -> None:
        count(REQUESTS, endpoint, status)
        observe(seconds, REQUEST_SECONDS, endpoint.partition(".")[0])
        if self._logs:
            facts: dict[str, Any] = {"route": endpoint, "status": int(status), "ms": round(seconds * 1000, 1)}
            log.info("%s %s in %s ms", endpoint, status, facts["ms"], extra={"facts": facts})
