"""Other hours for several services over a range of dates, after which those of before return by themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from queue_app.domain.errors import InvalidSchedule, NotFound
from queue_app.domain.roles import Actor
from queue_app.domain.setup import DayHours, InvalidSetup
from queue_app.domain.special_hours import windows_like
from queue_app.models import OfficeService
from queue_app.queries.calendar.schedules import schedule_in_force
from queue_app.services.calendar.days import make_days
from queue_app.services.calendar.schedule import NewSchedule, set_schedule


@dataclass(frozen=True)
class RangedHours:
    """``scaled``: the quota follows the length of the days; else each weekday keeps its own."""

    name: str
    first: date
    last: date
    hours: tuple[DayHours, ...]
    window_minutes: int
    scaled: bool

    def schedule_for(self, session: Session, offering: OfficeService) -> NewSchedule:
        """Raises InvalidSchedule (``date_range``), InvalidSetup (``no_hours`` where the service has none to go by)."""
        if self.last < self.first:
            raise InvalidSchedule(reason="date_range")
        present = schedule_in_force(session, offering.id, self.first)
        if present is None or not present.windows:
            raise InvalidSetup(reason="no_hours")
        windows = windows_like(present.dated.windows, self.hours, self.window_minutes, scaled=self.scaled)
        return NewSchedule(self.name, self.first, self.last, windows)


def set_ranged_hours(
    session: Session,
    office_id: int,
    services: Collection[int],
    new: RangedHours,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    """For each of the services (by id of the service at the office) a schedule that lies over its own; how many.

    Raises as `set_schedule` and `RangedHours.schedule_for`; NotFound for a service of another office.
    """
    for offering in _offerings(session, office_id, services):
        schedule = new.schedule_for(session, offering)
        set_schedule(session, offering.id, schedule, reason=reason, actor=actor, now=now)
        make_days(session, offering, now=now)
    return len(services)


def _offerings(session: Session, office_id: int, services: Collection[int]) -> Sequence[OfficeService]:
    found = [session.get(OfficeService, office_service_id) for office_service_id in sorted(services)]
    if any(one is None or one.office_id != office_id for one in found):
        raise NotFound()
    return [one for one in found if one is not None]
