"""What the three commonest reads cost inside the database when it is full: 10 thousand to 5 million bookings.

The statements are those that the product's own queries send. PostgreSQL: the execution time that the server itself
reports, the best of three; SQLite: the processor time of the call, rows fetched.
"""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from statistics import mean
from typing import Any

import psycopg
from sqlalchemy import Engine, NullPool, create_engine, event, make_url
from sqlalchemy.orm import Session

from queue_app.domain.calendar import BeforeDay, BookingRules
from queue_app.queries.arrivals.arrivals import arrivals_of_day
from queue_app.queries.booking.availability import days_between
from queue_app.services.booking.lookup import ticket_of_token
from scripts.benchmarks.databases import Databases, driver_url
from scripts.benchmarks.filling import Content, content, fill
from scripts.benchmarks.installation import Installation
from scripts.benchmarks.machine import progress
from scripts.benchmarks.table import Line

SAMPLES = 20  # different offices, days and tickets in each round
TRIES = 3  # of each statement on a server, whose clock runs on while other programs have the core
Statements = list[tuple[str, Any]]
RULES = BookingRules(
    opens=BeforeDay(60, time_of_day(7)),
    closes=BeforeDay(1, time_of_day(16)),
    changes_close=BeforeDay(1, time_of_day(12)),
    zone="Asia/Jakarta",
)


class NothingSealed:
    """A keyring for made-up rows: a token is the ticket's id."""

    def read_ticket_token(self, typed: str) -> int:
        return int(typed)


def sizes(databases: Databases, folder: Any, wanted: list[int], rounds: int) -> Iterator[Line]:
    for bookings in wanted:
        with filled(databases, folder, bookings) as (installation, full):
            engine = create_engine(installation.settings.database_url)
            try:
                yield from _lines(engine, full, rounds)
            finally:
                engine.dispose()


@contextmanager
def filled(databases: Databases, folder: Any, bookings: int) -> Iterator[tuple[Installation, Content]]:
    """An installation with so many bookings, for the length of the block."""
    progress(f"{bookings:,} bookings: filling")
    installation = Installation(folder / f"size-{bookings}", databases.fresh(f"size_{bookings}"), 1)
    made = installation.command("init")
    if made.returncode:
        raise SystemExit(f"no database of {bookings} bookings: {made.stderr.strip()}")
    engine = create_engine(installation.settings.database_url, poolclass=NullPool)
    full = content(bookings, datetime.now(UTC).date())
    began = time.perf_counter()
    fill(engine, full)
    progress(f"{bookings:,} bookings: filled in {time.perf_counter() - began:.0f} s, reading")
    try:
        yield installation, full
    finally:
        databases.drop(installation.settings.database_url)
        shutil.rmtree(installation.folder, ignore_errors=True)


def _lines(engine: Engine, full: Content, rounds: int) -> Iterator[Line]:
    reads: dict[str, Callable[[Session, random.Random], object]] = {
        "availability of 30 days": lambda session, choose: _availability(session, full, choose),
        "ticket by its token": lambda session, choose: _by_token(session, full, choose),
        "day list of the desk": lambda session, choose: _day_list(session, full, choose),
    }
    for name, read in reads.items():
        statements = [_captured(engine, read, random.Random(sample)) for sample in range(SAMPLES)]
        times = [mean(_time_of(engine, sample) for sample in statements) for _ in range(rounds)]
        yield Line(f"{name}, {full.bookings:,} bookings", [1000 * each for each in times], "ms", at_most=1)


def _availability(session: Session, full: Content, choose: random.Random) -> object:
    office = choose.randint(1, full.offices)
    last = full.today + timedelta(days=29)
    now = datetime.now(UTC)
    of = {"office_id": office, "service_id": full.service_of(office)}
    return days_between(session, **of, rules=RULES, first=full.today, last=last, now=now)


def _by_token(session: Session, full: Content, choose: random.Random) -> object:
    return ticket_of_token(session, str(choose.randint(1, full.bookings)), keyring=NothingSealed())  # type: ignore[arg-type]


def _day_list(session: Session, full: Content, choose: random.Random) -> object:
    day = full.today - timedelta(days=choose.randint(0, (full.today - full.first_day).days))
    return arrivals_of_day(session, choose.randint(1, full.offices), day, now=datetime.now(UTC))


def _captured(engine: Engine, read: Callable[[Session, random.Random], object], choose: random.Random) -> Statements:
    """The statements that a read sends, with their parameters."""
    sent: Statements = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        with Session(engine) as session:
            read(session, choose)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sent


def _time_of(engine: Engine, statements: Statements) -> float:
    """Seconds that the database needs for all of them."""
    url = engine.url.render_as_string(hide_password=False)
    if engine.dialect.name == "sqlite":
        return _time_on_sqlite(make_url(url).database or "", statements)
    with psycopg.connect(driver_url(url), autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        return sum(min(_reported_by_server(connection, *each) for _ in range(TRIES)) for each in statements)


def _time_on_sqlite(path: str, statements: Statements) -> float:
    connection = sqlite3.connect(path)
    try:
        for statement, parameters in statements:
            connection.execute(statement, parameters).fetchall()  # opens the file, reads the schema
        began = time.thread_time()
        for statement, parameters in statements:
            connection.execute(statement, parameters).fetchall()
        return time.thread_time() - began
    finally:
        connection.close()


def _reported_by_server(connection: psycopg.Connection[Any], statement: str, parameters: Any) -> float:
    plan = connection.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {statement}", parameters).fetchall()  # type: ignore[arg-type]
    found = re.search(r"Execution Time: ([0-9.]+) ms", "\n".join(row[0] for row in plan))
    return float(found.group(1)) / 1000 if found else 0.0
