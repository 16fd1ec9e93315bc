"""The engine, the session, and the one way to write: `unit_of_work`."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import Session

from .adapters.measures import WRITER_WAIT
from .adapters.tally import observe
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
GLANCE = 2  # seconds that a look at the database may wait, which nobody but the operator misses
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


def engine_beside(url: str) -> Engine:
    """For whoever watches: a connection of its own for each look, beside the pool, and little patience."""
    options: dict[str, Any] = {"poolclass": NullPool, "hide_parameters": True}
    if make_url(url).get_backend_name() == "sqlite":
        return create_engine(url, **options, connect_args={"timeout": GLANCE})
    engine = create_engine(url, **options, connect_args={"connect_timeout": GLANCE, "tcp_user_timeout": GLANCE * 1000})

    @event.listens_for(engine, "begin")
    def limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{GLANCE}s'")

    return engine


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


class WritersTurn:
    """Who writes to SQLite next.

    The database knows one writer at a time, and lets the others sleep and look again, up to a tenth of a second at
    once, in no order; here they are woken when it is their turn. What keeps them apart is the database's own lock.

    Threads wait for a lock, processes for a file that is locked; a process that dies lets go of it.
    """

    def __init__(self, database: str) -> None:
        self._path, self._lock = f"{database}-turn", threading.Lock()
        self._file, self._owner = -1, 0

    def __enter__(self) -> None:
        began = time.monotonic()
        if not self._lock.acquire(timeout=BUSY_TIMEOUT):
            observe(time.monotonic() - began, WRITER_WAIT)
            raise OperationalError(None, None, sqlite3.OperationalError("database is locked"))
        if self._owner != os.getpid():  # a file opened before the fork would be one lock for all of them
            self._file, self._owner = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), os.getpid()
        fcntl.flock(self._file, fcntl.LOCK_EX)
        observe(time.monotonic() - began, WRITER_WAIT)

    def __exit__(self, *_problem: object) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._lock.release()


def prepare_sqlite(engine: Engine) -> None:
    """WAL, a sync at each commit (a shown ticket survives a power cut), foreign keys, and honest transactions."""

    turn = WritersTurn(str(engine.url.database))

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, record: Any) -> None:
        record.info["writers_turn"] = turn
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
        if not options.get("writes"):
            connection.exec_driver_sql("BEGIN")
            return
        turn.__enter__()
        try:
            # A writer takes the lock at once: upgrading a read transaction later would fail instead of wait.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            turn.__exit__()
            raise
        connection.info["has_turn"] = True

    @event.listens_for(engine, "commit")
    @event.listens_for(engine, "rollback")
    def end(connection: Connection) -> None:
        # Before the database ends it: the next writer then waits for the database itself, and not for long.
        if connection.info.pop("has_turn", False):
            turn.__exit__()


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction that writes: commits at the end, rolls back on any exception. Never nested."""
    session = db.session()
    _refuse_nesting(session)
    session.rollback()  # what was read before belongs to an older snapshot
    session.info["unit_of_work"] = True
    try:
        session.connection(execution_options={"writes": True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("unit_of_work", None)


@contextmanager
def claiming() -> Iterator[Connection]:
    """For the one use case that writes by a single statement: it is its own transaction, and reading locks nothing.

    So a row everybody wants is locked no longer than the database needs, and not until this process, with its other
    threads at work, comes to say "commit" (`services/booking/claim.py`).
    """
    if db.session.registry.has():
        _refuse_nesting(db.session())
        db.session.rollback()  # gives its connection back: nobody holds two while others wait for one
    with db.engine.execution_options(**CLAIMS[db.engine.dialect.name]).connect() as connection:
        yield connection


CLAIMS: dict[str, dict[str, Any]] = {
    "sqlite": {"claims": True},
    "postgresql": {"claims": True, "isolation_level": "AUTOCOMMIT"},
}


def _refuse_nesting(session: Session) -> None:
    if session.info.get("unit_of_work"):
        raise RuntimeError("a unit of work is open already: the entry point commits, nothing below it does")
