"""Tell everybody something for a while, change it, and take it down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from queue_app.domain.announcements import Announcing
from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor
from queue_app.models import Announcement
from queue_app.services.records import audit
from queue_app.services.records.changes import change_columns


def announce(
    session: Session, office_id: int | None, announcing: Announcing, *, actor: Actor, now: datetime
) -> Announcement:
    """``office_id``: None for all offices. Raises InvalidAnnouncement."""
    columns = announcing.checked(now=now)
    row = Announcement(office_id=office_id, **columns)
    session.add(row)
    session.flush()
    _record(session, "announcement.made", row, {}, columns, actor=actor, now=now)
    return row


def change_announcement(
    session: Session, announcement_id: int, announcing: Announcing, *, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """The names of the columns that changed. Raises NotFound, InvalidAnnouncement."""
    columns = announcing.checked(now=now)
    row = _locked(session, announcement_id)
    before, after = change_columns(row, columns)
    if after:
        session.flush()
        _record(session, "announcement.changed", row, before, after, actor=actor, now=now)
    return tuple(after)


def end_announcement(session: Session, announcement_id: int, *, actor: Actor, now: datetime) -> bool:
    """Take it down now, also one that has not begun; False when it was over already. Raises NotFound."""
    row = _locked(session, announcement_id)
    if row.ends_at <= now:
        return False
    before, after = change_columns(row, {"starts_at": min(row.starts_at, now), "ends_at": now})
    session.flush()
    _record(session, "announcement.ended", row, before, after, actor=actor, now=now)
    return True


def _locked(session: Session, announcement_id: int) -> Announcement:
    row = session.get(Announcement, announcement_id, with_for_update={"key_share": True}, populate_existing=True)
    if row is None:
        raise NotFound()
    return row


def _record(
    session: Session,
    action: str,
    row: Announcement,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    audit.record(
        session,
        action,
        "announcement",
        row.id,
        actor=actor,
        now=now,
        office_id=row.office_id,
        before=_as_json(before),
        after=_as_json(after),
    )


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
