"""Run migrations inside the application's own engine, so that they meet the same settings as the program."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from queue_app.models import Base
from queue_app.models.base import UtcDateTime


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our time type as the plain column type it is, so that migrations stand without the models."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run_migrations() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(writes=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
