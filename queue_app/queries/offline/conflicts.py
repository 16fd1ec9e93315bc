"""Acts without a connection that a person has to decide about."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.models import OfflineEntry

_UNSETTLED = (OfflineEntry.conflict, OfflineEntry.settled_at.is_(None))


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
