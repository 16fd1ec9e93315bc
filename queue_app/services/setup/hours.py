"""The week of several services, entered once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from queue_app.domain.opening_hours import hours_in_words
from queue_app.domain.roles import Actor
from queue_app.domain.setup import DayHours, windows_of_week
from queue_app.models import Office
from queue_app.services.calendar.schedule import NewSchedule

from .weeks import give_week, offering_there

USUAL = "Jadwal biasa"  # how a week without end is called that nobody has named


def set_hours(
    session: Session,
    office_id: int,
    hours: Sequence[DayHours],
    window_minutes: int,
    quotas: Mapping[int, int],
    *,
    by_length: bool = False,
    name: str,
    valid_from: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """One week for several services of an office: ``quotas`` has the places a day of each (by id of the service at the
    office), on shorter days as `windows_of_week` has it. An office that has not told its opening hours in words gets
    these; whether its words are these now.

    Raises as `set_schedule` does; InvalidSetup as `windows_of_week`; NotFound for a service of another office.
    """
    for office_service_id, quota in sorted(quotas.items()):
        windows = windows_of_week(hours, window_minutes, quota, by_length=by_length)
        week = NewSchedule(name, valid_from, None, windows)
        offering = offering_there(session, office_service_id, office_id)
        give_week(session, offering, week, reason=reason, actor=actor, now=now)
    office, words = session.get_one(Office, office_id), hours_in_words(hours)
    if not office.opening_hours_id:
        office.opening_hours_id, office.opening_hours_en = words
        session.flush()
    return office.opening_hours_id == words[0]
