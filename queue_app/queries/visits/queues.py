"""The queues of an office: who waits in them, and in which order they would be called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from queue_app.domain.calling import CallingRules, QueueState, Waiting, call_order
from queue_app.domain.visits import VisitState
from queue_app.models import OfficeService, Queue, Ticket, Visit


def state_of(queue: Queue | None) -> QueueState:
    if queue is None:
        return QueueState()
    return QueueState(queue.calls, queue.appointments_since_walk_in, queue.regular_since_priority)


def waiting_in(
    session: Session,
    office_id: int,
    day: date,
    service_ids: Iterable[int] | None = None,
    *,
    counter_id: int | None = None,
) -> dict[int, list[Waiting]]:
    """Who waits, by service. ``counter_id``: only those whom this counter may call; others were sent to another one."""
    rows = select(
        Visit.ticket_id,
        Visit.service_id,
        Visit.window_at,
        Visit.late,
        Visit.arrived_at,
        Visit.not_before,
        Visit.since,
        Ticket.walk_in,
        Ticket.priority,
        Ticket.queue_number,
    ).join(Ticket, Ticket.id == Visit.ticket_id)
    rows = rows.where(Visit.office_id == office_id, Visit.day == day, Visit.state == VisitState.WAITING)
    if service_ids is not None:
        rows = rows.where(Visit.service_id.in_(sorted(service_ids)))
    if counter_id is not None:
        rows = rows.where(Visit.counter_id.is_(None) | (Visit.counter_id == counter_id))
    waiting: dict[int, list[Waiting]] = {}
    for row in session.execute(rows):
        waiting.setdefault(row.service_id, []).append(
            Waiting(
                ticket_id=row.ticket_id,
                window=row.window_at,
                late=row.late,
                walk_in=row.walk_in,
                priority=row.priority is not None,
                arrived_at=row.arrived_at,
                number=row.queue_number,
                not_before=row.not_before,
                back_since=row.since,
            )
        )
    return waiting


def queues_of_day(office_id: int, day: date) -> Select[Queue]:
    """Service by service, as the key goes on after the office: not through all the days that there ever were."""
    services = select(OfficeService.service_id).where(OfficeService.office_id == office_id)
    return select(Queue).where(Queue.office_id == office_id, Queue.service_id.in_(services), Queue.day == day)


def orders(
    session: Session, office_id: int, day: date, rules: CallingRules, *, now: datetime
) -> dict[int, tuple[Waiting, ...]]:
    """Every queue of an office, in the order in which people would be called."""
    queues = {
        queue.service_id: queue
        for queue in session.scalars(queues_of_day(office_id, day).execution_options(populate_existing=True))
    }
    waiting = waiting_in(session, office_id, day)
    return {
        service_id: call_order(people, state_of(queues.get(service_id)), rules, now=now)
        for service_id, people in waiting.items()
    }
