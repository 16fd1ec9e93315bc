"""Everything that happened on one day of an office, as figures are counted from it. Nothing sealed is read; equal
person indexes tell who came again, and no further."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from queue_app.domain.booking import ACTIVE_STATES, LEFT_STATES, TicketState
from queue_app.domain.clock import office_date
from queue_app.domain.figures.facts import AGAIN_WITHIN, OfficeDay, Person, Places, Step
from queue_app.models import Booking, Slot, Ticket, Visit, VisitStep
from queue_app.models.base import spelled_out


def office_day(session: Session, office_id: int, day: date, *, zone: str) -> OfficeDay:
    places = (
        select(Slot.id, Slot.service_id, Slot.share, Slot.planned, Slot.accepts, Slot.ends_at)
        .where(Slot.office_id == office_id, Slot.day == day)
        .order_by(Slot.id)
    )
    steps = (
        select(VisitStep.ticket_id, VisitStep.at, VisitStep.kind, VisitStep.counter_id, VisitStep.actor)
        .where(VisitStep.office_id == office_id, VisitStep.day == day, VisitStep.undone_at.is_(None))
        .order_by(VisitStep.id)
    )
    return OfficeDay(
        places=[Places(*row) for row in session.execute(places)],
        people=[_person(row, zone) for row in _people(session, office_id, day)],
        steps=[Step(*row) for row in session.execute(steps)],
    )


def _people(session: Session, office_id: int, day: date) -> Sequence[Any]:
    """A ticket that was moved here was made when the one before it was replaced."""
    before, earlier = aliased(Ticket), aliased(Ticket)
    came_before = (
        select(earlier.id)
        .where(earlier.person_index == Ticket.person_index, earlier.service_id == Ticket.service_id)
        # As a sum, and with the states of the index word by word: else SQLite would go through an office's tickets.
        .where(earlier.office_id + 0 == office_id, earlier.state.not_in(spelled_out(ACTIVE_STATES)))
        .where(earlier.day.between(day - AGAIN_WITHIN, day - timedelta(days=1)))
        .where(earlier.state == TicketState.CHECKED_IN)
        .exists()
    )
    return session.execute(
        select(
            *(Ticket.id, Ticket.service_id, Ticket.slot_id, Ticket.walk_in, Ticket.priority, Ticket.state),
            *(Ticket.starts_at, Ticket.state_since, Booking.channel, Booking.created_at),
            *(before.state_since.label("moved_at"), Visit.arrived_at, Visit.state.label("visit"), Visit.outcome),
            came_before.label("again"),
        )
        .join(Booking, Booking.id == Ticket.booking_id)
        .outerjoin(before, (before.booking_id == Ticket.booking_id) & (before.replaced_by_id == Ticket.id))
        .outerjoin(Visit, Visit.ticket_id == Ticket.id)
        .where(Ticket.office_id == office_id, Ticket.day == day)
        .order_by(Ticket.id)
    ).all()


def _person(row: Any, zone: str) -> Person:
    made_at: datetime = row.moved_at or row.created_at
    return Person(
        ticket_id=row.id,
        service_id=row.service_id,
        slot_id=row.slot_id,
        channel=row.channel,
        walk_in=row.walk_in,
        priority=row.priority,
        state=row.state,
        starts_at=row.starts_at,
        made_at=made_at,
        lead=max(0, (office_date(row.starts_at, zone) - office_date(made_at, zone)).days),
        left_at=row.state_since if row.state in LEFT_STATES else None,
        arrived_at=row.arrived_at,
        visit=row.visit,
        outcome=row.outcome,
        again=row.again,
    )
