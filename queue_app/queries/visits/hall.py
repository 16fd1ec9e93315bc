"""The hall as everybody in it may see it: who is called where, who is next, why nobody is. Numbers, never names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.calling import CallingRules
from queue_app.domain.clock import office_date, office_instant
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import OPEN_STATES, StepKind, VisitState
from queue_app.models import (
    Counter,
    CounterService,
    Disruption,
    DisruptionKind,
    Office,
    OfficeService,
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
    """The queue of a service: the numbers in the order in which they will be called. ``counters``: open for it now;
    ``stopped``: a disruption keeps them from being called.
    """

    service_id: int
    service: str
    name_id: str
    name_en: str
    numbers: tuple[str, ...]
    counters: int
    stopped: bool


@dataclass(frozen=True)
class StoppedService:
    id: int
    code: str
    name_id: str
    name_en: str


@dataclass(frozen=True)
class Stop:
    """A disruption that lasts, or one that has ended the day. Without services it stops the whole office."""

    kind: DisruptionKind
    since: datetime
    expected_until: datetime | None
    closed_day: bool
    services: tuple[StoppedService, ...]

    def concerns(self, service_id: int) -> bool:
        return not self.services or service_id in {service.id for service in self.services}


@dataclass(frozen=True)
class OutOfOrder:
    """A number that is being served past the published order, at no counter."""

    number: str
    service: str


@dataclass(frozen=True)
class Hall:
    """``open_calls``: one for each counter at work; ``recent``: the last calls of each service. The newest first."""

    day: date
    open_calls: tuple[Call, ...]
    recent: tuple[Call, ...]
    queues: tuple[HallQueue, ...]
    out_of_order: tuple[OutOfOrder, ...]
    stops: tuple[Stop, ...]


def hall(session: Session, office: Office, rules: CallingRules, *, now: datetime) -> Hall:
    """The hall of an office as it is now."""
    day = office_date(now, office.time_zone)
    stops = tuple(_stops(session, office.id, day, office.time_zone))
    return Hall(
        day=day,
        open_calls=tuple(_open_calls(session, office.id, day)),
        recent=tuple(_recent(session, office.id, day)),
        queues=tuple(queues(session, office, day, rules, stops, now=now)),
        out_of_order=tuple(_out_of_order(session, office.id, day)),
        stops=stops,
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


def _out_of_order(session: Session, office_id: int, day: date) -> Sequence[OutOfOrder]:
    begun = select(VisitStep.id).where(
        VisitStep.ticket_id == Visit.ticket_id,
        VisitStep.kind == StepKind.OUT_OF_ORDER,
        VisitStep.undone_at.is_(None),
    )
    rows = session.execute(
        select(Ticket.letter, Ticket.queue_number, Service.code)
        .join_from(Visit, Ticket, Ticket.id == Visit.ticket_id)
        .join(Service, Service.id == Visit.service_id)
        .where(Visit.office_id == office_id, Visit.day == day)
        .where(Visit.state == VisitState.IN_SERVICE, Visit.counter_id.is_(None), begun.exists())
        .order_by(Visit.started_at, Ticket.id)
    )
    return [OutOfOrder(show_number(row.letter, row.queue_number), row.code) for row in rows]


def queues(
    session: Session, office: Office, day: date, rules: CallingRules, stops: Sequence[Stop], *, now: datetime
) -> Sequence[HallQueue]:
    office_id = office.id
    order = orders(session, office_id, day, rules, now=now)
    of_waiting = select(Ticket.id, Ticket.letter).join(Visit, Visit.ticket_id == Ticket.id)
    of_waiting = of_waiting.where(Visit.office_id == office_id, Visit.day == day)
    letters = {row.id: row.letter for row in session.execute(of_waiting)}
    at_work = (
        select(CounterService.service_id, func.count().label("open"))
        .join(Counter, Counter.id == CounterService.counter_id)
        .where(Counter.office_id == office_id, Counter.staff_id.is_not(None), Counter.paused_at.is_(None))
        .where(Counter.signed_in_at >= office_instant(day, time(0), office.time_zone))  # not forgotten there yesterday
        .group_by(CounterService.service_id)
    )
    counters = {row.service_id: row.open for row in session.execute(at_work)}
    services = session.scalars(
        select(Service)
        .join(OfficeService, OfficeService.service_id == Service.id)
        .where(OfficeService.office_id == office_id, Service.id.in_({*order, *counters}))
        .order_by(OfficeService.position, OfficeService.id)
    )
    return [
        HallQueue(
            service_id=service.id,
            service=service.code,
            name_id=service.name_id,
            name_en=service.name_en,
            numbers=tuple(show_number(letters[one.ticket_id], one.number) for one in order.get(service.id, ())),
            counters=counters.get(service.id, 0),
            stopped=any(stop.concerns(service.id) for stop in stops),
        )
        for service in services
    ]


def _stops(session: Session, office_id: int, day: date, zone: str) -> Sequence[Stop]:
    """Those that last, and those that have ended this day; the oldest first."""
    begun = office_instant(day, time(0), zone)
    found = session.scalars(
        select(Disruption)
        .where(Disruption.office_id == office_id)
        .where(Disruption.ended_at.is_(None) | (Disruption.closed_day & (Disruption.started_at >= begun)))
        .order_by(Disruption.id)
        .execution_options(populate_existing=True)
    )
    return [_stop(one) for one in found if one.ended_at is None or office_date(one.started_at, zone) == day]


def _stop(one: Disruption) -> Stop:
    services = tuple(StoppedService(each.id, each.code, each.name_id, each.name_en) for each in one.services)
    return Stop(one.kind, one.started_at, one.expected_until, one.ended_at is not None, services)
