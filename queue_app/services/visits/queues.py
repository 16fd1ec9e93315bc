"""Lock the queues of an office, and let them remember their calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calling import QueueState
from queue_app.domain.errors import NotFound
from queue_app.models import Queue, Visit
from queue_app.services.records.upsert import insert_if_absent

KEY = ["office_id", "service_id", "day"]


def lock_queue(session: Session, office_id: int, service_id: int, day: date) -> Queue:
    return lock_queues(session, office_id, [service_id], day)[service_id]


def lock_queue_of(session: Session, ticket_id: int) -> Queue:
    """The queue in which somebody stands, locked before the visit itself: one order everywhere. Raises NotFound."""
    where = session.execute(
        select(Visit.office_id, Visit.service_id, Visit.day).where(Visit.ticket_id == ticket_id)
    ).one_or_none()
    if where is None:
        raise NotFound()
    return lock_queue(session, *where)


def lock_queues(session: Session, office_id: int, service_ids: Iterable[int], day: date) -> Mapping[int, Queue]:
    """The queues of services, made where missing and locked in the order of their ids: whoever calls goes alone."""
    wanted = sorted(set(service_ids))
    for service_id in wanted:
        insert_if_absent(
            session,
            Queue,
            KEY,
            office_id=office_id,
            service_id=service_id,
            day=day,
            calls=0,
            appointments_since_walk_in=0,
            regular_since_priority=QueueState().regular_since_priority,
        )
    rows = session.scalars(
        select(Queue)
        .where(Queue.office_id == office_id, Queue.day == day, Queue.service_id.in_(wanted))
        .order_by(Queue.service_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.service_id: row for row in rows}


def remember(queue: Queue, state: QueueState) -> None:
    queue.calls = state.calls
    queue.appointments_since_walk_in = state.appointments_since_walk_in
    queue.regular_since_priority = state.regular_since_priority
