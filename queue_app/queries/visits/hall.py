"""The hall as everybody in it may see it: who is called where, who is next, why nobody is. Numbers, never names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.calling import CallingRules
from queue_app.domain.clock import office_date
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import OPEN_STATES, StepKind, VisitState
from queue_app.models import (
    Counter,
    CounterService,
    Disruption,
    DisruptionKind,
    Office,
    Service,
    Ticket,
    Visit,
    VisitStep,
)

from .queues import orders

RECENT_CALLS = 6  # of each service: the last one and those before it; a display shows as many
CALLS = (StepKind.CALL, StepKind.RECALL, StepKind.RESUME)


@dataclass(frozen=True)
class Call:
    """A number and the counter that calls or serves it. ``calls``: how often it was called there so far."""

    number: str
    counter: int
    service: str
    state: VisitState
    called_at: datetime
    calls: int


@dataclass(frozen=True)
class HallQueue:
    """The queue of a service: the numbers in the order in which they will be called. ``counters``: open for it now."""

    service_id: int
    service: str
    name_id: str
    name_en: str
    numbers: tuple[str, ...]
    counters: int


@dataclass(frozen=True)
class Stop:
    """A disruption that lasts, or one that has ended the day."""

    kind: DisruptionKind
    since: datetime
    expected_until: datetime | None
    closed_day: bool


@dataclass(frozen=True)
class Hall:
    """``open_calls``: one for each counter at work; ``recent``: the last calls of each service. The newest first."""

    day: date
    open_calls: tuple[Call, ...]
    recent: tuple[Call, ...]
    queues: tuple[HallQueue, ...]
    stop: Stop | None


def hall(session: Session, office: Office, rules: CallingRules, *, now: datetime) -> Hall:
    """The hall of an office as it is now."""
    day = office_date(now, office.time_zone)
    return Hall(
        day=day,
        open_calls=tuple(_open_calls(session, office.id, day)),
        recent=tuple(_recent(session, office.id, day)),
        queues=tuple(queues(session, office.id, day, rules, now=now)),
        stop=_stop(session, office.id, day, office.time_zone),
    )


def _open_calls(session: Session, office_id: int, day: date) -> Sequence[Call]:
    rows = session.execute(
        select(
            Ticket.letter,
            Ticket.queue_number,
            Counter.number,
            Service.code,
            Visit.state,
            Visit.called_at,
            Visit.calls,
        )
        .join_from(Visit, Ticket, Ticket.id == Visit.ticket_id)
        .join(Counter, Counter.id == Visit.counter_id)
        .join(Service, Service.id == Visit.service_id)
        .where(Visit.office_id == office_id, Visit.day == day, Visit.state.in_(OPEN_STATES))
        .order_by(Visit.called_at.desc(), Counter.number)
    )
    return [
        Call(show_number(row.letter, row.queue_number), row.number, row.code, row.state, row.called_at, row.calls)
        for row in rows
    ]


def _recent(session: Session, office_id: int, day: date) -> Sequence[Call]:
    """The last numbers called of each service, each once, at the counter that called it last."""
    last = (
        select(func.max(VisitStep.id).label("id"))
        .where(VisitStep.office_id == office_id, VisitStep.day == day, VisitStep.kind.in_(CALLS))
        .where(VisitStep.undone_at.is_(None), VisitStep.counter_id.is_not(None))
        .group_by(VisitStep.ticket_id)
        .subquery()
    )
    place = func.row_number().over(partition_by=VisitStep.service_id, order_by=VisitStep.id.desc())
    ranked = select(VisitStep.id, place.label("place")).join(last, last.c.id == VisitStep.id).subquery()
    rows = session.execute(
        select(Ticket.letter, Ticket.queue_number, Counter.number, Service.code, VisitStep.at, Visit.state, Visit.calls)
        .join_from(VisitStep, Ticket, Ticket.id == VisitStep.ticket_id)
        .join(ranked, ranked.c.id == VisitStep.id)
        .join(Counter, Counter.id == VisitStep.counter_id)
        .join(Service, Service.id == VisitStep.service_id)
        .join(Visit, Visit.ticket_id == VisitStep.ticket_id)
        .where(ranked.c.place <= RECENT_CALLS)
        .order_by(VisitStep.id.desc())
    )
    return [
        Call(show_number(row.letter, row.queue_number), row.number, row.code, row.state, row.at, row.calls)
        for row in rows
    ]


def queues(session: Session, office_id: int, day: date, rules: CallingRules, *, now: datetime) -> Sequence[HallQueue]:
    order = orders(session, office_id, day, rules, now=now)
    of_waiting = select(Ticket.id, Ticket.letter).join(Visit, Visit.ticket_id == Ticket.id)
    of_waiting = of_waiting.where(Visit.office_id == office_id, Visit.day == day)
    letters = {row.id: row.letter for row in session.execute(of_waiting)}
    at_work = (
        select(CounterService.service_id, func.count().label("open"))
        .join(Counter, Counter.id == CounterService.counter_id)
        .where(Counter.office_id == office_id, Counter.staff_id.is_not(None), Counter.paused_at.is_(None))
        .group_by(CounterService.service_id)
    )
    counters = {row.service_id: row.open for row in session.execute(at_work)}
    services = session.scalars(
        select(Service).where(Service.id.in_({*order, *counters})).order_by(Service.position, Service.id)
    )
    return [
        HallQueue(
            service_id=service.id,
            service=service.code,
            name_id=service.name_id,
            name_en=service.name_en,
            numbers=tuple(show_number(letters[one.ticket_id], one.number) for one in order.get(service.id, ())),
            counters=counters.get(service.id, 0),
        )
        for service in services
    ]


def _stop(session: Session, office_id: int, day: date, zone: str) -> Stop | None:
    latest = session.scalars(
        select(Disruption).where(Disruption.office_id == office_id).order_by(Disruption.id.desc()).limit(1)
    ).one_or_none()
    if latest is None:
        return None
    ended_today = latest.closed_day and office_date(latest.started_at, zone) == day
    if latest.ended_at is not None and not ended_today:
        return None
    return Stop(latest.kind, latest.started_at, latest.expected_until, closed_day=latest.ended_at is not None)
