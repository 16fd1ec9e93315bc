"""Statements that go to the database driver itself, past SQLAlchemy, which would cost more than they do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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
    """The rows of one statement for each set of values. On PostgreSQL all of them travel together, and are a
    transaction of their own: stored as a whole or not at all.
    """
    if connection.dialect.name == "sqlite" or len(values) < 2:
        return [execute(connection, sql, each).fetchall() for each in values]
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            cursors = [execute(connection, sql, each) for each in values]
    except connection.dialect.loaded_dbapi.Error as problem:  # of any of them: it comes with the answers
        raise _as_usual(connection, problem) from None
    return [cursor.fetchall() for cursor in cursors]


@contextmanager
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
