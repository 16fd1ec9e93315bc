"""The outbox as the administrator sees it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.models import MessageState, OutboxMessage


def messages_of(session: Session, office_id: int, *, limit: int = 100) -> Sequence[OutboxMessage]:
    """The newest messages of an office."""
    here = select(OutboxMessage).where(OutboxMessage.office_id == office_id)
    return session.scalars(here.order_by(OutboxMessage.id.desc()).limit(limit)).all()


def counts(session: Session) -> dict[MessageState, int]:
    rows = session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
    return dict(rows.all())
