"""Whether a pooler, such as PgBouncer, stands between a connection and PostgreSQL."""

from __future__ import annotations

from typing import Any


def is_pooled(connection: Any) -> bool:
    """Of a psycopg connection. A pooler tells its clients a process number of its own making; without one it is that of
    the server's session (docs/decisions/0023-poolers.md)."""
    (session,) = connection.execute("SELECT pg_backend_pid()").fetchone()
    return bool(session != connection.info.backend_pid)
