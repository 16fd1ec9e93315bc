"""A genuine ticket whose data is gone: it was given out in a time that a restored backup does not hold."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ScanResult
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor
from queue_app.domain.scanners import token_readings
from queue_app.models import Ticket
from queue_app.queries.records.restorations import latest_gap
from queue_app.services.records import audit


def genuine_ticket_id(typed: str, *, keyring: Keyring) -> int | None:
    """The id that a genuine token names, whether or not there is such a ticket."""
    readings = (keyring.read_ticket_token(reading) for reading in token_readings(typed))
    return next((found for found in readings if found is not None), None)


def is_lost(session: Session, ticket_id: int) -> bool:
    """Tickets are never deleted: one that is missing was lost, if the database was ever restored."""
    return session.get(Ticket, ticket_id) is None and latest_gap(session) is not None


def judge_without_ticket(
    session: Session, typed: str, *, office_id: int, actor: Actor, keyring: Keyring, now: datetime
) -> ScanResult:
    """Of a scan that found no ticket. A lost one is audited: it is told by the office alone that somebody had it."""
    ticket_id = genuine_ticket_id(typed, keyring=keyring)
    if ticket_id is None or not is_lost(session, ticket_id):
        return ScanResult.UNKNOWN
    audit.record(session, "ticket.lost_shown", "ticket", ticket_id, actor=actor, now=now, office_id=office_id)
    return ScanResult.LOST
