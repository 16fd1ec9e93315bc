"""The hash chain over the audit log: what a seal covers, and whether every seal still fits."""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from queue_app.domain.keyring import Keyring
from queue_app.models import AuditEntry, AuditSeal

GENESIS = b"\0" * 32
SEALED_WITHIN = timedelta(minutes=1)
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
        elif not _fits(seal, entry, previous, keyring):
            problems.append(f"Seal {seal.sequence}: audit entry {seal.entry_id} or the chain before it was altered.")
        previous, expected = seal.hash, seal.sequence + 1
        if len(problems) >= PROBLEMS_MAX:
            problems.append("Further seals were not looked at.")
            break
    links.close()
    return problems


class BrokenBy(StrEnum):
    """Why a link does not fit."""

    ALTERED = "altered"  # the entry, or the hash before it
    GONE = "gone"  # the entry
    CUT = "cut"  # the seal before


@dataclass(frozen=True)
class Verified:
    """What a look at some links found: how many, and by sequence those that do not fit, the first `PROBLEMS_MAX`.

    ``unsealed``: entries among them that bear no seal, ``overdue`` those of them that should long have one.
    """

    links: int
    broken: tuple[tuple[int, BrokenBy], ...]
    unsealed: int
    overdue: int

    @property
    def is_well(self) -> bool:
        return not self.broken and not self.overdue


def verify_newest(session: Session, keyring: Keyring, *, links: int, now: datetime) -> Verified:
    """The last ``links`` of the chain, each against the one before it, and what was written since the first of them."""
    newest = session.scalar(select(func.max(AuditSeal.sequence))) or 0
    first = max(newest - links + 1, 1)
    oldest = session.scalar(select(AuditSeal.entry_id).where(AuditSeal.sequence == first)) or 0
    return _verified(session, keyring, AuditSeal.sequence >= first, AuditEntry.id >= oldest, now)


def verify_entries(session: Session, keyring: Keyring, ids: Collection[int], *, now: datetime) -> Verified:
    """The links of single entries, each against the one before it."""
    return _verified(session, keyring, AuditSeal.entry_id.in_(ids), AuditEntry.id.in_(ids), now)


def _verified(
    session: Session, keyring: Keyring, seals: ColumnElement[bool], entries: ColumnElement[bool], now: datetime
) -> Verified:
    before = aliased(AuditSeal)
    found = session.execute(
        select(AuditSeal, AuditEntry, before.hash)
        .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .outerjoin(before, before.sequence == AuditSeal.sequence - 1)
        .where(seals)
        .order_by(AuditSeal.sequence)
        .execution_options(yield_per=1000)
    )
    links, broken = 0, []
    for seal, entry, hash_before in found:
        links += 1
        previous = GENESIS if seal.sequence == 1 else hash_before
        if previous is None:
            broken.append((seal.sequence, BrokenBy.CUT))
        elif entry is None:
            broken.append((seal.sequence, BrokenBy.GONE))
        elif not _fits(seal, entry, previous, keyring):
            broken.append((seal.sequence, BrokenBy.ALTERED))
    bare = ~select(AuditSeal.entry_id).where(AuditSeal.entry_id == AuditEntry.id).exists()
    times = session.scalars(select(AuditEntry.at).where(entries, bare)).all()
    overdue = sum(at < now - SEALED_WITHIN for at in times)
    return Verified(links, tuple(broken[:PROBLEMS_MAX]), len(times), overdue)


def _fits(seal: AuditSeal, entry: AuditEntry, previous: bytes, keyring: Keyring) -> bool:
    return hmac.compare_digest(keyring.seal_audit(previous, canonical(entry)), seal.hash)


def unsealed_before(session: Session, instant: datetime) -> int:
    """How many audit rows written before ``instant`` bear no seal yet."""
    sealed = select(AuditSeal.entry_id).where(AuditSeal.entry_id == AuditEntry.id).exists()
    return session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.at < instant, ~sealed)) or 0
