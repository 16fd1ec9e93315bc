"""Take over what staff did while the connection was cut, with its own time; what does not fit is left to a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ADMITTING, ScanResult, nonces_of
from queue_app.domain.booking import TicketState
from queue_app.domain.clock import office_date
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.keyring import Keyring
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import OfflineAct, OfflineEntry, Ticket
from queue_app.services.arrivals.check_in import Scan, check_in, find_scan
from queue_app.services.arrivals.taking_back import undo_check_in
from queue_app.services.records import audit

from .entries import GivenTime, Sender, digest_of, given_time, new_entry, require_same, store_entries

WITHDRAWN = "withdrawn"
DEAD = {TicketState.CANCELLED: ScanResult.CANCELLED, TicketState.RESCHEDULED: ScanResult.RESCHEDULED}


@dataclass(frozen=True)
class OfflineScan:
    """A scan that a device decided by itself. ``typed`` is a token or a code; ``admitted``: the tickets that it let in;
    ``withdrawn_at``: when it was taken back there.
    """

    nonce: str
    typed: str
    at: datetime
    admitted: frozenset[int] = frozenset()
    withdrawn_at: datetime | None = None


def sync_scan(
    session: Session, kept: OfflineScan, *, sender: Sender, keyring: Keyring, now: datetime
) -> tuple[OfflineEntry, ...]:
    """Decide a scan again, by the rules of the moment in which it was made.

    Repeated, it returns what was stored and changes nothing; but what was taken back since, its answer having got lost,
    is taken back here too. A scan of another day is decided as of now. Raises RequestChanged for the nonce of another
    scan, RepeatedRequest when the same one is being stored at this very moment.
    """
    digest = digest_of(kept.typed, kept.at)
    stored = find_entries(session, kept)
    require_same(stored, digest, sender)
    taken_back = tuple(entry for entry in stored if entry.nonce == _nonce_of(kept, WITHDRAWN))
    if taken_back or (stored and kept.withdrawn_at is None):
        return taken_back or stored
    given = given_time(kept.at, sender, now=now)
    at = given.at
    if kept.withdrawn_at is not None:
        return store_entries(session, [_withdraw(session, kept, given, digest, sender, now=now)], sender)
    same_day = office_date(at, sender.zone) == office_date(now, sender.zone)
    scan = Scan(typed=kept.typed, office_id=sender.office_id, staff_id=sender.staff_id, nonce=kept.nonce)
    rows = check_in(session, scan, keyring=keyring, now=at if same_day else now)
    entries = [
        new_entry(
            row.nonce,
            OfflineAct.SCAN,
            given,
            row.result.value,
            sender,
            digest=digest,
            now=now,
            ticket_id=row.ticket_id,
            conflict=row.ticket_id in kept.admitted and row.result not in ADMITTING,
        )
        for row in rows
    ]
    # Who was let in with a family's code and has been moved or cancelled since stands in none of its rows.
    for ticket_id in sorted(kept.admitted - {row.ticket_id for row in rows}):
        ticket = session.get(Ticket, ticket_id)
        if ticket is not None and ticket.office_id == sender.office_id:
            answer = DEAD.get(ticket.state, ScanResult.UNKNOWN).value
            nonce = _nonce_of(kept, ticket_id)
            which: dict[str, Any] = {"now": now, "ticket_id": ticket_id, "conflict": True, "digest": digest}
            entries.append(new_entry(nonce, OfflineAct.SCAN, given, answer, sender, **which))
    return store_entries(session, entries, sender)


def find_entries(session: Session, kept: OfflineScan) -> tuple[OfflineEntry, ...]:
    """What a scan has stored: for a family a row for each person."""
    nonces = [*nonces_of(kept.nonce), *(_nonce_of(kept, ticket_id) for ticket_id in kept.admitted)]
    nonces.append(_nonce_of(kept, WITHDRAWN))
    rows = session.scalars(select(OfflineEntry).where(OfflineEntry.nonce.in_(nonces)).order_by(OfflineEntry.nonce))
    return tuple(rows)


def _nonce_of(kept: OfflineScan, what: int | str) -> str:
    return f"{kept.nonce}-{what}"


def settle(session: Session, entry_id: int, *, office_id: int, staff_id: int, note: str, now: datetime) -> None:
    """Somebody has decided what to do; with it goes what the same device did with the same person afterwards.

    Settling again changes nothing. Raises NotFound, ReasonRequired.
    """
    note = read_reason(note)
    entry = session.get(OfflineEntry, entry_id)
    if entry is None or entry.office_id != office_id or not entry.conflict:
        raise NotFound()
    same = select(OfflineEntry).where(
        OfflineEntry.office_id == office_id, OfflineEntry.conflict, OfflineEntry.settled_at.is_(None)
    )
    person = OfflineEntry.ticket_id == entry.ticket_id if entry.ticket_id else OfflineEntry.id == entry.id
    place = OfflineEntry.counter_id == entry.counter_id if entry.counter_id else OfflineEntry.counter_id.is_(None)
    together = same.where((OfflineEntry.id == entry.id) | (person & place)).order_by(OfflineEntry.id)
    for row in session.scalars(together.with_for_update(key_share=True, of=OfflineEntry)):
        row.settled_at, row.settled_by, row.note = now, staff_id, note
        audit.record(
            session,
            "offline.settled",
            "offline_entry",
            row.id,
            actor=Actor.staff(staff_id),
            now=now,
            office_id=office_id,
            reason=note,
        )
    session.flush()


def _withdraw(
    session: Session,
    kept: OfflineScan,
    given: GivenTime,
    digest: bytes,
    sender: Sender,
    *,
    now: datetime,
) -> OfflineEntry:
    """Taken back on the device: when the scan has reached us all the same, its answer having got lost, undo it."""
    answer, conflict, ticket_id = WITHDRAWN, False, None
    undone_at = min(max(kept.withdrawn_at or given.at, given.at), now)
    for row in find_scan(session, kept.nonce):
        if row.office_id != sender.office_id or row.result not in ADMITTING:
            continue
        try:
            with session.begin_nested():
                undo_check_in(
                    session, row.id, office_id=sender.office_id, staff_id=sender.staff_id, now=max(undone_at, row.at)
                )
        except DomainError as refusal:
            answer, conflict, ticket_id = refusal.code, True, row.ticket_id
    which: dict[str, Any] = {"now": now, "ticket_id": ticket_id, "conflict": conflict, "digest": digest}
    return new_entry(_nonce_of(kept, WITHDRAWN), OfflineAct.SCAN, given, answer, sender, **which)
