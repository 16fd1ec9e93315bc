"""Values that stand on every page, read from the database every few seconds by each process.

While the database is away the last that was read stays: the page that says so has a head and a contact too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from flask import g
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from queue_app.db import db

Value = TypeVar("Value")
LIFE = 5.0  # seconds until a change is seen in every process


class Recently(Generic[Value]):
    """``read`` tells None where nothing is stored: then what was there before stays. ``now``: in seconds."""

    def __init__(
        self,
        first: Value,
        read: Callable[[Session], Value | None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.now = now
        self._value, self._read = first, read
        self._until = float("-inf")

    def forget(self) -> None:
        """After a change, in this process; the others see it within seconds."""
        self._until = float("-inf")

    def present(self) -> Value:
        if self.now() >= self._until and not g.get("database_away"):
            self._until = self.now() + LIFE
            try:
                found = self._read(db.session())
            except (SQLAlchemyError, PoolTimeout):
                db.session.rollback()
            else:
                self._value = self._value if found is None else found
        return self._value
