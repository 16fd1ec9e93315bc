"""The clock that jobs go by, and whether it is doubted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from queue_app.models import ClockTrust

ONLY = 1  # the id of the one row


def clock_trust(session: Session) -> ClockTrust | None:
    """None before the first job has run."""
    return session.get(ClockTrust, ONLY, populate_existing=True)


def is_doubted(connection: Connection) -> bool:
    """Whether the jobs wait because of it."""
    doubted = select(ClockTrust.id).where(ClockTrust.id == ONLY, ClockTrust.doubt.is_not(None))
    return connection.execute(doubted).first() is not None


def database_time(session: Session) -> datetime | None:
    """What the database's own clock tells; None for SQLite, which has none but ours."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    told: datetime = session.scalars(select(func.clock_timestamp())).one()
    return told
