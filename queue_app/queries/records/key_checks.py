"""Whether the keys are those that the database was sealed with."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.identity import Nik
from queue_app.domain.keyring import EPOCH, Keyring, KeysInForce, Unreadable, bound_to, differing, opened
from queue_app.models import AuditEntry, AuditSeal, Booking, FormerKey, KeyCheck, Ticket

from .audit_chain import GENESIS, canonical

SAMPLE = 50  # values of each kind
_EPOCH = f"SELECT value FROM key_check WHERE name = '{EPOCH}'"


def has_key_checks(session: Session) -> bool:
    return session.scalars(select(KeyCheck.name).limit(1)).first() is not None


def keys_in_force(session: Session) -> KeysInForce:
    values = {row.name: row.value for row in session.execute(select(KeyCheck.name, KeyCheck.value))}
    former = session.execute(select(FormerKey.value, FormerKey.last_ticket_id).where(FormerKey.name == "ticket"))
    return KeysInForce(values, {row.value: row.last_ticket_id or 0 for row in former})


def stored_epoch(session: Session) -> bytes | None:
    """Of the keys in force; None where the database knows none. Asked in every transaction that writes, so in SQL."""
    row = session.connection().exec_driver_sql(_EPOCH).first()
    return bytes(row[0]) if row else None


def misfits(session: Session, keyring: Keyring) -> tuple[str, ...]:
    """The names of the keys that are not those of the database; none when all of them fit.

    Every key that the database knows must be there. A database from before the check values is tried by what it holds.
    """
    stored = keys_in_force(session).values
    return differing(keyring.check_values, stored) if stored else _misfits_of_sample(session, keyring)


def _misfits_of_sample(session: Session, keyring: Keyring) -> tuple[str, ...]:
    """By the oldest of what is sealed, because the first keys are the right ones: what came later may have been written
    while a wrong file was in use. More than half of it must open, since a single value may be damaged.

    Of tickets' tokens and cookies nothing is stored: those keys are believed.
    """
    rows = session.execute(
        select(Ticket.nik, Ticket.position, Ticket.person_index, Booking.code, Booking.phone)
        .join(Ticket.booking)
        .where(Ticket.nik.is_not(None))
        .order_by(Ticket.id)
        .limit(SAMPLE)
    ).all()
    niks = [opened(keyring, row.nik, bound_to=bound_to(row.code, "nik", row.position)) for row in rows]
    phones = [opened(keyring, row.phone, bound_to=bound_to(row.code, "phone")) for row in rows if row.phone]
    read = [(row.person_index, nik) for row, nik in zip(rows, niks, strict=True) if nik and not _unreadable(nik)]
    indexes = [index == keyring.person_index(Nik(nik).digits) for index, nik in read if index is not None]
    fits = {
        "data": _mostly([not _unreadable(value) for value in (*niks, *phones)]),
        "person_index": _mostly(indexes),
        "audit": _seals(session, keyring),
    }
    return tuple(name for name, fit in fits.items() if not fit)


def _seals(session: Session, keyring: Keyring) -> bool:
    """Whether the key of the audit log made its first links."""
    links = session.execute(
        select(AuditSeal, AuditEntry)
        .join(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .order_by(AuditSeal.sequence)
        .limit(SAMPLE)
    ).all()
    before = [GENESIS, *(seal.hash for seal, _entry in links)]
    return _mostly(
        [
            hmac.compare_digest(keyring.seal_audit(previous, canonical(entry)), seal.hash)
            for previous, (seal, entry) in zip(before, links, strict=False)
        ]
    )


def _mostly(answers: Sequence[bool]) -> bool:
    return not answers or sum(answers) * 2 > len(answers)


def _unreadable(value: str | None) -> bool:
    return isinstance(value, Unreadable)
