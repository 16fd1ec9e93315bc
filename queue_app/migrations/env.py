"""Run migrations inside the application's own engine, so that they meet the same settings as the program."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from queue_app.migrating import changing_tables
from queue_app.models import Base
from queue_app.models.base import UtcDateTime


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our time type as the plain column type it is, so that migrations stand without the models."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run_migrations(connection: Connection) -> None:
    """In the transaction that is open."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        **current_app.extensions["migrate"].configure_args,
    )
    context.run_migrations()


if "connection" in context.config.attributes:  # of `migrating.upgrade`, which begins and ends the transaction
    run_migrations(context.config.attributes["connection"])
else:  # a command of Flask-Migrate
    with changing_tables(current_app.extensions["migrate"].db.engine) as own:
        run_migrations(own)
