"""Other hours for several services over a range of dates, after which those of before return by themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from queue_app.domain.errors import InvalidSchedule
from queue_app.domain.setup import DayHours, InvalidSetup
from queue_app.domain.special_hours import windows_like
from queue_app.queries.calendar.schedules import schedule_in_force
from queue_app.services.calendar.schedule import NewSchedule

from .weeks import Weeks


@dataclass(frozen=True)
class RangedHours:
    """``scaled``: the quota follows the length of the days; else each weekday keeps its own."""

    name: str
    first: date
    last: date
    hours: tuple[DayHours, ...]
    window_minutes: int
    scaled: bool

    def weeks(self, session: Session, office_services: Collection[int]) -> Weeks:
        """For each service a schedule that lies over its own. Raises InvalidSchedule (``date_range``), InvalidSetup
        (``no_hours`` where one has none to go by, and as `check_week`).
        """
        if self.last < self.first:
            raise InvalidSchedule(reason="date_range")
        return {one: self._of_service(session, one) for one in office_services}

    def _of_service(self, session: Session, office_service_id: int) -> NewSchedule:
        present = schedule_in_force(session, office_service_id, self.first)
        if present is None or not present.windows:
            raise InvalidSetup(reason="no_hours")
        windows = windows_like(present.dated.windows, self.hours, self.window_minutes, scaled=self.scaled)
        return NewSchedule(self.name, self.first, self.last, windows)
