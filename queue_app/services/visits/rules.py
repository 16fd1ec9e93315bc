"""Change the numbers in an office's published rule of who is called next."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.calling import CallingRules
from queue_app.domain.errors import NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Office
from queue_app.services.records import audit


def update_calling_rules(
    session: Session, office_id: int, rules: CallingRules, *, reason: str, actor: Actor, now: datetime
) -> None:
    """They count from the next call on, for those who wait already too. Raises ReasonRequired, NotFound."""
    reason = read_reason(reason)
    office = session.get(Office, office_id, with_for_update={"key_share": True})
    if office is None:
        raise NotFound()
    before = office.calling_rules
    changed = {name: value for name, value in asdict(rules).items() if value != getattr(before, name)}
    for name, value in changed.items():
        setattr(office, name, value)
    if changed:
        audit.record(
            session,
            "office.calling_rules",
            "office",
            office_id,
            actor=actor,
            now=now,
            office_id=office_id,
            before={name: getattr(before, name) for name in changed},
            after=changed,
            reason=reason,
        )
    session.flush()
