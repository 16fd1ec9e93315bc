"""The engine, the session, and the one way to write: `unit_of_work`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.orm import Session

from .models import Base

db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate(directory=str(Path(__file__).parent / "migrations"))

BUSY_TIMEOUT = 10_000  # ms a SQLite writer waits for another one
POOL_SIZE = 6  # few connections: more of them only make the convoy before a hot slot longer


def engine_options(url: str) -> dict[str, Any]:
    options: dict[str, Any] = {"hide_parameters": True}  # values of statements must not reach a log
    if make_url(url).get_backend_name() == "sqlite":
        return options | {"connect_args": {"timeout": BUSY_TIMEOUT / 1000}}
    return options | {"pool_size": POOL_SIZE, "max_overflow": 2, "pool_pre_ping": True, "pool_timeout": 5}


def connect_database(app: Flask, url: str) -> None:
    """Bind the app to its database, with durable writes on either kind."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    migrate.init_app(app, db, render_as_batch=True, compare_type=True)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)


def prepare_sqlite(engine: Engine) -> None:
    """WAL, a sync at each commit (a shown ticket survives a power cut), foreign keys, and honest transactions."""

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes the lock at once: upgrading a read transaction later would fail instead of wait.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction that writes: commits at the end, rolls back on any exception. Never nested."""
    session = db.session()
    if session.info.get("unit_of_work"):
        raise RuntimeError("a unit of work is open already: the entry point commits, nothing below it does")
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
