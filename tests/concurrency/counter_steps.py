"""Keys of counters as steps of a race, and who is where after it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.visits import OPEN_STATES, StepKind
from queue_app.models import Counter, Visit, VisitStep
from queue_app.services.visits import calling
from queue_app.services.visits import steps as visits
from tests.concurrency.races import Step
from tests.harness.factories import TESTER
from tests.harness.hall import Hall

_nonces = itertools.count()


def facts(hall: Hall, staff_id: int) -> dict[str, Any]:
    """What signing in needs."""
    return {"office_id": hall.office_id, "staff_id": staff_id, "now": hall.clock.now()}


def pressing(hall: Hall, key: Callable[..., Visit | None], at: int, *values: Any, **keywords: Any) -> Step:
    """A step in which a key of a counter is pressed; its value is the ticket."""
    keywords |= {"counter_id": hall.counters[at], "staff_id": hall.officers[at], "now": hall.clock.now()}
    if key is calling.call_next:
        keywords["nonce"] = f"race-{next(_nonces)}"

    def step(session: Session) -> int | None:
        visit = key(session, *values, **keywords)
        return visit.ticket_id if visit else None

    return step


def undoing(hall: Hall, ticket_id: int) -> Step:
    step_id, office_id, now = hall.steps(ticket_id)[-1].id, hall.office_id, hall.clock.now()
    hall.session.rollback()
    return lambda session: visits.undo(session, step_id, office_id=office_id, actor=TESTER, now=now).ticket_id


def called(hall: Hall) -> list[int]:
    """The tickets in the order in which they were called."""
    hall.session.rollback()
    steps = select(VisitStep.ticket_id).where(VisitStep.kind == StepKind.CALL, VisitStep.undone_at.is_(None))
    return list(hall.session.scalars(steps.order_by(VisitStep.id)))


def open_calls(hall: Hall) -> dict[int, int]:
    """Who is at which counter: the tickets by the numbers of the counters."""
    hall.session.rollback()
    rows = hall.session.execute(
        select(Counter.number, Visit.ticket_id)
        .join(Visit, Visit.counter_id == Counter.id)
        .where(Visit.state.in_(OPEN_STATES))
    )
    return dict(rows.all())
