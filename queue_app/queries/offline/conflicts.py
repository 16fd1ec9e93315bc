"""Acts without a connection that a person has to decide about, or to know of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from queue_app.models import OfflineEntry

# In the words of the index: SQLite does not find it by "conflict = 1", as which the column would be written.
_UNSETTLED = (text("offline_entry.conflict"), OfflineEntry.settled_at.is_(None))


def open_conflicts(session: Session, office_id: int) -> Sequence[OfflineEntry]:
    """In the order in which things were done."""
    return session.scalars(
        select(OfflineEntry)
        .where(OfflineEntry.office_id == office_id, *_UNSETTLED)
        .order_by(OfflineEntry.at, OfflineEntry.id)
    ).all()


def count_conflicts(session: Session, office_id: int) -> int:
    """How many persons or presses they concern."""
    found = select(func.count()).select_from(OfflineEntry).where(OfflineEntry.office_id == office_id, *_UNSETTLED)
    return session.scalar(found) or 0


def corrected_since(session: Session, office_id: int, since: datetime) -> Sequence[OfflineEntry]:
    """Those whose time was set right, because it cannot have been the one that the device gave; the newest first."""
    return session.scalars(
        select(OfflineEntry)
        .where(OfflineEntry.office_id == office_id, OfflineEntry.received_at >= since)
        .where(OfflineEntry.claimed_at.is_not(None))
        .order_by(OfflineEntry.received_at.desc(), OfflineEntry.id.desc())
    ).all()
