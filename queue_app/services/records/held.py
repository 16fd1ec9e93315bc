"""Messages that were held when the database was restored, sent by an administrator after all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from queue_app.domain.roles import Actor
from queue_app.models import MessageState, OutboxMessage

from . import audit


def send_held(session: Session, message_id: int, *, office_id: int, actor: Actor, now: datetime) -> int:
    """Queue one. 0 when it is not held any more."""
    return _release(session, OutboxMessage.id == message_id, office_id=office_id, actor=actor, now=now)


def send_all_held(session: Session, *, office_id: int, actor: Actor, now: datetime) -> int:
    """Queue all of an office's; return how many."""
    return _release(session, OutboxMessage.office_id == office_id, office_id=office_id, actor=actor, now=now)


def _release(session: Session, which: ColumnElement[bool], *, office_id: int, actor: Actor, now: datetime) -> int:
    """By one conditional statement: pressed twice, none goes twice."""
    released = session.scalars(
        update(OutboxMessage)
        .where(which, OutboxMessage.state == MessageState.HELD)
        .values(state=MessageState.QUEUED, next_try_at=now)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    ).all()
    for message_id in sorted(released):
        audit.record(
            session, "message.sent_by_hand", "outbox_message", message_id, actor=actor, now=now, office_id=office_id
        )
    session.flush()
    return len(released)
