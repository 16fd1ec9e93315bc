"""Whether an office asks by mail those whom it has served."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Office
from queue_app.services.records import audit


def ask_by_message(session: Session, office_id: int, ask: bool, *, reason: str, actor: Actor, now: datetime) -> bool:
    """False where it was so already. Raises ReasonRequired, NotFound."""
    reason = read_reason(reason)
    office = session.get(Office, office_id, with_for_update={"key_share": True})
    if office is None:
        raise NotFound()
    if office.survey_by_message is ask:
        return False
    office.survey_by_message = ask
    session.flush()
    audit.record(
        session,
        "survey.asking_changed",
        "office",
        office_id,
        actor=actor,
        now=now,
        office_id=office_id,
        before={"by_message": not ask},
        after={"by_message": ask},
        reason=reason,
    )
    return True
