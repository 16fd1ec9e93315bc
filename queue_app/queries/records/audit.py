"""The audit log of an office, as it is read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.models import AuditEntry, AuditSeal, Staff


@dataclass(frozen=True)
class AuditRow:
    entry: AuditEntry
    sealed: bool
    actor_name: str | None


def audit_rows(
    session: Session, office_id: int, *, action: str = "", before_id: int | None = None, limit: int = 50
) -> tuple[AuditRow, ...]:
    """The newest audit entries of an office, optionally of actions beginning with ``action``."""
    statement = (
        select(AuditEntry, AuditSeal.sequence)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where((AuditEntry.office_id == office_id) | AuditEntry.office_id.is_(None))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    if action:
        statement = statement.where(AuditEntry.action.startswith(action, autoescape=True))
    if before_id is not None:
        statement = statement.where(AuditEntry.id < before_id)
    rows = session.execute(statement).all()
    names = {f"staff:{staff_id}": name for staff_id, name in session.execute(select(Staff.id, Staff.name))}
    return tuple(AuditRow(entry, sequence is not None, names.get(entry.actor)) for entry, sequence in rows)
