"""The audit log of an office, as it is read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select, union_all
from sqlalchemy.orm import Session

from queue_app.models import AuditEntry, AuditSeal, Staff
from queue_app.models.audit import OF_PEOPLE, OF_PURGE
from queue_app.models.base import spelled_out


@dataclass(frozen=True)
class AuditRow:
    entry: AuditEntry
    sealed: bool
    actor_name: str | None


def audit_rows(
    session: Session, office_id: int, *, action: str = "", before_id: int | None = None, limit: int = 50
) -> tuple[AuditRow, ...]:
    """The newest audit entries of an office and of none, optionally of actions beginning with ``action``."""
    here, nowhere = AuditEntry.office_id == office_id, AuditEntry.office_id.is_(None)
    of_people = AuditEntry.action.in_(spelled_out((*OF_PEOPLE, OF_PURGE)))
    parts = [_newest(where & ~of_people, action, before_id, limit) for where in (here, nowhere)]
    for where, actions in ((here, OF_PEOPLE), (nowhere, (OF_PURGE,))):
        if wanted := [one for one in actions if one.startswith(action)]:
            parts.append(_newest(where & AuditEntry.action.in_(wanted), action, before_id, limit))
    found = union_all(*(select(part.subquery()) for part in parts)).subquery()
    rows = session.execute(
        select(AuditEntry, AuditSeal.sequence)
        .join(found, found.c.id == AuditEntry.id)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()
    names = {f"staff:{staff_id}": name for staff_id, name in session.execute(select(Staff.id, Staff.name))}
    return tuple(AuditRow(entry, sequence is not None, names.get(entry.actor)) for entry, sequence in rows)


def _newest(which: ColumnElement[bool], action: str, before_id: int | None, limit: int) -> Select[int]:
    """Ids from the end of an index: acts of one kind lie near each other there, whatever else there are millions of."""
    ids = select(AuditEntry.id).where(which).order_by(AuditEntry.id.desc()).limit(limit)
    if action:
        ids = ids.where(AuditEntry.action.startswith(action, autoescape=True))
    return ids if before_id is None else ids.where(AuditEntry.id < before_id)
