"""The engine, the session, and the one way to write: `unit_of_work`."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, QueuePool, event, make_url
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import Session

from .models import Base


class Database(SQLAlchemy):
    def _teardown_session(self, exc: BaseException | None) -> None:
        """A connection that was cut cannot be rolled back any more; the answer is made already and must go out."""
        try:
            self.session.remove()
        except OperationalError:
            self.session.registry.clear()


db = Database(metadata=Base.metadata)

BUSY_TIMEOUT = 5  # seconds that anybody waits for a connection, or a SQLite writer for another one
CONNECTIONS = 8  # of all web processes together: more of them only make the convoy before a hot slot longer
FEWEST = 3  # of one process, however many there are
TRUSTED_FOR = 5.0  # seconds that a connection may rest before it is tried out


def connections_per_process(workers: int) -> int:
    return max(FEWEST, CONNECTIONS // workers)


def engine_options(url: str, connections: int) -> dict[str, Any]:
    pool = {"pool_size": connections, "max_overflow": 0, "pool_timeout": BUSY_TIMEOUT}
    options = {"hide_parameters": True} | pool  # values of statements must not reach a log
    if make_url(url).get_backend_name() == "sqlite":
        return options | {"poolclass": QueuePool, "connect_args": {"timeout": BUSY_TIMEOUT, "check_same_thread": False}}
    return options | {"connect_args": {"connect_timeout": BUSY_TIMEOUT}}


def connect_database(app: Flask, url: str, workers: int) -> None:
    """Bind the app to its database, with durable writes on either kind. ``workers``: processes that share it."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url, connections_per_process(workers))
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)
        else:
            try_out_rested(db.engine)


def warm_pool(app: Flask) -> None:
    """Open every connection of the pool, so that nobody in the rush waits for one. Fails quietly: the first one in
    need of a connection hears why there is none."""
    with app.app_context(), contextlib.suppress(OperationalError), contextlib.ExitStack() as opened:
        for _ in range(db.engine.pool.size()):  # type: ignore[attr-defined]
            opened.enter_context(db.engine.connect())


def try_out_rested(engine: Engine) -> None:
    """A database that was restarted takes its connections with it. One in steady use tells by itself; one that has
    rested is asked first, so that the first citizen in the morning meets no error."""

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def try_out(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("rests_since", time.monotonic()) < TRUSTED_FOR:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            raise DisconnectionError() from None  # the pool opens another one


def prepare_sqlite(engine: Engine) -> None:
    """WAL, a sync at each commit (a shown ticket survives a power cut), foreign keys, and honest transactions."""

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("claims"):
            return  # the claim begins and ends its own transaction
        # A writer takes the lock at once: upgrading a read transaction later would fail instead of wait.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction that writes: commits at the end, rolls back on any exception. Never nested."""
    with _session_for({"writes": True}) as session:
        yield session


@contextmanager
def claiming() -> Iterator[Session]:
    """For the one use case that writes by a single statement: it is its own transaction, and reading locks nothing.

    So a row everybody wants is locked no longer than the database needs, and not until this process, with its other
    threads at work, comes to say "commit" (`services/claim_statement.py`).
    """
    autocommit = {} if db.engine.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
    with _session_for({"claims": True, **autocommit}) as session:
        yield session


@contextmanager
def _session_for(options: dict[str, Any]) -> Iterator[Session]:
    session = db.session()
    if session.info.get("unit_of_work"):
        raise RuntimeError("a unit of work is open already: the entry point commits, nothing below it does")
    session.rollback()  # what was read before belongs to an older snapshot
    session.info["unit_of_work"] = True
    try:
        session.connection(execution_options=options)
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("unit_of_work", None)
