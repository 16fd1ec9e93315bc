"""The engine, the session, and the one way to write: `unit_of_work`."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from .adapters.poolers import is_pooled
from .domain.keyring import KeysDoNotFit
from .models import Base
from .sqlite_engine import BUSY_TIMEOUT, prepare_sqlite


class Database(SQLAlchemy):
    def _teardown_session(self, exc: BaseException | None) -> None:
        """A connection that was cut cannot be rolled back any more; the answer is made already and must go out."""
        try:
            if self.session.registry.has():
                session = self.session()
                session.expire_on_commit = False  # what was loaded may still be looked at
                end_reading(session)
            self.session.remove()
        except OperationalError:
            self.session.registry.clear()


db = Database(metadata=Base.metadata)

NOTED_WITHIN = 0.2  # seconds that a reader waits with what may also stay unwritten
WRITING = 8  # connections of all web processes together: more of them only make the convoy before a hot slot longer
FEWEST_WRITING = 3  # of one process, however many there are
# Of each process, for those who only read. They wait for no lock of the database, so they must not stand behind those
# who do; and a few are enough, because making pages is work for the processor.
READING = 3
LANE = 1  # for the thread of a process that writes for many
GLANCE = 2  # seconds that a look at the database may wait, which nobody but the operator misses
TRUSTED_FOR = 5.0  # seconds that a connection may rest before it is tried out


def writing_per_process(workers: int) -> int:
    """How many connections of a web process may be used by requests that write."""
    return max(FEWEST_WRITING, WRITING // workers)


def engine_options(url: str, connections: int) -> dict[str, Any]:
    # The one that was used last is used next: those who write then keep to a few connections, whose sessions in the
    # database know the statements and the tables, and those for reading do not take their turn among them.
    pool = {"pool_size": connections, "max_overflow": 0, "pool_timeout": BUSY_TIMEOUT, "pool_use_lifo": True}
    options = {"hide_parameters": True} | pool  # values of statements must not reach a log
    if make_url(url).get_backend_name() == "sqlite":
        return options | {"poolclass": QueuePool, "connect_args": {"timeout": BUSY_TIMEOUT, "check_same_thread": False}}
    return options | {"connect_args": {"connect_timeout": BUSY_TIMEOUT}}


def connect_database(app: Flask, url: str, workers: int) -> None:
    """Bind the app to its database, with durable writes on either kind. ``workers``: processes that share it.

    Raises ValueError for an address that is none.
    """
    try:
        make_url(url)
    except (ArgumentError, ValueError):  # neither is repeated: it may quote a password
        raise ValueError("QUEUE_APP_DATABASE_URL cannot be read as the address of a database.") from None
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url, writing_per_process(workers) + READING + LANE)
    db.init_app(app)
    with app.app_context():
        app.extensions[_CLAIMING] = db.engine.execution_options(**CLAIMS[db.engine.dialect.name])
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)
        else:
            try_out_rested(db.engine)
            prepare_nothing_behind_a_pooler(db.engine)


def engine_beside(url: str) -> Engine:
    """For whoever watches: a connection of its own for each look, beside the pool, and little patience."""
    options: dict[str, Any] = {"poolclass": NullPool, "hide_parameters": True}
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, **options, connect_args={"timeout": GLANCE})
        prepare_sqlite(engine)  # so that it can be looked at on a full disk
        return engine
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


def prepare_nothing_behind_a_pooler(engine: Engine) -> None:
    """psycopg prepares a statement that it has sent five times, which makes a booking two to three times quicker.

    Behind PgBouncer in transaction mode the next transaction may meet another session of the server, which knows no
    such statement.
    """

    @event.listens_for(engine, "connect")
    def look(connection: Any, _record: Any) -> None:
        if is_pooled(connection):
            connection.prepare_threshold = None
        connection.rollback()


@contextmanager
def unit_of_work(patience: float = BUSY_TIMEOUT, *, changes_keys: bool = False) -> Iterator[Session]:
    """One transaction that writes: commits at the end, rolls back on any exception. Never nested.

    Less ``patience`` (seconds) than usual is for what a reader notes by the way: OperationalError when somebody else
    has locked what is written, and the reader goes on without (`note`).

    The keys are those in force from the beginning to the end: who ``changes_keys`` waits for all other units of work
    and claims, and holds up the next ones (docs/decisions/0028-key-rotation.md). Raises KeysDoNotFit.
    """
    session = db.session()
    _refuse_nesting(session)
    end_reading(session)  # what was read before belongs to an older snapshot
    session.info["unit_of_work"] = True
    try:
        connection = session.connection(execution_options={"writes": True, "patience": patience})
        if patience < BUSY_TIMEOUT and connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience * 1000:.0f}")
        if changes_keys and connection.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE key_check IN ACCESS EXCLUSIVE MODE")
        current_app.extensions["keys"].follow(session)
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("unit_of_work", None)
        session.info.pop(_FLUSHED, None)


def end_reading(session: Session) -> None:
    """End a transaction that has only read; whatever somebody has changed in it outside of a unit of work is dropped.

    With a commit, because psycopg forgets at each rollback what the database has prepared, and preparing a page's
    statements costs as much as all the rest of them (docs/performance.md).
    """
    flushed = session.info.pop(_FLUSHED, False)
    if flushed or session.new or session.dirty or session.deleted or session.info.get("unit_of_work"):
        session.rollback()
        return
    try:
        session.commit()
    except SQLAlchemyError:  # the connection was lost while it read: nothing else is
        session.rollback()


_FLUSHED = "flushed"


@event.listens_for(Session, "after_flush")
def remember_flush(session: Session, _context: Any) -> None:
    session.info[_FLUSHED] = True


def note(write: Callable[[Session], object]) -> None:
    """Write what somebody who only reads leaves behind, such as when they were last seen; or let it be.

    A reader must never stand behind writers: the next one notes it.
    """
    with contextlib.suppress(OperationalError, KeysDoNotFit), unit_of_work(NOTED_WITHIN) as session:
        write(session)


@contextmanager
def claiming() -> Iterator[Connection]:
    """For the one use case that writes by a single statement: it is its own transaction, and reading locks nothing.

    So a row everybody wants is locked no longer than the database needs, and not until this process, with its other
    threads at work, comes to say "commit" (`services/booking/claim.py`).
    """
    if db.session.registry.has():
        _refuse_nesting(db.session())
        end_reading(db.session())  # gives its connection back: nobody holds two while others wait for one
    with current_app.extensions[_CLAIMING].connect() as connection:
        yield connection


_CLAIMING = "claiming"  # in `app.extensions`: the engine, as claims use it
CLAIMS: dict[str, dict[str, Any]] = {
    "sqlite": {"claims": True},
    "postgresql": {"claims": True, "isolation_level": "AUTOCOMMIT"},
}


def _refuse_nesting(session: Session) -> None:
    if session.info.get("unit_of_work"):
        raise RuntimeError("a unit of work is open already: the entry point commits, nothing below it does")
