"""Log-ins that were made while the clock was ahead: they would come back to life when the clock is there again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.models import StaffSession


def there_are_some(session: Session, *, idle: timedelta, now: datetime) -> bool:
    """Whether a log-in lies further ahead than one may be idle: a clock was set back by more than a small step."""
    ahead = select(StaffSession.staff_id).where(StaffSession.ended_at.is_(None), StaffSession.last_seen_at > now + idle)
    return session.execute(ahead.limit(1)).first() is not None


def end(session: Session, *, idle: timedelta, now: datetime) -> int:
    """End them; return how many. Not in the audit log: nobody logged out, and the log-in stands there already."""
    ended = session.execute(
        update(StaffSession)
        .where(StaffSession.ended_at.is_(None), StaffSession.last_seen_at > now + idle)
        .values(ended_at=now)
        .returning(StaffSession.staff_id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())
