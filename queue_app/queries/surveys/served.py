"""How many there were to ask: as the figures of finished days count them, and after these from the visits."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.visits import VisitState
from queue_app.models import DayFigures, Ticket, Visit


def served_by_service(session: Session, office_id: int, first: date, last: date) -> Counter[int]:
    """Up to now, so that answers of today are set against the people of today. By the service of the ticket."""
    counted = session.execute(
        select(DayFigures.service_id, func.sum(DayFigures.served))
        .where(DayFigures.office_id == office_id, DayFigures.day.between(first, last), DayFigures.served > 0)
        .group_by(DayFigures.service_id)
    )
    served = Counter({service_id: int(people) for service_id, people in counted})
    # Days are counted from the oldest on: what is not counted yet comes after the newest (`queries/figures/due.py`).
    newest = session.scalar(select(func.max(DayFigures.day)).where(DayFigures.office_id == office_id))
    if newest:
        first = max(first, newest + timedelta(days=1))
    live = session.execute(
        select(Ticket.service_id, func.count())
        .join(Visit, Visit.ticket_id == Ticket.id)
        .where(Visit.office_id == office_id, Visit.day.between(first, last), Visit.state == VisitState.SERVED)
        .group_by(Ticket.service_id)
    )
    return served + Counter({service_id: int(people) for service_id, people in live})
