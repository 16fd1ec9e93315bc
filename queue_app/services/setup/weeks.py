"""New weeks for several services at once: seen together, set together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor
from queue_app.models import OfficeService
from queue_app.services.calendar.days import make_days
from queue_app.services.calendar.schedule import NewSchedule, set_schedule

Weeks = Mapping[int, NewSchedule]  # by the id of the service at the office


def set_weeks(session: Session, office_id: int, weeks: Weeks, *, reason: str, actor: Actor, now: datetime) -> None:
    """Raises as `set_schedule`; NotFound for a service of another office."""
    for office_service_id, week in sorted(weeks.items()):
        offering = offering_there(session, office_service_id, office_id)
        give_week(session, offering, week, reason=reason, actor=actor, now=now)


def offering_there(session: Session, office_service_id: int, office_id: int) -> OfficeService:
    """Raises NotFound, also for a service of another office."""
    offering = session.get(OfficeService, office_service_id)
    if offering is None or offering.office_id != office_id:
        raise NotFound()
    return offering


def give_week(
    session: Session, offering: OfficeService, week: NewSchedule, *, reason: str, actor: Actor, now: datetime
) -> None:
    """The schedule, and the days that it makes. Raises as `set_schedule`."""
    set_schedule(session, offering.id, week, reason=reason, actor=actor, now=now)
    make_days(session, offering, now=now)
