"""The times without data, and the backups that there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.models import Backup, MessageState, Office, OutboxMessage, Restoration

STILL_ASKED_FOR = timedelta(days=90)  # after it nobody looks for a booking of the time that was lost
WAIT_AT_MOST = timedelta(days=3)
NO_OFFICE_YET = "Asia/Jakarta"


@dataclass(frozen=True)
class Gap:
    """From when to when there is no data (UTC), and the zone in which to say so."""

    restoration_id: int
    begins: datetime
    ends: datetime
    zone: str
    acknowledged: bool


def restorations(session: Session) -> list[Restoration]:
    """The newest first."""
    return list(session.scalars(select(Restoration).order_by(Restoration.id.desc())))


def latest_gap(session: Session) -> Gap | None:
    """The one that whoever misses a ticket is told of; None when there never was one."""
    row = session.scalars(select(Restoration).order_by(Restoration.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Gap(row.id, row.backup_at, row.restored_at, first_zone(session), row.acknowledged_at is not None)


def recent_gap(session: Session, *, now: datetime) -> Gap | None:
    gap = latest_gap(session)
    return gap if gap and gap.ends > now - STILL_ASKED_FOR else None


def decisions_wait(session: Session, *, now: datetime) -> bool:
    """Whether the jobs that decide about people wait for an administrator: who was here, or has accepted an offer, in
    the time without data would be taken for somebody who was not. Not for ever: they also give people free.
    """
    waiting = select(Restoration.id).where(
        Restoration.acknowledged_at.is_(None), Restoration.restored_at > now - WAIT_AT_MOST
    )
    return session.execute(waiting.limit(1)).first() is not None


def restored_at(session: Session) -> datetime | None:
    """When the database was restored the last time."""
    return session.scalar(select(func.max(Restoration.restored_at)))


def first_zone(session: Session) -> str:
    """Of the whole installation, where no single office is meant."""
    return session.scalar(select(Office.time_zone).order_by(Office.id).limit(1)) or NO_OFFICE_YET


def last_backup(session: Session) -> Backup | None:
    return session.scalars(select(Backup).order_by(Backup.made_at.desc(), Backup.id.desc()).limit(1)).one_or_none()


def count_held(session: Session, office_id: int) -> int:
    """Messages of an office that wait for an administrator to decide."""
    # Of all offices: asked for one, the database would rather go through all of its messages.
    held = select(OutboxMessage.office_id, func.count()).where(OutboxMessage.state == MessageState.HELD)
    return dict(session.execute(held.group_by(OutboxMessage.office_id)).all()).get(office_id, 0)
