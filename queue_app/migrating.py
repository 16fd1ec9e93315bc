"""Bring the tables up to date, and say whether they are.

Apart from `db`, because Alembic costs a third of a second and 13 MB, and those who serve never migrate.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, inspect, text

from .db import db

FOLDER = Path(__file__).parent / "migrations"
_NAMES = re.compile(r'^(revision|down_revision)\b[^=\n]*= *["\']([^"\']+)["\']', re.MULTILINE)


def is_up_to_date(connection: Connection) -> bool:
    """Whether the newest migration of this program is the one the database had last."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars()) == newest()


@cache
def newest() -> frozenset[str]:
    """The migrations that no other one builds upon, read from their files."""
    named: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for path in (FOLDER / "versions").glob("*.py"):
        for name, value in _NAMES.findall(path.read_text(encoding="utf-8")):
            named[name].add(value)
    return frozenset(named["revision"] - named["down_revision"])


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
