"""Messages about people's own data: the one-time code with which they see it, and that its protection failed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from queue_app.adapters import language as wording
from queue_app.domain.keyring import Keyring
from queue_app.domain.reminders import MessageKind
from queue_app.models import OutboxMessage
from queue_app.queries.privacy.breaches import breach_of_message
from queue_app.queries.privacy.proofs import code_of, proof_to_send


def is_overtaken(session: Session, row: OutboxMessage, *, now: datetime) -> bool:
    """Whether the code is good for nothing any more, or there is nobody to send it to."""
    booking = row.booking
    if booking.email is None and booking.phone is None:
        return True
    if row.kind is MessageKind.BREACH:
        return False
    return proof_to_send(session, booking.id, row.due_at, now=now) is None


def data_values(
    session: Session, row: OutboxMessage, keyring: Keyring, language: str, *, now: datetime
) -> dict[str, Any]:
    """What its template names. Raises LookupError when there is nothing to write any more."""
    if row.kind is MessageKind.DATA_CODE:
        return code_values(session, row, keyring, language, now=now)
    breach = breach_of_message(session, row.booking.id, row.due_at)
    if breach is None:
        raise LookupError("no breach is told by this message")
    return {"notice": breach.notice_en if language == wording.ENGLISH else breach.notice_id}


def code_values(
    session: Session, row: OutboxMessage, keyring: Keyring, language: str, *, now: datetime
) -> dict[str, Any]:
    """``data_code``: "1234 5678". Raises LookupError when it has become void since the sweep looked."""
    proof = proof_to_send(session, row.booking.id, row.due_at, now=now)
    if proof is None:
        raise LookupError("the code is void")
    code = code_of(proof, row.booking, keyring)
    zone = row.booking.tickets[0].office.time_zone
    until = wording.format_instant(proof.expires_at, zone, language)
    return {"data_code": f"{code[:4]} {code[4:]}", "data_code_until": until}
