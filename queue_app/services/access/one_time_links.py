"""One-time links: which are good, and why another one is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from queue_app.domain.account_errors import LinkGone
from queue_app.domain.clock import lies_within
from queue_app.models import InvitedRole, PasswordReset, StaffInvitation

Link = TypeVar("Link", StaffInvitation, PasswordReset)


def is_good(table: Any, used_at: Any, life: timedelta, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which a link is claimed; of its time as `lies_within` says."""
    return used_at.is_(None), table.withdrawn_at.is_(None), table.made_at.between(now - life, now + life)


def require_good(link: Link | None, used_at: datetime | None, life: timedelta, now: datetime) -> Link:
    """Raises LinkGone, saying why."""
    if link is None:
        raise LinkGone(why="unknown")
    if used_at is not None:
        raise LinkGone(why="used")
    if link.withdrawn_at is not None:
        raise LinkGone(why="withdrawn")
    if not lies_within(link.made_at, life, now):
        raise LinkGone(why="expired")
    return link


def purge_links(session: Session, *, before: datetime) -> dict[str, int]:
    """Delete those made before an instant, used or not; how many rows of each table."""
    old = select(StaffInvitation.id).where(StaffInvitation.made_at < before)
    session.execute(delete(InvitedRole).where(InvitedRole.invitation_id.in_(old)))
    return {
        table.__tablename__: len(session.execute(delete(table).where(table.made_at < before).returning(table.id)).all())
        for table in (StaffInvitation, PasswordReset)
    }
