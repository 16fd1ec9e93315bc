"""One press of a key at a counter, told from the same press that is sent once more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor
from queue_app.models import Visit, VisitStep

from .counters import own_counter
from .steps import undo


def press_once(
    session: Session, nonce: str, *, counter_id: int, staff_id: int, press: Callable[[Session], Visit]
) -> None:
    """Do what a key does, and nothing when its nonce was seen: a second press, or one whose answer was lost.

    Raises NotYourCounter, and what ``press`` raises.
    """
    own_counter(session, counter_id, staff_id=staff_id)  # two of them at once go one after the other
    if session.scalar(select(VisitStep.id).where(VisitStep.nonce == nonce)) is not None:
        return
    visit = press(session)
    last = select(func.max(VisitStep.id)).where(VisitStep.ticket_id == visit.ticket_id).scalar_subquery()
    session.execute(
        update(VisitStep)
        .where(VisitStep.id == last, VisitStep.nonce.is_(None))
        .values(nonce=nonce)
        .execution_options(synchronize_session=False)
    )


def undo_here(
    session: Session, step_id: int, *, counter_id: int, office_id: int, staff_id: int, now: datetime
) -> Visit:
    """Take back a step of this counter, whoever sat there. Raises NotFound for another counter's, and as `undo`."""
    row = session.get(VisitStep, step_id)
    if row is None or row.counter_id != counter_id:
        raise NotFound()
    return undo(session, step_id, office_id=office_id, actor=Actor.staff(staff_id), now=now)
