"""Statements that go to the database driver itself, past SQLAlchemy, which would cost more than they do."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
