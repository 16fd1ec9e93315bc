"""The places that are left, given to the rows of a file in their order, in whatever order those are stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import ACTIVE_STATES
from queue_app.domain.errors import AlreadyBooked, DayClosed, DomainError, SlotFull
from queue_app.domain.exchange.columns import MOST_ROWS
from queue_app.models import OfficeService, Ticket
from queue_app.models.base import spelled_out
from queue_app.services.assisted.open_slots import slots_with_room

from .booking_rows import BookingRow

Person = tuple[int, bytes]  # for which service, and the keyed hash of the NIK


def refused_for_places(
    session: Session, rows: Iterable[tuple[int, BookingRow, bytes]], *, now: datetime
) -> dict[int, DomainError]:
    """By line, of ``rows`` (line, wish, person index) in the order of the file: SlotFull after the places of the window
    have run out, AlreadyBooked for who has the service by a ticket or an earlier row, and so takes none.

    The slots of all these windows are locked, so that nobody changes what is left; the claim has the last word.
    """
    wanted = list(rows)
    held = _held(session, {(row.offering.service_id, index) for _line, row, index in wanted})
    left: dict[tuple[int, datetime], int] = {}
    refused: dict[int, DomainError] = {}
    for line, row, index in wanted:
        person, window = (row.offering.service_id, index), (row.offering.id, row.slot.starts_at)
        if window not in left:
            left[window] = _places_left(session, row.offering, row.slot.starts_at, now=now)
        if person in held:
            refused[line] = AlreadyBooked()
        elif left[window] < 1:
            refused[line] = SlotFull()
        else:
            left[window] -= 1
            held.add(person)
    return refused


def _held(session: Session, persons: Collection[Person]) -> set[Person]:
    services, indexes = {service for service, _ in persons}, {index for _, index in persons}
    active = select(Ticket.service_id, Ticket.person_index).where(
        Ticket.service_id.in_(services), Ticket.person_index.in_(indexes), Ticket.state.in_(spelled_out(ACTIVE_STATES))
    )
    return {(service, index) for service, index in session.execute(active) if index is not None}


def _places_left(session: Session, offering: OfficeService, starts_at: datetime, *, now: datetime) -> int:
    try:
        slots = slots_with_room(session, offering, None, starts_at, places=1, now=now)
    except DayClosed:
        return MOST_ROWS  # each row of it is told so when its turn comes
    return sum(slot.capacity - slot.booked for slot in slots)
