"""Those who hold a place in an hour that has fewer places now than people, or was taken out of the schedule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from queue_app.domain.booking import HOLDING_STATES, TicketState
from queue_app.domain.quota import who_is_over
from queue_app.domain.reminders import MessageKind
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import Booking, MessageState, OutboxMessage, Slot, Ticket

A_DAY = timedelta(days=1)  # the date is another one in some zones


@dataclass(frozen=True)
class Withdrawn:
    """Somebody whose place is not planned any more, by number and code. They keep it until they move or cancel, or
    their hour is closed. ``planned``: the places of their hour; ``has_email``: whether a message reaches them.
    """

    ticket_id: int
    booking_id: int
    slot_id: int
    service_day_id: int
    day: date
    starts_at: datetime
    number: str
    code: str
    planned: int
    has_email: bool

    @property
    def dropped(self) -> bool:
        """Whether nobody at all is to be served in their hour."""
        return self.planned == 0


def withdrawn_tickets(
    session: Session,
    *,
    office_id: int,
    service_id: int | None = None,
    service_day_id: int | None = None,
    now: datetime,
) -> tuple[Withdrawn, ...]:
    """Those who are too many in the hours to come of open days, by hour and in the order of their booking."""
    which = [Slot.office_id == office_id, Slot.accepts, Slot.ends_at > now, Slot.booked > Slot.planned]
    which.append(Slot.day >= (now - A_DAY).date())  # by the index, and not through all hours there ever were
    if service_id is not None:
        which.append(Slot.service_id == service_id)
    if service_day_id is not None:
        which.append(Slot.service_day_id == service_day_id)
    planned = dict(session.execute(select(Slot.id, Slot.planned).where(*which)).all())
    return too_many(session, planned)


def too_many(session: Session, planned: Mapping[int, int]) -> tuple[Withdrawn, ...]:
    """Those who would be too many in slots with so many places: those who booked last. A party is one."""
    rows = session.execute(
        select(Ticket, Slot, Booking.code, Booking.email.is_not(None).label("has_email"))
        .join(Slot, Slot.id == Ticket.slot_id)
        .join(Booking, Booking.id == Ticket.booking_id)
        .where(Ticket.slot_id.in_(planned), Ticket.state.in_(HOLDING_STATES))
        .order_by(Slot.starts_at, Slot.id, Ticket.booking_id, Ticket.position)
    )
    found: list[Withdrawn] = []
    for slot, of_slot in groupby(rows, key=lambda row: row.Slot):
        found += _of_slot(slot, planned[slot.id], list(of_slot))
    return tuple(found)


def told_to_move(session: Session, ticket_ids: Collection[int]) -> frozenset[int]:
    """Those of the tickets whose people have been told, since they hold them, that they may move."""
    return frozenset(
        session.scalars(
            select(Ticket.id)
            .join(OutboxMessage, OutboxMessage.booking_id == Ticket.booking_id)
            .where(Ticket.id.in_(ticket_ids), OutboxMessage.kind == MessageKind.HOUR_CUT)
            .where(OutboxMessage.due_at >= Ticket.state_since, OutboxMessage.state != MessageState.OVERTAKEN)
        )
    )


def to_be_told(entries: Iterable[Withdrawn], told: Collection[int], *, now: datetime) -> list[Withdrawn]:
    """Those in hours that were cut, whom a message reaches in time and has not reached yet. ``told``: tickets."""
    cut = (entry for entry in entries if not entry.dropped and entry.starts_at > now)
    return [entry for entry in cut if entry.has_email and entry.ticket_id not in told]


def _of_slot(slot: Slot, places: int, rows: Sequence[Row[Ticket, Slot, str, bool]]) -> Iterator[Withdrawn]:
    """Who is here already has been given the place, and comes before those who only booked it."""
    waiting = [row for row in rows if row.Ticket.state is TicketState.BOOKED]
    here = len(rows) - len(waiting)
    parties = groupby(waiting, key=lambda row: row.Ticket.booking_id)
    over = set(who_is_over(places - here, [(booking_id, len(list(persons))) for booking_id, persons in parties]))
    for row in waiting:
        ticket = row.Ticket
        if ticket.booking_id in over:
            yield Withdrawn(
                ticket_id=ticket.id,
                booking_id=ticket.booking_id,
                slot_id=slot.id,
                service_day_id=slot.service_day_id,
                day=slot.day,
                starts_at=slot.starts_at,
                number=show_number(ticket.letter, ticket.queue_number),
                code=show_code(row.code),
                planned=places,
                has_email=row.has_email,
            )
