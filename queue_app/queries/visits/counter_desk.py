"""A counter as its officer sees it: whom they have, who is next, who was put aside, and what can be taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ADMITTING, IdentityResult
from queue_app.domain.booking import TicketState
from queue_app.domain.calling import CallingRules, call_order, next_of_queues
from queue_app.domain.clock import office_date
from queue_app.domain.keyring import Keyring, person_of
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import FAILED, OPEN_STATES, StepKind, VisitState
from queue_app.models import Booking, CheckIn, Counter, Queue, Service, Ticket, Visit, VisitStep

from .queues import state_of, waiting_in

ASIDE = (VisitState.HELD, VisitState.ABSENT)


@dataclass(frozen=True)
class AtCounter:
    """The person whom the counter has called or serves. Name and masked NIK are for comparing with the document."""

    ticket_id: int
    number: str
    name: str | None
    masked_nik: str | None
    service: Service
    state: VisitState
    calls: int
    called_at: datetime | None
    started_at: datetime | None
    priority: bool
    walk_in: bool
    late: bool
    identity: IdentityResult | None


@dataclass(frozen=True)
class CounterQueue:
    """A service's queue as this counter would call it: without those who were sent to another one."""

    service: Service
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Aside:
    """Somebody who was put aside, or who did not answer."""

    ticket_id: int
    number: str
    state: VisitState
    since: datetime
    service_id: int


@dataclass(frozen=True)
class Undoable:
    step_id: int
    kind: StepKind
    number: str


@dataclass(frozen=True)
class Failed:
    """Somebody for whom it was in vain: the last one served here, or one of another day. ``again``: the further visit,
    once it is booked.
    """

    visit: Visit
    number: str
    again: Ticket | None


@dataclass(frozen=True)
class CounterDesk:
    """``next``: whom the key would call now; ``sent``: the numbers that were sent to this very counter."""

    current: AtCounter | None
    next: str | None
    queues: tuple[CounterQueue, ...]
    sent: tuple[str, ...]
    aside: tuple[Aside, ...]
    undoable: Undoable | None
    failed: Failed | None


def counter_desk(
    session: Session,
    counter: Counter,
    rules: CallingRules,
    *,
    keyring: Keyring,
    undo_within: timedelta,
    now: datetime,
    stopped: Collection[int] = (),
) -> CounterDesk:
    """The counter today. ``stopped``: the services for which nobody is called just now."""
    day = office_date(now, counter.office.time_zone)
    next_one, queues = _queues(session, counter, day, rules, stopped, now=now)
    return CounterDesk(
        current=_current(session, counter, day, keyring),
        next=next_one,
        queues=queues,
        sent=_sent(session, counter, day),
        aside=_aside(session, counter, day),
        undoable=_undoable(session, counter, now - undo_within),
        failed=_failed(session, counter, day),
    )


def _queues(
    session: Session, counter: Counter, day: date, rules: CallingRules, stopped: Collection[int], *, now: datetime
) -> tuple[str | None, tuple[CounterQueue, ...]]:
    own = {service.id: service for service in counter.services}
    waiting = waiting_in(session, counter.office_id, day, own, counter_id=counter.id)
    memory = {
        queue.service_id: queue
        for queue in session.scalars(
            select(Queue)
            .where(Queue.office_id == counter.office_id, Queue.day == day, Queue.service_id.in_(own))
            .execution_options(populate_existing=True)
        )
    }
    orders = {id_: call_order(people, state_of(memory.get(id_)), rules, now=now) for id_, people in waiting.items()}
    tickets = [one.ticket_id for people in orders.values() for one in people]
    letters = dict(session.execute(select(Ticket.id, Ticket.letter).where(Ticket.id.in_(tickets))).all())
    head = next_of_queues((people[0] for id_, people in orders.items() if id_ not in stopped), now=now)
    return (
        show_number(letters[head.ticket_id], head.number) if head else None,
        tuple(
            CounterQueue(own[id_], tuple(show_number(letters[one.ticket_id], one.number) for one in orders[id_]))
            for id_ in own
            if id_ in orders
        ),
    )


def _current(session: Session, counter: Counter, day: date, keyring: Keyring) -> AtCounter | None:
    row = session.execute(
        select(Visit, Ticket, Booking.code, CheckIn.identity)
        .join(Ticket, Ticket.id == Visit.ticket_id)
        .join(Booking, Booking.id == Ticket.booking_id)
        .outerjoin(
            CheckIn,
            (CheckIn.ticket_id == Ticket.id) & CheckIn.result.in_(ADMITTING) & CheckIn.undone_at.is_(None),
        )
        .where(Visit.counter_id == counter.id, Visit.day == day, Visit.state.in_(OPEN_STATES))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    visit, ticket, code, identity = row
    person = person_of(ticket, code, keyring)
    return AtCounter(
        ticket_id=ticket.id,
        number=show_number(ticket.letter, ticket.queue_number),
        name=person.name,
        masked_nik=person.masked_nik,
        service=visit.service,
        state=visit.state,
        calls=visit.calls,
        called_at=visit.called_at,
        started_at=visit.started_at,
        priority=ticket.priority is not None,
        walk_in=ticket.walk_in,
        late=visit.late,
        identity=identity,
    )


def _sent(session: Session, counter: Counter, day: date) -> tuple[str, ...]:
    rows = session.execute(
        select(Ticket.letter, Ticket.queue_number)
        .join_from(Visit, Ticket, Ticket.id == Visit.ticket_id)
        .where(Visit.counter_id == counter.id, Visit.day == day, Visit.state == VisitState.WAITING)
        .order_by(Visit.since)
    )
    return tuple(show_number(row.letter, row.queue_number) for row in rows)


def _aside(session: Session, counter: Counter, day: date) -> tuple[Aside, ...]:
    """Of the services given here, wherever it happened: those put aside before those who did not answer."""
    rows = session.execute(
        select(Ticket.id, Ticket.letter, Ticket.queue_number, Visit.state, Visit.since, Visit.service_id)
        .join_from(Visit, Ticket, Ticket.id == Visit.ticket_id)
        .where(Visit.office_id == counter.office_id, Visit.day == day, Visit.state.in_(ASIDE))
        .where(Visit.service_id.in_([service.id for service in counter.services]))
        .order_by(Visit.since, Ticket.id)
    ).all()
    return tuple(
        Aside(row.id, show_number(row.letter, row.queue_number), row.state, row.since, row.service_id)
        for row in sorted(rows, key=lambda row: ASIDE.index(row.state))
    )


def _undoable(session: Session, counter: Counter, since: datetime) -> Undoable | None:
    """The last step made at this counter, unless its person has gone on elsewhere since."""
    step = session.scalars(
        select(VisitStep)
        .where(VisitStep.counter_id == counter.id, VisitStep.undone_at.is_(None), VisitStep.at >= since)
        .where(VisitStep.kind != StepKind.DAY_END)
        .order_by(VisitStep.id.desc())
        .limit(1)
    ).one_or_none()
    if step is None:
        return None
    later = select(VisitStep.id).where(
        VisitStep.ticket_id == step.ticket_id, VisitStep.id > step.id, VisitStep.undone_at.is_(None)
    )
    if session.scalar(later.limit(1)) is not None:
        return None
    ticket = session.get_one(Ticket, step.ticket_id)
    return Undoable(step.id, step.kind, show_number(ticket.letter, ticket.queue_number))


def _failed(session: Session, counter: Counter, day: date) -> Failed | None:
    last = session.scalars(
        select(VisitStep.ticket_id)
        .where(VisitStep.counter_id == counter.id, VisitStep.day == day)
        .where(VisitStep.kind == StepKind.FINISH, VisitStep.undone_at.is_(None))
        .order_by(VisitStep.id.desc())
        .limit(1)
    ).one_or_none()
    visit = session.get(Visit, last, populate_existing=True) if last else None
    return failed_visit(session, visit) if visit and visit.outcome in FAILED else None


def failed_visit(session: Session, visit: Visit) -> Failed:
    """With the further visit, where one is booked."""
    ticket = visit.ticket
    again = None
    if ticket.person_index is not None:
        again = session.scalars(
            select(Ticket)
            .where(Ticket.person_index == ticket.person_index, Ticket.service_id == visit.service_id)
            .where(Ticket.state == TicketState.BOOKED, Ticket.id != ticket.id)
            .limit(1)
        ).one_or_none()
    return Failed(visit, show_number(ticket.letter, ticket.queue_number), again)
