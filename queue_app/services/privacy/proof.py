"""Showing that a booking's data is one's own: a one-time code goes to the contact of the booking and comes back."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.data_rights import (
    CODE_BY_HAND_LASTS,
    CODE_LASTS,
    CODE_TRIES,
    STAYS_OPEN,
    asked_at,
    read_one_time_code,
)
from queue_app.domain.keyring import Keyring
from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import CITIZEN
from queue_app.models import Booking, DataProof
from queue_app.queries.privacy.proofs import code_of, door_hash
from queue_app.services.records import audit, outbox

NONCE_BYTES = 16


def send_data_code(session: Session, booking: Booking, *, now: datetime) -> None:
    """Queue a one-time code for the booking's own contact; within ten minutes only one.

    Gives nothing back: whoever asks must not learn whether there is a contact.
    """
    if booking.email is None and booking.phone is None:
        return
    began = asked_at(now)
    if not outbox.queue(session, booking, MessageKind.DATA_CODE, due_at=began):
        return
    lasts = CODE_LASTS if booking.email is not None else CODE_BY_HAND_LASTS
    nonce = secrets.token_bytes(NONCE_BYTES)
    session.add(DataProof(booking_id=booking.id, asked_at=began, nonce=nonce, expires_at=now + lasts))
    audit.record(session, "data.code_sent", "booking", booking.id, actor=CITIZEN, now=now)
    session.flush()


def try_code(session: Session, booking: Booking, typed: str, *, keyring: Keyring, now: datetime) -> str | None:
    """The key of a door that stays open for half an hour, or None for whatever is not the code that counts.

    The try is counted before anything is compared, by one conditional statement that locks the row: so a thousand
    requests at once are not more tries than a thousand one after the other. The caller commits in either case.
    """
    proof = _count_try(session, booking, now=now)
    decoy = DataProof(nonce=bytes(NONCE_BYTES))  # what is not there takes as long to compare
    expected = code_of(proof or decoy, booking, keyring)
    matches = hmac.compare_digest(expected, read_one_time_code(typed) or "-")
    if proof is None or not matches:
        return None
    key = secrets.token_urlsafe(32)
    opened = session.execute(
        update(DataProof)
        .where(DataProof.id == proof.id, DataProof.used_at.is_(None))
        .values(used_at=now, door_hash=door_hash(key), open_until=now + STAYS_OPEN)
        .returning(DataProof.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if opened is None:
        return None
    audit.record(session, "data.proved", "booking", booking.id, actor=CITIZEN, now=now)
    return key


def close_door(session: Session, booking_id: int, *, now: datetime) -> None:
    """Whoever has finished leaves nothing open behind them, on whatever device."""
    session.execute(
        update(DataProof)
        .where(DataProof.booking_id == booking_id, DataProof.open_until > now)
        .values(open_until=now)
        .execution_options(synchronize_session=False)
    )


def _count_try(session: Session, booking: Booking, *, now: datetime) -> DataProof | None:
    """The newest code of the booking, when it may still be tried; it is one try poorer then."""
    newest = select(DataProof.id).where(DataProof.booking_id == booking.id).order_by(DataProof.asked_at.desc()).limit(1)
    counted = session.execute(
        update(DataProof)
        .where(DataProof.id == newest.scalar_subquery(), DataProof.used_at.is_(None))
        .where(DataProof.expires_at > now, DataProof.tries < CODE_TRIES)
        .values(tries=DataProof.tries + 1)
        .returning(DataProof.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return session.get_one(DataProof, counted) if counted is not None else None
