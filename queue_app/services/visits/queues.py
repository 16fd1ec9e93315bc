"""Lock the lines of an office, and let them remember their calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calling import LineState
from queue_app.domain.errors import NotFound
from queue_app.models import Line, Visit
from queue_app.services.records.upsert import insert_if_absent

KEY = ["office_id", "service_id", "day"]


def lock_line(session: Session, office_id: int, service_id: int, day: date) -> Line:
    return lock_lines(session, office_id, [service_id], day)[service_id]


def lock_line_of(session: Session, ticket_id: int) -> Line:
    """The line in which somebody stands, locked before the visit itself: one order everywhere. Raises NotFound."""
    where = session.execute(
        select(Visit.office_id, Visit.service_id, Visit.day).where(Visit.ticket_id == ticket_id)
    ).one_or_none()
    if where is None:
        raise NotFound()
    return lock_line(session, *where)


def lock_lines(session: Session, office_id: int, service_ids: Iterable[int], day: date) -> Mapping[int, Line]:
    """The lines of services, made where missing and locked in the order of their ids: whoever calls goes alone."""
    wanted = sorted(set(service_ids))
    for service_id in wanted:
        insert_if_absent(
            session,
            Line,
            KEY,
            office_id=office_id,
            service_id=service_id,
            day=day,
            calls=0,
            appointments_since_walk_in=0,
            regular_since_priority=LineState().regular_since_priority,
        )
    rows = session.scalars(
        select(Line)
        .where(Line.office_id == office_id, Line.day == day, Line.service_id.in_(wanted))
        .order_by(Line.service_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.service_id: row for row in rows}


def remember(line: Line, state: LineState) -> None:
    line.calls = state.calls
    line.appointments_since_walk_in = state.appointments_since_walk_in
    line.regular_since_priority = state.regular_since_priority
