"""Bring the tables up to date, and say whether they are.

Apart from `db`, because Alembic costs a third of a second and 13 MB, and those who serve never migrate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum, auto
from functools import cache
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, inspect, text

from .db import db

HALF_RESTORED = "half_restored"  # the table that marks a database while it is restored
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


def upgrade(app: Flask) -> None:
    """Run the migrations that are missing, each in a transaction of its own: no other one may be open.

    Raises DatabaseUnfit for a database of a newer version.
    """
    with app.app_context():
        with db.engine.connect() as connection:
            found = standing(connection)
            if found is Standing.NEWER:
                raise _newer(connection)
        if found is Standing.CURRENT:
            return
        import flask_migrate

        with_migrations(app)
        flask_migrate.upgrade()
