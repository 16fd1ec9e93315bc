"""Compare the person with the document at the counter, where the desk has not done it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ADMITTING, IdentityResult
from queue_app.domain.errors import NotFound
from queue_app.domain.visits import OPEN_STATES, VisitState
from queue_app.models import CheckIn
from queue_app.services.visits.counters import own_counter
from queue_app.services.visits.once import open_visit

from .taking_back import record_identity


def record_identity_here(
    session: Session, ticket_id: int, result: IdentityResult, *, counter_id: int, staff_id: int, now: datetime
) -> CheckIn:
    """Of whom this counter has. Another person leaves the counter and the queue, and the ticket stays with its owner.

    Raises NotYourCounter, NotFound; IllegalVisitStep for somebody the counter has not, and for another person whose
    service has begun: that is taken back first (`docs/rules.md` R-UNDO-1).
    """
    counter = own_counter(session, counter_id, staff_id=staff_id)
    states = (VisitState.CALLED,) if result is IdentityResult.OTHER_PERSON else OPEN_STATES
    open_visit(session, ticket_id, counter, *states)
    admitted = session.scalars(
        select(CheckIn.id)
        .where(CheckIn.ticket_id == ticket_id, CheckIn.result.in_(ADMITTING), CheckIn.undone_at.is_(None))
        .order_by(CheckIn.id.desc())
        .limit(1)
    ).first()
    if admitted is None:
        raise NotFound()
    return record_identity(session, admitted, result, office_id=counter.office_id, staff_id=staff_id, now=now)
