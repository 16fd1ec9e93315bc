"""The weekly schedules of a service."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from queue_app.models import Schedule


def schedules(session: Session, office_service_id: int) -> list[Schedule]:
    """All schedules of a service at an office, the one that begins last first."""
    return list(
        session.scalars(
            select(Schedule)
            .where(Schedule.office_service_id == office_service_id)
            .options(selectinload(Schedule.windows))
            .order_by(Schedule.valid_from.desc(), Schedule.id.desc())
        )
    )
