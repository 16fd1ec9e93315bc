"""The hash chain over the audit log: what a seal covers, and whether every seal still fits."""

from __future__ import annotations

import hmac
import json
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.models import AuditEntry, AuditSeal

GENESIS = b"\0" * 32
PROBLEMS_MAX = 20  # with the wrong key file every link is broken: the first ones say enough


def canonical(entry: AuditEntry) -> bytes:
    """The bytes of an entry that the seal covers: every column, in a fixed form."""
    columns = [
        entry.id,
        entry.at.isoformat(),
        entry.actor,
        entry.action,
        entry.subject,
        entry.subject_id,
        entry.office_id,
        entry.before,
        entry.after,
        entry.reason,
    ]
    return json.dumps(columns, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def verify_chain(session: Session, keyring: Keyring) -> list[str]:
    """Recompute every seal in order; return a sentence for each link that does not fit, none when all is well.

    The check goes on from the stored hash, so that one altered row is named once and not blamed on all after it.
    Seals cut off at the end leave their entries unsealed: `unsealed_before` sees those.
    """
    problems: list[str] = []
    previous, expected = GENESIS, 1
    links = session.execute(
        select(AuditSeal, AuditEntry)
        .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .order_by(AuditSeal.sequence)
        .execution_options(yield_per=1000)
    )
    for seal, entry in links:
        if seal.sequence != expected:
            problems.append(f"Seals {expected} to {seal.sequence - 1} are missing.")
        if entry is None:
            problems.append(f"Seal {seal.sequence}: audit entry {seal.entry_id} is gone.")
        elif not hmac.compare_digest(keyring.seal_audit(previous, canonical(entry)), seal.hash):
            problems.append(f"Seal {seal.sequence}: audit entry {seal.entry_id} or the chain before it was altered.")
        previous, expected = seal.hash, seal.sequence + 1
        if len(problems) >= PROBLEMS_MAX:
            problems.append("Further seals were not looked at.")
            break
    links.close()
    return problems


def unsealed_before(session: Session, instant: datetime) -> int:
    """How many audit rows written before ``instant`` bear no seal yet."""
    sealed = select(AuditSeal.entry_id).where(AuditSeal.entry_id == AuditEntry.id).exists()
    return session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.at < instant, ~sealed)) or 0
