"""Bring the tables up to date, and say whether they are.

Apart from `db`, because Alembic costs a third of a second and 13 MB, and those who serve never migrate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from .db import db

HALF_RESTORED = "half_restored"  # the table that marks a database while it is restored
TURN = 600  # seconds that a second process waits for the one that migrates: that one may copy a large database first
TURN_NUMBER = 3314_0001  # of the lock that says so in PostgreSQL; the same in all versions
LOCK = 30  # seconds that a change waits for those who still use a table; whoever comes after it waits as long
FOLDER = Path(__file__).parent / "migrations"
_NAMES = re.compile(r'^(revision|down_revision)\b[^=\n]*= *["\']([^"\']+)["\']', re.MULTILINE)


class DatabaseUnfit(Exception):
    """The tables are not those that the program needs; the text says what to do."""


class DatabaseOlder(DatabaseUnfit):
    """It can be brought up to date."""


class Standing(Enum):
    """Of the tables, against the migrations that this program knows."""

    CURRENT = auto()
    OLDER = auto()
    NEWER = auto()


def standing(connection: Connection) -> Standing:
    """A database without any table is an older one."""
    had = _migrations_had(connection)
    known, newest_ones = _known()
    if had - known:
        return Standing.NEWER
    return Standing.CURRENT if had == newest_ones else Standing.OLDER


def require_current(connection: Connection) -> None:
    """Raises DatabaseUnfit unless the tables are as new as the program."""
    refuse_half_restored(connection)
    found = standing(connection)
    if found is Standing.NEWER:
        raise _newer(connection)
    if found is Standing.OLDER:
        raise DatabaseOlder("The database is older than this program, or empty: run `queue-app init` first.")


def newest() -> frozenset[str]:
    """The migrations that no other one builds upon."""
    return _known()[1]


def known() -> frozenset[str]:
    """All migrations of this program."""
    return _known()[0]


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    """All migrations, and the newest of them, read from their files."""
    named: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for path in (FOLDER / "versions").glob("*.py"):
        for name, value in _NAMES.findall(path.read_text(encoding="utf-8")):
            named[name].add(value)
    return frozenset(named["revision"]), frozenset(named["revision"] - named["down_revision"])


def _migrations_had(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def _newer(connection: Connection) -> DatabaseUnfit:
    return DatabaseUnfit(
        f"The database was made by a newer version of this program (migration {_shown(_migrations_had(connection))}; "
        f"this version knows them up to {_shown(newest())}). Put the newer version back, or restore a backup from "
        "before the update. Nothing was changed."
    )


def _shown(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


class HalfRestored(DatabaseUnfit):
    """The database is one that `queue-app restore` was interrupted at."""


def refuse_half_restored(connection: Connection) -> None:
    """Raises HalfRestored: ids would be given twice and messages be sent again on what is there."""
    if inspect(connection).has_table(HALF_RESTORED):
        raise HalfRestored(
            "A restore into this database was interrupted: run `queue-app restore` with the same backup again."
        )


def with_migrations(app: Flask) -> Flask:
    """Let the commands of Flask-Migrate work on this application."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(FOLDER), render_as_batch=True, compare_type=True)
    return app


def upgrade(app: Flask, *, before: Callable[[str], None] | None = None) -> None:
    """Run the migrations that are missing: afterwards all of them are in effect, or none. No transaction may be open.

    Of several processes one does it, and the others wait for it. ``before`` is told the migration that a database with
    tables has, when nobody else can migrate any more and nothing is changed yet; what it raises leaves all as it was.
    Raises DatabaseUnfit for a database of a newer version, and for one that others do not let go of.
    """
    with app.app_context():
        with db.engine.connect() as connection:
            if _is_current(connection):
                return
        from alembic import command

        config = with_migrations(app).extensions["migrate"].migrate.get_config()
        try:
            with changing_tables(db.engine) as connection:
                if _is_current(connection):
                    return  # whoever had the turn before us has done it
                if before and (had := _migrations_had(connection)):
                    before(_shown(had))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except OperationalError as problem:
            if not _is_in_use(problem):
                raise
            raise DatabaseUnfit(
                "Somebody else uses the database, so it was not brought up to date, and nothing was changed. Stop the "
                "program on every machine, end reports and repairs that are open, and start again."
            ) from None


def _is_current(connection: Connection) -> bool:
    found = standing(connection)
    if found is Standing.NEWER:
        raise _newer(connection)
    return found is Standing.CURRENT


@contextmanager
def changing_tables(engine: Engine) -> Iterator[Connection]:
    """The one transaction in which migrations run, one process after the other. Killed in it, nothing has happened."""
    options = {"writes": True, "patience": TURN}
    with engine.connect().execution_options(**options) as connection, _tables_made_anew(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            # Of the transaction, not of the session: behind a pooler the next one may be in another session.
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{TURN}s'")
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": TURN_NUMBER})
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK}s'")
        yield connection
        _refuse_strays(connection)


@contextmanager
def _tables_made_anew(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making another one in its place. While rows refer to it that takes foreign keys
    switched off, which has to happen before the transaction (sqlite.org/lang_altertable.html, step 1).
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _refuse_strays(connection: Connection) -> None:
    """Step 10 of the same: nothing may refer to a row that is gone."""
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a migration leaves rows that refer to nothing; nothing was changed")


def _is_in_use(problem: OperationalError) -> bool:
    """Another one has locked what is to be changed: lock_not_available, deadlock_detected; or SQLite itself."""
    return getattr(problem.orig, "sqlstate", None) in {"55P03", "40P01"} or "database is locked" in str(problem.orig)
