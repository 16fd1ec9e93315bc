"""Facts of one day of an office, which all its figures are counted from.

They name nobody. But for ``again`` they need nothing that the purge empties, and that is only ever counted up: a day
that is counted again after years gives the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_app.domain.booking import HOLDING_STATES, TicketState
from queue_app.domain.calendar import Share
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.visits import UNFINISHED, Outcome, StepKind, VisitState

WALK_IN = "walk_in"
AGAIN_WITHIN = timedelta(days=30)  # before the day


@dataclass(frozen=True)
class Person:
    """One ticket of the day. ``made_at``: when it was booked, or moved to this day and hour; ``lead``: days from then
    to the day; ``left_at``: when it was given back or replaced; ``again``: the same person had come for the same
    service at this office in the `AGAIN_WITHIN` before.
    """

    ticket_id: int
    service_id: int
    slot_id: int
    channel: Channel
    walk_in: bool
    priority: Priority | None
    state: TicketState
    starts_at: datetime
    made_at: datetime
    lead: int
    left_at: datetime | None
    arrived_at: datetime | None
    visit: VisitState | None
    outcome: Outcome | None
    again: bool = False

    @property
    def holds(self) -> bool:
        return self.state in HOLDING_STATES

    @property
    def came(self) -> bool:
        return self.state is TicketState.CHECKED_IN

    @property
    def missed(self) -> bool:
        return self.state is TicketState.NO_SHOW

    @property
    def unsettled(self) -> bool:
        """They may still come, or are still here."""
        return self.state is TicketState.BOOKED or self.visit in UNFINISHED

    @property
    def way(self) -> str:
        """The channel; whoever came without a booking is counted apart where the channel also books."""
        return f"{self.channel}_{WALK_IN}" if self.walk_in else self.channel.value

    @property
    def end(self) -> str | None:
        """What came of the visit: its outcome, or how it stands without one."""
        return self.outcome or self.visit

    def wait(self, called_at: datetime) -> int:
        """Seconds until the first call: from arrival, or from the beginning of the booked window when they came before
        it; never less than nothing. Who came without a booking waits from arrival.
        """
        arrived_at = self.arrived_at or called_at
        begun = arrived_at if self.walk_in else max(arrived_at, self.starts_at)
        return max(0, round((called_at - begun).total_seconds()))


@dataclass(frozen=True)
class Step:
    """A step of a visit that was not taken back."""

    ticket_id: int
    at: datetime
    kind: StepKind
    counter_id: int | None
    actor: str


@dataclass(frozen=True)
class Places:
    """The places of one slot; ``accepts``: no closure or holiday took them."""

    slot_id: int
    service_id: int
    share: Share
    planned: int
    accepts: bool
    ends_at: datetime


@dataclass(frozen=True)
class OfficeDay:
    """Everything that happened on one day of one office; ``steps`` in the order in which they were made."""

    places: Sequence[Places]
    people: Sequence[Person]
    steps: Sequence[Step]
