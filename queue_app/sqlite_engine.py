"""SQLite as the product needs it: durable, with one writer at a time, and readable on a full disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, event

from .adapters.writers_turn import WritersTurn

BUSY_TIMEOUT = 5  # seconds that anybody waits for a connection, or a writer for another one
NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")


def prepare_sqlite(engine: Engine) -> None:
    """WAL, a sync at each commit (a shown ticket survives a power cut), foreign keys, and honest transactions."""

    turn = WritersTurn(str(engine.url.database), patience=BUSY_TIMEOUT)

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, record: Any, arguments: Any, options: Any) -> sqlite3.Connection:
        try:
            return _in_wal_mode(dialect.connect(*arguments, **options))
        except sqlite3.OperationalError as problem:
            (database,) = arguments
            if not problem.sqlite_errorname.startswith(NO_ROOM) or not _is_complete(database):
                raise
            record.info["as_it_lies"] = True
            address = f"file:{quote(database)}?mode=ro&immutable=1"
            return sqlite3.connect(address, uri=True, isolation_level=None, **options)

    @event.listens_for(engine, "checkin")
    def forget(_connection: Any, record: Any) -> None:
        if record.info.get("as_it_lies"):
            record.invalidate()  # it sees nothing of what others write as soon as they can

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, record: Any) -> None:
        record.info["writers_turn"] = turn
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("claims"):
            return  # the claim begins and ends its own transaction
        if not options.get("writes"):
            connection.exec_driver_sql("BEGIN")
            return
        patience = options.get("patience", BUSY_TIMEOUT)
        turn.take(connection, patience)
        try:
            # A writer takes the lock at once: upgrading a read transaction later would fail instead of wait.
            with _busy_timeout(connection, patience):
                connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            turn.end(connection)
            raise

    @event.listens_for(engine, "commit")
    @event.listens_for(engine, "rollback")
    def end(connection: Connection) -> None:
        # Before the database ends it: the next writer then waits for the database itself, and not for long.
        turn.end(connection)


def _in_wal_mode(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Its files are made here. Closes the connection where that cannot be."""
    connection.isolation_level = None  # the driver must not open transactions of its own
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_complete(database: str) -> bool:
    """Whether everything stands in the file itself, with nothing newer in the log beside it.

    Then it can be read on a full disk, where SQLite has no room for the index of a log: as it lies, and without locks.
    """
    file, log = Path(database), Path(f"{database}-wal")
    return file.exists() and not (log.exists() and log.stat().st_size)


@contextmanager
def _busy_timeout(connection: Connection, patience: float) -> Iterator[None]:
    if patience == BUSY_TIMEOUT:
        yield
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience * 1000:.0f}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT * 1000:.0f}")
