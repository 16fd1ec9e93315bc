"""What many tests begin with: made by the product once for each kind of database, and then put there as plain rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, inspect, or_, select
from sqlalchemy.orm import Session

from queue_app.models import Holiday, Office
from queue_app.models.base import Base

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Beginning:
    rows: Rows
    sequences: list[tuple[str, int]]  # how far each one of PostgreSQL had come
    identities: list[tuple[type[Base], Any]]


class Beginnings:
    """Offices, services and weeks of days took a third of the time of a test that opens one page of them."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Beginning] = {}

    def begin(self, session: Session, name: str, make: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
        """What ``make`` returns, committed. The same name must always stand for the same things."""
        if session.scalar(select(or_(exists(select(Office.id)), exists(select(Holiday.date))))):
            made = make()  # upon what this test has made already, which no other has
            session.commit()
            return made
        key = session.get_bind().dialect.name, name
        if known := self._known.get(key):
            _put(session.connection(), known)
            made = tuple(session.get_one(*identity) for identity in known.identities)
            session.commit()  # with no transaction left open, which would go on seeing what is there now
            return made
        before = _rows(session.connection())
        made = make()
        session.commit()
        self._known[key] = _beginning(session.connection(), before, made)
        session.rollback()
        return made


def _beginning(connection: Connection, before: Rows, made: tuple[Any, ...]) -> Beginning:
    rows = {table: rows for table, rows in _rows(connection).items() if rows != before[table]}
    assert not any(before[table] for table in rows), "only what was empty can be filled again"
    return Beginning(rows, _sequences(connection), [(type(one), inspect(one).identity) for one in made])


def _rows(connection: Connection) -> Rows:
    """As the driver gives and takes them."""
    tables = [table.name for table in Base.metadata.sorted_tables]
    return {table: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")] for table in tables}


def _put(connection: Connection, beginning: Beginning) -> None:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    for table, rows in beginning.rows.items():
        connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({', '.join([mark] * len(rows[0]))})", rows)
    if beginning.sequences:
        moved = ", ".join(f"setval('{name}', {last})" for name, last in beginning.sequences)
        connection.exec_driver_sql(f"SELECT {moved}")


def _sequences(connection: Connection) -> list[tuple[str, int]]:
    if connection.dialect.name == "sqlite":
        return []  # it goes on after the highest number that is there
    came = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
    return [(name, last) for name, last in connection.exec_driver_sql(came)]
