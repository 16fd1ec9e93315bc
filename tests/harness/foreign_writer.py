"""Another program that writes to the same database: a backup that copies, a repair by hand, a forgotten session."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import make_url


@contextmanager
def holding_the_lock(database_url: str, *tables: str) -> Iterator[None]:
    """SQLite has one lock for all; on PostgreSQL the tables are locked as if each row were held for update."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        foreign = sqlite3.connect(str(url.database), isolation_level=None, timeout=30)
        foreign.execute("BEGIN IMMEDIATE")
    else:
        foreign = psycopg.connect(host=str(url.query["host"]), user="postgres", dbname=url.database)
        foreign.execute(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
    try:
        yield
    finally:
        foreign.rollback()
        foreign.close()
