"""How much of the processor the database itself has used, inside the process or beside it."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, StaticPool, create_engine, event

from queue_app.sqlite_engine import prepare_sqlite


class Meter:
    """An engine with one connection, and the seconds of processor time that the database has spent on it.

    SQLite runs in our own thread: the time within its calls counts. PostgreSQL serves a connection by a process of its
    own: what the system says that it has used counts, in nanoseconds and whoever else has the core meanwhile.
    """

    def __init__(self, url: str) -> None:
        self._sqlite = url.startswith("sqlite")
        options: dict[str, Any] = {"connect_args": {"factory": _Timed}} if self._sqlite else {}
        self.engine: Engine = create_engine(url, poolclass=StaticPool, **options)
        if self._sqlite:
            prepare_sqlite(self.engine)

            @event.listens_for(self.engine, "connect")
            def remember(connection: Any, _record: Any) -> None:
                self._connection = connection

        with self.engine.connect() as connection:
            if not self._sqlite:
                process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
                self._used = Path(f"/proc/{process}/schedstat")

    def read(self) -> float:
        """Seconds so far."""
        if self._sqlite:
            return float(self._connection.spent)
        return int(self._used.read_text().split()[0]) / 1e9


class _TimedCursor(sqlite3.Cursor):
    """Counts what each call costs its connection."""

    def _timed(self, call: Any, *arguments: Any) -> Any:
        began = time.thread_time()
        try:
            return call(*arguments)
        finally:
            self.connection.spent += time.thread_time() - began  # type: ignore[attr-defined]

    def execute(self, *arguments: Any) -> Any:
        return self._timed(super().execute, *arguments)

    def executemany(self, *arguments: Any) -> Any:
        return self._timed(super().executemany, *arguments)

    def fetchone(self) -> Any:
        return self._timed(super().fetchone)

    def fetchmany(self, *arguments: Any) -> Any:
        return self._timed(super().fetchmany, *arguments)

    def fetchall(self) -> Any:
        return self._timed(super().fetchall)


class _Timed(sqlite3.Connection):
    spent = 0.0

    def cursor(self, factory: Any = _TimedCursor) -> Any:
        return super().cursor(factory)

    def commit(self) -> None:
        began = time.thread_time()
        super().commit()
        self.spent += time.thread_time() - began
