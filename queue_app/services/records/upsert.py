"""Insert rows unless their natural key exists: what makes sweeps idempotent on either database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from queue_app.models import Base


def insert_if_absent(session: Session, table: type[Base], key: list[str], **values: Any) -> bool:
    """True when the row is new. Concurrent callers agree on one winner through the unique constraint on ``key``.

    A value may be an expression.
    """
    return session.execute(_unless_there(session, table, key).values(**values)).first() is not None


def insert_absent(
    session: Session, table: type[Base], key: list[str], rows: Sequence[Mapping[str, Any]]
) -> list[tuple[Any, ...]]:
    """Insert those of the rows whose ``key`` is not there; the keys of the new ones. All rows name the same columns."""
    if not rows:
        return []
    return [tuple(row) for row in session.execute(_unless_there(session, table, key), list(rows))]


def _unless_there(session: Session, table: type[Base], key: list[str]) -> Any:
    dialect = session.get_bind().dialect.name
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect]
    stored = table.metadata.tables[table.__tablename__]
    # Both databases find a partial index only by its condition.
    partial = (index for index in stored.indexes if index.unique and index.columns.keys() == key)
    where = next((index.dialect_options[dialect]["where"] for index in partial), None)
    statement = insert(stored).on_conflict_do_nothing(index_elements=key, index_where=where)
    return statement.returning(*(stored.c[name] for name in key))
