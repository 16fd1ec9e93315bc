"""Let in no more requests at once than can work: each needs a connection to the database, and there are few.

Whoever waits here holds nothing. Without this layer requests would queue for a connection inside Flask, with half
their work done, and a database that hangs would hold every thread of the process.

Those who write and those who only read have permits of their own: writers may stand before a lock that somebody else
holds, and whoever only wants to look at a page or a ticket must not stand behind them.
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
READING = ("GET", "HEAD", "OPTIONS")


class RequestPermits:
    """Gives each request a permit, or after five seconds a 503 that says when to come back.

    ``writing``, ``reading``: how many of either kind may work at once.
    """

    def __init__(self, app: Application, *, writing: int, reading: int, patience: float = PATIENCE) -> None:
        self._app = app
        self._writers, self._readers = Permits(writing, patience), Permits(reading, patience)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(FREE_ENTRY):
            return [whole(self._app(environ, start_response))]
        permits = self._readers if _only_reads(environ) else self._writers
        began = time.monotonic()
        entered = permits.enter()
        observe(time.monotonic() - began, PERMIT_WAIT)
        if not entered:
            return refuse(environ, start_response, BUSY, retry_after=RETRY_AFTER)
        try:
            # Made while the permit is held, and sent by the server at the reader's pace.
            return [whole(self._app(environ, start_response))]
        finally:
            permits.leave()


def _only_reads(environ: Environ) -> bool:
    """By its method; but each request of a partner with a limit is counted, whatever it asks for."""
    return environ["REQUEST_METHOD"] in READING and "HTTP_AUTHORIZATION" not in environ


class Permits:
    """So many at once, in the order of coming: nobody who comes later gets a permit before those who wait.

    While the queue stands still, newcomers are told at once: they would wait in vain, and hold a thread for it.
    """

    def __init__(self, free: int, patience: float) -> None:
        self._lock = threading.Lock()
        self._free, self._patience = free, patience
        self._queue: deque[_Waiting] = deque()

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def enter(self) -> bool:
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

    def leave(self) -> None:
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
