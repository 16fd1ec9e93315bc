"""The line about weight: bytes of a booking in tables, indexes and log, and processor time of its seal and its backup.

Booking, ticket and check-in are weighed in a database filled in bulk; audit entry, seal and message, which nothing
fills, by real claims after that.
"""

from __future__ import annotations

import resource
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from queue_app import create_app
from queue_app.db import claiming, db
from queue_app.services.booking.claim import claim_alone
from scripts.benchmarks.bench import Bench
from scripts.benchmarks.filling import FILLED, content, fill
from scripts.benchmarks.installation import Installation
from scripts.benchmarks.layouts import IDS, ROOM, booking_of
from scripts.benchmarks.machine import MB, cpu_seconds, family, progress
from scripts.benchmarks.table import Line
from tests.harness.backups import postgresql_programs

BOOKINGS, CLAIMS = 100_000, 5_000
ON_THE_WAY = ("audit_entry", "audit_seal", "outbox_message")


def weights(bench: Bench) -> Iterator[Line]:
    if bench.databases.given:
        raise LookupError("'weights' needs a database that is made for the run")
    programs = {} if bench.is_sqlite else {"QUEUE_APP_POSTGRESQL_PROGRAMS": str(postgresql_programs() or "")}
    installation = Installation(bench.folder / "weights", bench.databases.fresh("weights"), 1, more=programs)
    if (made := installation.command("init")).returncode:
        raise SystemExit(f"no database to weigh: {made.stderr.strip()}")
    url = installation.settings.database_url
    engine = create_engine(url)
    progress(f"{BOOKINGS:,} bookings: filling")
    fill(engine, content(BOOKINGS, datetime.now(UTC).date()))
    with engine.begin() as connection:
        full = {table: _bytes_of(connection, table) / _rows_of(connection, table) for table in FILLED}
        for statement in (ROOM,) if bench.is_sqlite else (ROOM, *IDS):
            connection.execute(text(statement))
    progress(f"{CLAIMS:,} claims")
    log = _claim(bench, installation)
    nothing = _command(bench, installation, "run-job", "--list")
    sealing = _command(bench, installation, "run-job", "seal-audit") - nothing
    with engine.connect() as connection:
        light = {table: _bytes_of(connection, table) / CLAIMS for table in ON_THE_WAY}
    engine.dispose()
    archive = bench.folder / "weights.zip"
    backup = _command(bench, installation, "backup", str(archive)) - nothing
    for table in FILLED:
        yield Line(f"bytes of a row of {table}, indexes included", [full[table]])
    for table in ON_THE_WAY:
        yield Line(f"bytes of a row of {table}, indexes included", [light[table]])
    yield Line("bytes of the log (WAL) of a booking", [log / CLAIMS])
    yield Line("processor time of a seal of the audit", [1e6 * sealing / CLAIMS], "µs")
    yield Line(f"processor time of a backup of {BOOKINGS + CLAIMS:,} bookings", [backup], "s")
    yield Line("… its file", [archive.stat().st_size / MB], "MB")


def _claim(bench: Bench, installation: Installation) -> float:
    """Bytes that the claims wrote to the log."""
    app = create_app(installation.settings)
    with app.app_context(), claiming() as connection:
        ahead = "SELECT id FROM slot WHERE day > CURRENT_DATE ORDER BY office_id, id"
        slots = connection.exec_driver_sql(ahead).scalars().all()
        keys = connection.exec_driver_sql("SELECT value FROM key_check WHERE name = 'all'").scalar_one()
        if bench.is_sqlite:
            connection.exec_driver_sql("PRAGMA wal_autocheckpoint = 0")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        before = _log_end(bench, connection)
        for number in range(CLAIMS):
            claim_alone(connection, booking_of(slots[number % len(slots)], secrets.token_bytes(32), keys))
        written = _log_end(bench, connection) - before
    with app.app_context():
        db.engine.dispose()
    return written


def _log_end(bench: Bench, connection: Connection) -> float:
    if bench.is_sqlite:
        return float(Path(f"{connection.engine.url.database}-wal").stat().st_size)
    return float(connection.exec_driver_sql("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn").scalar_one())


def _command(bench: Bench, installation: Installation, *arguments: str) -> float:
    """Processor seconds of a command, and of the database meanwhile."""
    before = _spent(bench)
    if (done := installation.command(*arguments)).returncode:
        raise SystemExit(f"queue-app {arguments[0]}: {done.stderr.strip()}")
    return _spent(bench) - before


def _spent(bench: Bench) -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime + sum(cpu_seconds(family(first)) for first in bench.databases.processes())


def _bytes_of(connection: Connection, table: str) -> int:
    if connection.dialect.name == "sqlite":
        weighed = "SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = :name)"
    else:
        weighed = "SELECT pg_total_relation_size(CAST(:name AS regclass))"
    return int(connection.execute(text(weighed), {"name": table}).scalar_one())


def _rows_of(connection: Connection, table: str) -> int:
    return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
