"""The snapshot that devices of an office hold for a cut connection: no names, no NIKs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from queue_app.domain.calling import CallingRules, call_order, next_of_queues
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import VisitState
from queue_app.models import Booking, Counter, CounterService, OfficeService, Slot, Ticket, Visit
from queue_app.queries.visits.queues import queues_of_day, state_of, waiting_in

_COLUMNS: tuple[Any, ...] = (
    *Ticket.__table__.c[("id", "booking_id", "position", "letter", "queue_number", "starts_at", "state")],
    *Ticket.__table__.c[("walk_in", "name", "nik")],
    Booking.code,
    Slot.ends_at,
    Slot.accepts,
    OfficeService.early_minutes,
    OfficeService.late_minutes,
    Visit.state.label("visit"),
    Visit.outcome,
)


def tickets_of_day(session: Session, office_id: int, day: date) -> Sequence[Row[Any]]:
    """Everybody's ticket of a day, those that are cancelled or moved too: a device has to say so."""
    rows = (
        select(*_COLUMNS)
        .join_from(Ticket, Booking, Booking.id == Ticket.booking_id)
        .join(Slot, Slot.id == Ticket.slot_id)
        .join(
            OfficeService,
            (OfficeService.office_id == Ticket.office_id) & (OfficeService.service_id == Ticket.service_id),
        )
        .outerjoin(Visit, Visit.ticket_id == Ticket.id)
        .where(Ticket.office_id == office_id, Ticket.day == day)
        .order_by(Ticket.starts_at, Ticket.queue_number, Ticket.id)
    )
    return session.execute(rows).all()


def fingerprint(rows: Sequence[Row[Any]]) -> str:
    """The same for as long as the list would be; nothing sealed is opened for it."""
    seen = [
        (row.id, row.state, row.visit, row.ends_at, row.accepts, row.early_minutes, row.late_minutes) for row in rows
    ]
    return hashlib.blake2b(repr(seen).encode(), digest_size=16).hexdigest()


def answering_to_code(rows: Sequence[Row[Any]]) -> set[int]:
    """The tickets that a booking code stands for: of each person the latest one of the day."""
    ordered = sorted(rows, key=lambda row: row.id)
    return set({(row.booking_id, row.position): row.id for row in ordered}.values())


@dataclass(frozen=True)
class InOrder:
    """Somebody who waits. ``mine``: this counter may call them without asking the server."""

    ticket_id: int
    number: str
    mine: bool


def order_of_counter(
    session: Session, counter: Counter, day: date, rules: CallingRules, *, now: datetime
) -> tuple[InOrder, ...]:
    """Whom a counter would call, one after the other, if it were alone; and which of them are its own.

    Of n counters that take a service the i-th has the numbers whose remainder by n is i. That depends on nothing that
    changes with each call, so two counters whose lists are some seconds apart still share no number.
    """
    services = [service.id for service in counter.services]
    states = {queue.service_id: state_of(queue) for queue in session.scalars(queues_of_day(counter.office_id, day))}
    waiting = waiting_in(session, counter.office_id, day, services, counter_id=counter.id)
    places = {
        service: list(call_order(people, states.get(service, state_of(None)), rules, now=now))
        for service, people in waiting.items()
    }
    sent_here = set(
        session.scalars(
            select(Visit.ticket_id)
            .where(Visit.office_id == counter.office_id, Visit.day == day)
            .where(Visit.counter_id == counter.id, Visit.state == VisitState.WAITING)
        )
    )
    everybody = [one.ticket_id for people in places.values() for one in people]
    letters = dict(session.execute(select(Ticket.id, Ticket.letter).where(Ticket.id.in_(everybody))).all())
    shares = {service: _share(session, counter, service) for service in places}
    found = []
    while any(places.values()):
        heads = {people[0].ticket_id: service for service, people in places.items() if people}
        chosen = next_of_queues((places[service][0] for service in heads.values()), now=now)
        assert chosen is not None
        service = heads[chosen.ticket_id]
        places[service].pop(0)
        index, counters = shares[service]
        mine = chosen.ticket_id in sent_here or (counters > 0 and chosen.number % counters == index)
        found.append(InOrder(chosen.ticket_id, show_number(letters[chosen.ticket_id], chosen.number), mine))
    return tuple(found)


def _share(session: Session, counter: Counter, service_id: int) -> tuple[int, int]:
    """The index of a counter among those at work for a service, and how many they are; (-1, …) when it pauses."""
    at_work = list(
        session.scalars(
            select(Counter.id)
            .join(CounterService, CounterService.counter_id == Counter.id)
            .where(Counter.office_id == counter.office_id, CounterService.service_id == service_id)
            .where(Counter.staff_id.is_not(None), Counter.paused_at.is_(None))
            .order_by(Counter.number)
        )
    )
    return (at_work.index(counter.id) if counter.id in at_work else -1, len(at_work))
