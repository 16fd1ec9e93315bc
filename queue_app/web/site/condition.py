"""Asks the database how the installation is doing, without ever waiting long for it.

On a connection beside those of the requests, so that nobody in the rush waits for one; and in a thread of its own,
because a database that hangs answers no time limit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from queue_app.db import engine_beside
from queue_app.queries.records.condition import Condition, condition

PATIENCE = 3.0  # seconds; Prometheus gives up after ten


class ConditionAsked:
    """Whoever asks while somebody else does hears the same."""

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine_beside(url), now
        self._lock, self._thread = threading.Lock(), ThreadPoolExecutor(1, "condition")
        self._asked: Future[Condition] | None = None

    def __call__(self) -> Condition | None:
        """None when the database does not answer, or not in time."""
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = self._thread.submit(self._ask)
            asked = self._asked
        try:
            return asked.result(timeout=PATIENCE)
        except (SQLAlchemyError, TimeoutError):
            return None

    def _ask(self) -> Condition:
        with Session(self._engine) as session:
            return condition(session, now=self._now())
