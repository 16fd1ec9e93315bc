"""Take over what staff did while the connection was cut, with its own time; what does not fit is left to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ADMITTING, ScanResult
from queue_app.domain.booking import TicketState
from queue_app.domain.clock import office_date
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.keyring import Keyring
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Counter, OfflineAct, OfflineEntry, Ticket
from queue_app.services.arrivals.check_in import Scan, check_in, find_scan, nonces_of, undo_check_in
from queue_app.services.booking.tickets import store
from queue_app.services.records import audit

OLDEST = timedelta(days=7)  # an earlier time is that of a device whose clock is wrong
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


@dataclass(frozen=True)
class Sender:
    """Whose device speaks, and in which zone its day is."""

    office_id: int
    zone: str
    staff_id: int


def sync_scan(
    session: Session, kept: OfflineScan, *, sender: Sender, keyring: Keyring, now: datetime
) -> tuple[OfflineEntry, ...]:
    """Decide a scan again, by the rules of the moment in which it was made.

    Repeated, it returns what was stored and changes nothing. A scan of another day is decided as of now. Raises
    RepeatedRequest when the same scan is being stored at this very moment.
    """
    if stored := find_entries(session, kept):
        return stored
    at = own_time(kept.at, sender.zone, now=now)
    if kept.withdrawn_at is not None:
        return _store(session, [_withdraw(session, kept, at, sender, now=now)])
    same_day = office_date(at, sender.zone) == office_date(now, sender.zone)
    scan = Scan(typed=kept.typed, office_id=sender.office_id, staff_id=sender.staff_id, nonce=kept.nonce)
    rows = check_in(session, scan, keyring=keyring, now=at if same_day else now)
    entries = [
        _entry(
            row.nonce,
            OfflineAct.SCAN,
            at,
            row.result.value,
            sender,
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
            entries.append(
                _entry(nonce, OfflineAct.SCAN, at, answer, sender, now=now, ticket_id=ticket_id, conflict=True)
            )
    return _store(session, entries)


def own_time(claimed: datetime, zone: str, *, now: datetime) -> datetime:
    """The time that a device gives, never in the future; of a device whose clock is far off, the present one."""
    return claimed if now - OLDEST <= claimed <= now else now


def find_entries(session: Session, kept: OfflineScan) -> tuple[OfflineEntry, ...]:
    """What a scan has stored: for a family a row for each person."""
    nonces = [*nonces_of(kept.nonce), *(_nonce_of(kept, ticket_id) for ticket_id in kept.admitted)]
    rows = session.scalars(select(OfflineEntry).where(OfflineEntry.nonce.in_(nonces)).order_by(OfflineEntry.nonce))
    return tuple(rows)


def _nonce_of(kept: OfflineScan, ticket_id: int) -> str:
    return f"{kept.nonce}-{ticket_id}"


def record_step(
    session: Session,
    nonce: str,
    act: OfflineAct,
    ticket_id: int,
    *,
    counter_id: int,
    at: datetime,
    sender: Sender,
    now: datetime,
    refused: DomainError | None = None,
) -> OfflineEntry:
    """Remember what became of a press at a counter: done, or refused with a reason and left to a person."""
    counter, ticket = session.get(Counter, counter_id), session.get(Ticket, ticket_id)
    (entry,) = _store(
        session,
        [
            _entry(
                nonce,
                act,
                at,
                refused.code if refused else "done",
                sender,
                now=now,
                ticket_id=ticket.id if ticket and ticket.office_id == sender.office_id else None,
                counter_id=counter.id if counter and counter.office_id == sender.office_id else None,
                conflict=refused is not None,
            )
        ],
    )
    return entry


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


def _withdraw(session: Session, kept: OfflineScan, at: datetime, sender: Sender, *, now: datetime) -> OfflineEntry:
    """Taken back on the device: when the scan has reached us all the same, its answer having got lost, undo it."""
    answer, conflict, ticket_id = "withdrawn", False, None
    undone_at = min(max(kept.withdrawn_at or at, at), now)
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
    return _entry(kept.nonce, OfflineAct.SCAN, at, answer, sender, now=now, ticket_id=ticket_id, conflict=conflict)


def _entry(
    nonce: str,
    act: OfflineAct,
    at: datetime,
    answer: str,
    sender: Sender,
    *,
    now: datetime,
    conflict: bool,
    ticket_id: int | None,
    counter_id: int | None = None,
) -> OfflineEntry:
    return OfflineEntry(
        nonce=nonce,
        office_id=sender.office_id,
        staff_id=sender.staff_id,
        act=act,
        ticket_id=ticket_id,
        counter_id=counter_id,
        at=at,
        received_at=now,
        answer=answer,
        conflict=conflict,
    )


def _store(session: Session, entries: Sequence[OfflineEntry]) -> tuple[OfflineEntry, ...]:
    session.add_all(entries)
    store(session)
    return tuple(entries)
