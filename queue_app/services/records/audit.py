"""Record who did what, in the transaction that does it; and seal the records into a chain afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor
from queue_app.models import AuditEntry, AuditSeal
from queue_app.queries.records.audit_chain import GENESIS, canonical

# An entry is given its id when it is written and is seen when its transaction ends: others with greater ids may have
# been sealed by then, but not so many. Were it more, `queue-app check` would name it as unsealed.
STILL_UNDER_WAY = 20_000


def record(
    session: Session,
    action: str,
    subject: str,
    subject_id: int,
    *,
    actor: Actor,
    now: datetime,
    office_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Add one audit row. ``before`` and ``after`` hold what changed, as JSON values, never personal data."""
    session.add(
        AuditEntry(
            at=now,
            actor=actor.label,
            action=action,
            subject=subject,
            subject_id=subject_id,
            office_id=office_id,
            before=before,
            after=after,
            reason=reason,
        )
    )


def seal_entries(session: Session, *, keyring: Keyring, now: datetime, limit: int = 1000) -> int:
    """Append the unsealed rows to the chain, oldest first; return how many.

    Not part of the writing transactions: a chain is one row that everybody would have to pass through. Two sealers at
    once collide on the sequence number, and the second one's transaction fails: nothing is sealed twice.
    """
    last = session.execute(select(AuditSeal).order_by(AuditSeal.sequence.desc()).limit(1)).scalar_one_or_none()
    sequence, previous = (last.sequence, last.hash) if last else (0, GENESIS)
    newest = session.scalar(select(func.max(AuditSeal.entry_id))) or 0
    unsealed = (
        select(AuditEntry)
        .where(AuditEntry.id > newest - STILL_UNDER_WAY)
        .where(~select(AuditSeal.entry_id).where(AuditSeal.entry_id == AuditEntry.id).exists())
    )
    entries = session.scalars(unsealed.order_by(AuditEntry.id).limit(limit)).all()
    for entry in entries:
        sequence += 1
        previous = keyring.seal_audit(previous, canonical(entry))
        session.add(AuditSeal(sequence=sequence, entry_id=entry.id, hash=previous, sealed_at=now))
    session.flush()
    return len(entries)
