"""Let in no more requests at once than can work: each needs a connection to the database, and there are few.

Whoever waits here holds nothing. Without this layer requests would queue for a connection inside Flask, with half
their work done, and a database that hangs would hold every thread of the process.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus

from queue_app.adapters.measures import PERMIT_WAIT
from queue_app.adapters.tally import observe

from .plain_refusals import Refusal, refuse
from .wsgi_answer import Application, Environ, StartResponse, whole

PATIENCE = 5.0  # seconds to wait for a permit
STANDSTILL = 2.0  # seconds: when somebody has waited so long, nobody else joins the queue
BUSY = Refusal("unavailable", HTTPStatus.SERVICE_UNAVAILABLE, "busy")
RETRY_AFTER = 5  # seconds
# They hold no connection of the pool: watchers must learn how it goes, and pages must keep their looks.
FREE_ENTRY = ("/static/", "/healthz", "/metrics")


class RequestPermits:
    """Gives each request a permit, or after five seconds a 503 that says when to come back.

    While the queue stands still, newcomers are told at once: they would wait in vain, and hold a thread for it.
    """

    def __init__(self, app: Application, *, permits: int, patience: float = PATIENCE) -> None:
        self._app, self._patience = app, patience
        self._lock = threading.Lock()
        self._free = permits
        self._queue: deque[_Waiting] = deque()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(FREE_ENTRY):
            return [whole(self._app(environ, start_response))]
        began = time.monotonic()
        entered = self._enter()
        observe(time.monotonic() - began, PERMIT_WAIT)
        if not entered:
            return refuse(environ, start_response, BUSY, retry_after=RETRY_AFTER)
        try:
            # Made while the permit is held, and sent by the server at the reader's pace.
            return [whole(self._app(environ, start_response))]
        finally:
            self._leave()

    def _enter(self) -> bool:
        """In the order of coming: nobody who comes later gets a permit before those who wait."""
        now = time.monotonic()
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            if self._queue and self._queue[0].since < now - STANDSTILL:
                return False
            mine = _Waiting(now)
            self._queue.append(mine)
        if mine.called.wait(self._patience):
            return True
        with self._lock:
            if mine.called.is_set():  # called in this very moment
                return True
            self._queue.remove(mine)
            return False

    def _leave(self) -> None:
        with self._lock:
            if self._queue:
                self._queue.popleft().called.set()
            else:
                self._free += 1


@dataclass(eq=False)
class _Waiting:
    """One request in the queue; ``called`` when a permit has become its own."""

    since: float
    called: threading.Event = field(default_factory=threading.Event)
