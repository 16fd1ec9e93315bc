"""Statements that go to the database driver itself, past SQLAlchemy, which would cost more than they do."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


def execute(connection: Connection, sql: str, values: Mapping[str, Any] | None = None) -> Any:
    """Let the driver run a statement with ``:name`` for values; its cursor. Raises what SQLAlchemy would raise."""
    driver: Any = connection.connection.driver_connection
    try:
        return driver.execute(_for_driver(sql, connection.dialect.paramstyle), values or {})
    except connection.dialect.loaded_dbapi.Error as problem:
        raise _as_usual(connection, problem) from None


def fetch_each(connection: Connection, sql: str, values: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """The rows of one statement for each set of values; see `fetch_all`."""
    return fetch_all(connection, [(sql, each) for each in values])


def fetch_all(connection: Connection, wanted: Sequence[tuple[str, Mapping[str, Any]]]) -> list[list[Any]]:
    """The rows of each statement. On PostgreSQL all of them travel together, and are a transaction of their own: stored
    as a whole or not at all.
    """
    if connection.dialect.name == "sqlite" or len(wanted) < 2:
        return [execute(connection, *each).fetchall() for each in wanted]
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            cursors = [driver.execute(_for_driver(sql, "pyformat"), values) for sql, values in wanted]
    except connection.dialect.loaded_dbapi.Error as problem:  # of any of them, told with the answers to whichever
        usual = _as_usual(connection, problem)
        _prepare_anew(connection, driver)
        raise usual from None
    return [cursor.fetchall() for cursor in cursors]


@contextlib.contextmanager
def under_writer_lock(connection: Connection) -> Iterator[None]:
    """A transaction of SQLite's, which lets one write at a time, on a connection of `db.claiming`."""
    with connection.info["writers_turn"].taken(connection):
        execute(connection, "BEGIN IMMEDIATE")
        try:
            yield
            execute(connection, "COMMIT")
        except BaseException:
            if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
                execute(connection, "ROLLBACK")
            raise


def _prepare_anew(connection: Connection, driver: Any) -> None:
    """psycopg 3.3.9 takes a statement for prepared as soon as it has sent it, though the database skips whatever comes
    after the one that failed: on that connection it would then fail for ever.

    A rollback makes both sides forget; where none follows, there is one of nothing. (`DEALLOCATE ALL` only does so for
    who has not sent it before.)
    """
    if driver.autocommit:
        lost = contextlib.suppress(connection.dialect.loaded_dbapi.Error)  # the connection, with all that it knew
        with lost, driver.transaction(force_rollback=True):
            pass


def _as_usual(connection: Connection, problem: Any) -> BaseException:
    dialect = connection.dialect
    if dialect.is_disconnect(problem, connection.connection.driver_connection, None):
        connection.invalidate(problem)
    base = dialect.loaded_dbapi.Error
    usual: BaseException = DBAPIError.instance(None, None, problem, base, hide_parameters=True, dialect=dialect)
    return usual


@cache
def _for_driver(sql: str, paramstyle: str) -> str:
    return re.sub(r":(\w+)", r"%(\1)s", sql) if paramstyle == "pyformat" else sql
