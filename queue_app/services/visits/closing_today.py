"""End the day because of a disruption (`docs/rules.md` R-DISRUPT-2): it sends people home and messages to many, so
nobody but an administrator does it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.disruptions import SecondPersonNeeded
from queue_app.domain.roles import Actor, Permission
from queue_app.models import Booking, Disruption, Ticket
from queue_app.services.access.second_person import may_now

from .disruptions import end_disruption, left_today


@dataclass(frozen=True)
class Reach:
    """Whom the end of the day would meet: those in the hall, those still to come.

    ``told``: bookings that get a message; ``unreachable``: people whose booking has no e-mail, for the call list.
    """

    waiting: Sequence[Ticket]
    expected: Sequence[Ticket]
    told: int
    unreachable: int

    @property
    def people(self) -> int:
        return len(self.waiting) + len(self.expected)


def reach_of(session: Session, disruption: Disruption, *, now: datetime) -> Reach:
    left = left_today(session, disruption.office_id, now=now, disruption=disruption)
    bookings = select(Booking.id).where(Booking.id.in_({ticket.booking_id for ticket in left}))
    reached = set(session.scalars(bookings.where(Booking.email.is_not(None))))
    return Reach(
        waiting=[ticket for ticket in left if ticket.state is TicketState.CHECKED_IN],
        expected=[ticket for ticket in left if ticket.state is TicketState.BOOKED],
        told=len(reached),
        unreachable=sum(ticket.booking_id not in reached for ticket in left),
    )


def close_today(
    session: Session,
    office_id: int,
    disruption_id: int,
    close: tuple[str, str],
    *,
    staff_id: int,
    second_id: int | None,
    now: datetime,
) -> Disruption:
    """End the disruption and the day; ``second_id``: who has shown at this moment that they agree.

    Raises SecondPersonNeeded, and what `end_disruption` raises.
    """
    second = None
    if not may_now(session, staff_id, office_id, Permission.CLOSE_TODAY):
        if second_id is None or second_id == staff_id:
            raise SecondPersonNeeded(why="missing" if second_id is None else "the_same")
        if not may_now(session, second_id, office_id, Permission.STOP_CALLING):
            raise SecondPersonNeeded(why="not_allowed")
        second = Actor.staff(second_id)
    return end_disruption(
        session,
        office_id,
        disruption_id=disruption_id,
        close=close,
        actor=Actor.staff(staff_id),
        now=now,
        confirmed_by=second,
    )
