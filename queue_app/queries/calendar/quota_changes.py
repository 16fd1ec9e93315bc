"""Changes of many days' quotas, as a page lists them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.models import QuotaChange


def quota_changes_of(session: Session, office_id: int, *, limit: int = 30) -> Sequence[QuotaChange]:
    """The newest first."""
    of_office = select(QuotaChange).where(QuotaChange.office_id == office_id)
    return session.scalars(of_office.order_by(QuotaChange.id.desc()).limit(limit)).all()


def quota_change_at(session: Session, change_id: int, office_id: int) -> QuotaChange:
    """Raise NotFound, also for a change of another office."""
    change = session.get(QuotaChange, change_id, populate_existing=True)
    if change is None or change.office_id != office_id:
        raise NotFound()
    return change
