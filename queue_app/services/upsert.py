"""Insert a row unless its natural key exists: what makes sweeps idempotent on either database."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from queue_app.models import Base


def insert_if_absent(session: Session, table: type[Base], key: list[str], **values: Any) -> bool:
    """True when the row is new. Concurrent callers agree on one winner through the unique constraint on ``key``."""
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[session.get_bind().dialect.name]
    first_key_column = table.__table__.c[key[0]]
    statement = insert(table.__table__).values(**values).on_conflict_do_nothing(index_elements=key)
    return session.execute(statement.returning(first_key_column)).first() is not None
