"""Bring the tables up to date, and say whether they are.

Apart from `db`, because Alembic costs a third of a second and 13 MB, and those who serve never migrate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, inspect, text

from .db import db

HALF_RESTORED = "half_restored"  # the table that marks a database while it is restored
FOLDER = Path(__file__).parent / "migrations"
_NAMES = re.compile(r'^(revision|down_revision)\b[^=\n]*= *["\']([^"\']+)["\']', re.MULTILINE)


def is_up_to_date(connection: Connection) -> bool:
    """Whether the newest migration of this program is the one the database had last."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars()) == newest()


@cache
def newest() -> frozenset[str]:
    """The migrations that no other one builds upon."""
    return known() - frozenset(_named("down_revision"))


@cache
def known() -> frozenset[str]:
    """All migrations of this program, read from their files."""
    return frozenset(_named("revision"))


def _named(wanted: str) -> Iterator[str]:
    for path in (FOLDER / "versions").glob("*.py"):
        for name, value in _NAMES.findall(path.read_text(encoding="utf-8")):
            if name == wanted:
                yield value


class HalfRestored(Exception):
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
    """Run the migrations that are missing, each in a transaction of its own: no other one may be open."""
    with app.app_context():
        with db.engine.connect() as connection:
            if is_up_to_date(connection):
                return
        import flask_migrate

        with_migrations(app)
        flask_migrate.upgrade()
