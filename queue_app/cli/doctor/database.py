"""The database: whether it answers, is of this version, takes writes, and keeps what it has confirmed.

Looked at without writing. SQLite is opened for reading only; where no log lies beside it nobody has it open, and it is
read as it lies, because opening it in the ordinary way would make that log.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from queue_app.adapters.poolers import is_pooled
from queue_app.config import Settings
from queue_app.db import GLANCE, engine_beside
from queue_app.migrating import DatabaseUnfit, require_current

from .findings import Finding, good, look, survived, wrong
from .place import database_file

LEAST_POSTGRESQL = 14
LEAST_SQLITE = (3, 35, 0)  # RETURNING
MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")

Work = Callable[[Session], Iterator[Finding]]


def look_at_database(settings: Settings, works: dict[str, Work]) -> Iterator[Finding]:
    """``works``: what is to be looked at in its tables, if they are those of this version."""
    file = _file(settings)
    if file and not file.is_file():
        yield wrong("database", f"There is no database {file}.", "queue-app init, or set QUEUE_APP_DATABASE_URL right.")
        return
    if file:
        yield from survived("database", partial(database_file, file))
    try:
        with looking(settings) as connection:
            of_kind = partial(_of_sqlite, connection, file) if file else partial(_of_postgresql, connection, settings)
            yield from survived("database", of_kind)
            connection.rollback()
            try:
                require_current(connection)
            except DatabaseUnfit as problem:
                yield wrong("database", str(problem), "Nothing more can be said of keys, jobs and backups until then.")
                return
            yield good("database", "Its tables are those of this version.")
            for about, work in works.items():
                connection.rollback()  # what one has broken is not in the next one's way
                with Session(connection) as session:
                    yield from survived(about, partial(work, session))
    except SQLAlchemyError as problem:
        yield wrong("database", f"{_named(settings)} does not answer: {_reason(problem)}.", _AWAY)


_AWAY = "Start it, or set QUEUE_APP_DATABASE_URL right. Nothing more can be said of keys, jobs and backups until then."


@contextmanager
def looking(settings: Settings) -> Iterator[Connection]:
    file = _file(settings)
    engine = _read_only(file) if file else engine_beside(settings.database_url)
    try:
        with engine.connect() as connection:
            yield (
                connection
                if engine.dialect.name == "sqlite"
                else connection.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
            )
    finally:
        engine.dispose()


def _read_only(file: Path) -> Engine:
    log = Path(f"{file}-wal")
    way = "mode=ro" if log.exists() else "mode=ro&immutable=1"
    address = f"file:{quote(str(file))}?{way}"
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(address, uri=True, timeout=GLANCE, check_same_thread=False),
        poolclass=NullPool,
        hide_parameters=True,
    )


def _file(settings: Settings) -> Path | None:
    return settings.sqlite_file.absolute() if settings.sqlite_file else None


def _named(settings: Settings) -> str:
    """Without user and password."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return f"The database {url.database}"
    hosts = url.query.get("host") or url.host or "this machine"
    return f"The database {url.database} at {hosts if isinstance(hosts, str) else ' and '.join(hosts)}"


def _reason(problem: SQLAlchemyError) -> str:
    said = str(getattr(problem, "orig", None) or "").strip().splitlines()
    return said[0].rstrip(".") if said else type(problem).__name__


def _of_sqlite(connection: Connection, file: Path) -> Iterator[Finding]:
    version, pages = sqlite3.sqlite_version, connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    size = pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one() / 1024**2
    if sqlite3.sqlite_version_info < LEAST_SQLITE:
        least = ".".join(map(str, LEAST_SQLITE))
        yield wrong("database", f"SQLite {version} is too old: {least} at least.", "Install a newer Python or SQLite.")
    if _has_log(file):
        yield good("database", f"SQLite {version} reads {file} ({size:.1f} MB, with a write-ahead log).")
    else:
        sentence = f"{file} has no write-ahead log: who reads waits for who writes."
        yield look("database", sentence, "The program sets it at its start; restart it.")


def _has_log(file: Path) -> bool:
    """By the file itself, whose "read version" is 2 then (SQLite's file format, 1.3.3)."""
    with file.open("rb") as opened:
        return opened.read(20)[19:20] == b"\x02"


def _of_postgresql(connection: Connection, settings: Settings) -> Iterator[Finding]:
    def shown(name: str) -> str:
        return str(connection.execute(text(f"SHOW {name}")).scalar_one())

    version = shown("server_version")
    if int(shown("server_version_num")) // 10_000 < LEAST_POSTGRESQL:
        yield wrong("database", f"PostgreSQL {version} is too old: {LEAST_POSTGRESQL} at least.", "Upgrade the server.")
    off = [name for name in MUST_BE_ON if shown(name) == "off"]
    for name in off:
        sentence = f"{name} is off: a power cut loses bookings that were confirmed."
        yield wrong("database", sentence, f"Set {name} = on in postgresql.conf.")
    # The look itself may only read, so the setting of the session says nothing; whether it is a standby does.
    standby = connection.execute(text("SELECT pg_is_in_recovery()")).scalar_one()
    if standby or shown("default_transaction_read_only") == "on":
        remedy = "Name both servers and target_session_attrs=read-write, or promote it (docs/operators.md)."
        yield wrong("database", f"{_named(settings)} takes no writes{': it is a standby' * standby}.", remedy)
    elif not off:
        yield good("database", f"{_named(settings)} is PostgreSQL {version}, and keeps what it has confirmed.")
    if shown("lock_timeout") == "0":
        sentence = "lock_timeout is not set: while another program holds a row, whoever wants it waits without end."
        yield look("database", sentence, "ALTER ROLE … SET lock_timeout = '10s', with the role of the program.")
    if is_pooled(connection.connection.driver_connection):
        yield good("database", "It stands behind a pooler (PgBouncer): nothing is prepared there.")
