"""Proofs of deletion: what each run of the purge has emptied, as the sealed audit log tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.models import AuditEntry, AuditSeal


@dataclass(frozen=True)
class Deletion:
    """``rows``: of each table, how many were emptied; ``cutoff``: nothing of before was left. Instants are UTC."""

    entry_id: int
    at: datetime
    rows: Mapping[str, int]
    cutoff: datetime
    sealed: bool


def deletions(session: Session, *, limit: int = 50) -> tuple[Deletion, ...]:
    """The newest first; of all offices, since a run is one for all."""
    found = session.execute(
        select(AuditEntry, AuditSeal.sequence)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditEntry.subject == "purge", AuditEntry.subject_id == 0)  # an index leads to all of them
        .where(AuditEntry.action == "purge.deleted", AuditEntry.after.is_not(None))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return tuple(_deletion(entry, sequence is not None) for entry, sequence in found)


def _deletion(entry: AuditEntry, sealed: bool) -> Deletion:
    facts = entry.after or {}
    return Deletion(entry.id, entry.at, facts["deleted"], datetime.fromisoformat(facts["cutoff"]), sealed)
