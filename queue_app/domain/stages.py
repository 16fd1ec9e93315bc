"""Where a ticket stands, taken together with its day, its hour, its visit and the time: one answer for everybody.

The page, the papers, every message, the desk's answer and the lists speak from it, so that none of them says "come"
where another says "closed".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from .booking import TicketState
from .calendar import BookingRules
from .clock import office_date
from .visits import Outcome, VisitState


class Stage(StrEnum):
    BOOKED = "booked"  # the day lies ahead
    TODAY = "today"
    ARRIVED = "arrived"  # waiting in the hall, or put aside for a moment
    CALLED = "called"
    IN_SERVICE = "in_service"
    SERVED = "served"
    MISSED = "missed"  # never came, or did not answer the call
    MOVED = "moved"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"  # the office closed the day, or took the hour out of it
    OVER = "over"  # the day went by, and nothing tells what became of them


# Its owner is still expected to come.
TO_COME = frozenset({Stage.BOOKED, Stage.TODAY})
IN_THE_HALL = frozenset({Stage.ARRIVED, Stage.CALLED, Stage.IN_SERVICE})
# It opens the door: only then it is handed out as QR code, paper and calendar entry.
VALID = TO_COME | IN_THE_HALL
# States of a visit in which closing the day sends its owner home; whoever sits at a counter is served.
LEFT_WAITING = frozenset({VisitState.WAITING, VisitState.CALLED, VisitState.HELD})
_OF_STATE = {
    TicketState.RESCHEDULED: Stage.MOVED,
    TicketState.CANCELLED: Stage.CANCELLED,
    TicketState.NO_SHOW: Stage.MISSED,
}
_OF_VISIT = {
    VisitState.CALLED: Stage.CALLED,
    VisitState.IN_SERVICE: Stage.IN_SERVICE,
    VisitState.SERVED: Stage.SERVED,
    VisitState.ABSENT: Stage.MISSED,
    VisitState.DAY_ENDED: Stage.OVER,
}


def waits_in_vain(visit: VisitState | None, outcome: Outcome | None) -> bool:
    """Of somebody whose place was taken away: whoever has come to a counter is served all the same."""
    unserved = visit is VisitState.DAY_ENDED and outcome is not Outcome.UNRECORDED
    return visit is None or visit in LEFT_WAITING or unserved


class Act(StrEnum):
    """What the owner of a ticket may do with it."""

    CANCEL = "cancel"
    MOVE_HOUR = "move_hour"  # within its day
    MOVE_DAY = "move_day"


@dataclass(frozen=True)
class TicketLife:
    """All that decides about a ticket. ``given``: neither its day nor its hour was taken out by the office.

    Instants are UTC; ``visit`` is None for somebody who has not come.
    """

    state: TicketState
    day: date
    starts_at: datetime
    zone: str
    given: bool
    visit: VisitState | None = None
    outcome: Outcome | None = None

    def stage(self, *, now: datetime) -> Stage:
        if self.state in _OF_STATE:
            return _OF_STATE[self.state]
        today = office_date(now, self.zone)
        if self.state is TicketState.CHECKED_IN:
            return self._in_the_hall(today)
        if not self.given:
            return Stage.WITHDRAWN
        if self.day == today:
            return Stage.TODAY
        return Stage.BOOKED if self.day > today else Stage.OVER

    def _in_the_hall(self, today: date) -> Stage:
        stage = _OF_VISIT.get(self.visit, Stage.ARRIVED) if self.visit else Stage.ARRIVED
        if self.visit is VisitState.DAY_ENDED and self.outcome is Outcome.UNRECORDED:
            stage = Stage.SERVED  # they were at a counter
        if not self.given and waits_in_vain(self.visit, self.outcome):
            return Stage.WITHDRAWN
        return Stage.OVER if stage in IN_THE_HALL and self.day < today else stage

    def acts(self, rules: BookingRules, *, now: datetime) -> frozenset[Act]:
        """What can be booked can be given back until the hour of arrival; the cut-off ends moving to another day.

        Where the office took the place away its owner may always choose another (`docs/rules.md` R-CUTOFF-2).
        """
        if self.state is not TicketState.BOOKED:
            return frozenset()
        if not self.given:
            return frozenset(Act)
        if now >= self.starts_at:
            return frozenset()
        within = frozenset({Act.CANCEL, Act.MOVE_HOUR})
        return within | {Act.MOVE_DAY} if now < rules.moves_close(self.day, self.starts_at) else within
