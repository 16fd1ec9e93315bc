"""Engines for tests that need a database and no app."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from queue_app.db import engine_options
from queue_app.sqlite_engine import prepare_sqlite


class Engines:
    """One engine for each kind of database: it keeps the statements it has compiled, which is half of a test's time."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._file: str | None = None

    @contextmanager
    def at(self, database_url: str) -> Iterator[Engine]:
        """Its connections last as long as the block: the next test finds its database elsewhere, or emptied."""
        url = make_url(database_url)
        kind = url.get_backend_name()
        self._file = url.database
        if kind not in self._engines:
            self._engines[kind] = self._make(url, kind)
        yield self._engines[kind]
        self._engines[kind].dispose()

    @contextmanager
    def session(self, database_url: str, *, beside_pages: bool) -> Iterator[Session]:
        """Beside pages that are open, and note things by themselves, it must not read first and write then in one
        transaction: SQLite refuses that as soon as somebody wrote in between."""
        with self.at(database_url) as engine, Session(_writing_at_once(engine) if beside_pages else engine) as session:
            yield session

    def _make(self, url: URL, kind: str) -> Engine:
        engine = create_engine(url, connect_args=engine_options(str(url), 1).get("connect_args", {}))
        if kind == "sqlite":

            @event.listens_for(engine, "do_connect")  # before the product's, which connects
            def find_the_file(_dialect: object, _record: object, arguments: list[object], _options: object) -> None:
                arguments[0] = self._file

            prepare_sqlite(engine)
        return engine


def _writing_at_once(engine: Engine) -> Engine:
    """Its transactions begin with what they write first, and as writers; before that each look sees what is there now,
    as on PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return engine
    eager = engine.execution_options(claims=True)  # nothing is begun for them

    @event.listens_for(eager, "before_cursor_execute")
    def begin(_connection: Connection, cursor: Any, statement: str, *_: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")) and not cursor.connection.in_transaction:
            cursor.execute("BEGIN IMMEDIATE")

    return eager
