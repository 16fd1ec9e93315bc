"""One-time codes that are good at this moment, and doors that stand open."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.models import Booking, DataProof


def code_of(proof: DataProof, booking: Booking, keyring: Keyring) -> str:
    """Worked out when it is sent and when it is compared; stored nowhere."""
    return keyring.one_time_code(proof.nonce, bound_to=booking.code)


def door_hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def proof_to_send(session: Session, booking_id: int, asked_at: datetime, *, now: datetime) -> DataProof | None:
    """The proof whose code a message carries; None once it is used, too old, or followed by another."""
    newest = session.scalars(
        select(DataProof).where(DataProof.booking_id == booking_id).order_by(DataProof.asked_at.desc()).limit(1)
    ).one_or_none()
    if newest is None or newest.asked_at != asked_at or newest.used_at is not None or newest.expires_at <= now:
        return None
    return newest


def stands_open(session: Session, booking_id: int, key: str, *, now: datetime) -> bool:
    """Whether this key opens the booking's data just now."""
    found = select(DataProof.id).where(
        DataProof.door_hash == door_hash(key), DataProof.booking_id == booking_id, DataProof.open_until > now
    )
    return session.execute(found).first() is not None
