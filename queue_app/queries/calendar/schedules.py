"""The weekly schedules of a service, and the holidays."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from queue_app.models import Holiday, Schedule


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


def holidays_between(session: Session, first: date, last: date) -> list[Holiday]:
    return list(session.scalars(select(Holiday).where(Holiday.date.between(first, last)).order_by(Holiday.date)))
