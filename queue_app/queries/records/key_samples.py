"""Whether keys and database belong together, by what is sealed in it."""

from __future__ import annotations

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring, bound_to, plain
from queue_app.models import AuditEntry, AuditSeal, Booking, Ticket

from .audit_chain import GENESIS, canonical

SAMPLE = 20  # the newest values of each kind


def keys_fit(session: Session, keyring: Keyring) -> bool:
    """Open a sample of what is sealed, hash what was hashed, and seal the newest audit entry again. Only columns that
    were there from the first migration on, because a backup may be old.
    """
    return _people_open(session, keyring) and _contacts_open(session, keyring) and _seal_fits(session, keyring)


def _people_open(session: Session, keyring: Keyring) -> bool:
    rows = session.execute(
        select(Booking.code, Ticket.position, Ticket.nik, Ticket.person_index)
        .join(Booking, Booking.id == Ticket.booking_id)
        .where(Ticket.nik.is_not(None), Ticket.person_index.is_not(None))
        .order_by(Ticket.id.desc())
        .limit(SAMPLE)
    )
    for code, position, nik, index in rows:
        opened = plain(keyring, nik, bound_to=bound_to(code, "nik", position))
        if opened is None or index is None or not hmac.compare_digest(keyring.person_index(opened), index):
            return False
    return True


def _contacts_open(session: Session, keyring: Keyring) -> bool:
    rows = session.execute(
        select(Booking.code, Booking.phone).where(Booking.phone.is_not(None)).order_by(Booking.id.desc()).limit(SAMPLE)
    )
    return all(plain(keyring, phone, bound_to=bound_to(code, "phone")) is not None for code, phone in rows)


def _seal_fits(session: Session, keyring: Keyring) -> bool:
    links = session.execute(
        select(AuditSeal.hash, AuditEntry)
        .join(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .order_by(AuditSeal.sequence.desc())
        .limit(2)
    ).all()
    if not links:
        return True
    (seal, entry), previous = links[0], links[1][0] if len(links) > 1 else GENESIS
    return hmac.compare_digest(keyring.seal_audit(previous, canonical(entry)), seal)
