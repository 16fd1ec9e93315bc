"""Check people in: decide a scan and record it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import SAME_SCAN_WITHIN, ScanResult, nonce_of_scan, nonces_of
from queue_app.domain.booking import TicketState
from queue_app.domain.errors import RequestChanged
from queue_app.domain.keyring import Keyring, KeysChanged
from queue_app.domain.roles import Actor
from queue_app.models import CheckIn
from queue_app.queries.records.key_checks import stored_epoch
from queue_app.services.booking.book import Booked
from queue_app.services.booking.tickets import refusal_of

from .admission import NewScan, store_scan, store_scans_alone
from .first_look import TicketSeen, look, look_at_each
from .lost import genuine_ticket_id, judge_without_ticket


@dataclass(frozen=True)
class Scan:
    """A scan at a desk: what was read or typed, where, by whom. ``nonce`` is random and kept when repeated.

    ``staff_id``: None where a partner's program scans (``api_key_id``) or a kiosk (``device_id``).
    """

    typed: str
    office_id: int
    staff_id: int | None
    nonce: str
    api_key_id: int | None = None
    device_id: int | None = None

    @property
    def actor(self) -> Actor:
        if self.staff_id is not None:
            return Actor.staff(self.staff_id)
        if self.device_id is not None:
            return Actor.device(self.device_id)
        return Actor.api_key(self.api_key_id) if self.api_key_id is not None else Actor.system("check-in")


@dataclass(frozen=True)
class Scanned:
    """A scan of one person's ticket that was recorded alone. ``check_in_id``: of its row."""

    check_in_id: int
    result: ScanResult
    ticket: TicketSeen


def check_in(session: Session, scan: Scan, *, keyring: Keyring, now: datetime) -> tuple[CheckIn, ...]:
    """Decide and record a scan: one row for a ticket, one for each person of the party for a booking code.

    A repeated nonce returns the first answer and changes nothing. Raises RequestChanged when that answer was about
    another ticket, RepeatedRequest when the same nonce is being stored at this very moment.
    """
    session.flush()  # what follows goes past the session
    connection = session.connection()
    found = look(connection, scan.typed, scan.nonce, keyring=keyring)
    if stored := find_scan(session, scan.nonce):
        _require_same(stored, scan, found)
        return stored
    by: dict[str, Any] = {"keyring": keyring, "now": now}
    try:
        if not found:
            result = judge_without_ticket(session, scan.typed, office_id=scan.office_id, actor=scan.actor, **by)
            store_scan(connection, _new_scan(scan, scan.nonce, None, result, **by))
        # In the order of ids, as everybody who takes several tickets: nobody waits in a circle.
        for nonce, seen in sorted(zip(nonces_of(scan.nonce), found, strict=False), key=lambda one: one[1].id):
            _record(session, scan, nonce, seen, **by)
    except IntegrityError as problem:
        raise refusal_of(problem) from None
    session.expire_all()
    return find_scan(session, scan.nonce)


def check_in_many(
    connection: Connection, scans: Sequence[Scan], *, keyring: Keyring, now: datetime
) -> list[Scanned | None]:
    """`check_in` for the tokens of several people, each of them once, as a transaction of its own on a connection of
    `db.claiming`.

    None stands for whoever has to go the whole way: no ticket of ours, a nonce that was stored before, or something has
    changed since the look. Nothing was stored for them.
    """
    ids = [genuine_ticket_id(scan.typed, keyring=keyring) for scan in scans]
    asked = {number: (ticket_id, scans[number].nonce) for number, ticket_id in enumerate(ids) if ticket_id is not None}
    seen = dict(zip(asked, look_at_each(connection, list(asked.values())), strict=True))
    recorded = _record_each(
        connection,
        {number: (scans[number], one) for number, one in seen.items() if one and not one.repeated},
        keyring=keyring,
        now=now,
    )
    return [recorded.get(number) for number in range(len(scans))]


def check_in_at_desk(connection: Connection, scan: Scan, *, keyring: Keyring, now: datetime) -> str | None:
    """`just_admitted`, else `check_in_many` for one person: the nonce of the scan that stands, or None."""
    found = look(connection, scan.typed, scan.nonce, keyring=keyring)
    if same := _of_the_same(found, scan, now=now):
        return same
    if len(found) != 1 or found[0].repeated:
        return None
    return scan.nonce if _record_each(connection, {0: (scan, found[0])}, keyring=keyring, now=now) else None


def just_admitted(connection: Connection, scan: Scan, *, keyring: Keyring, now: datetime) -> str | None:
    """The nonce of the scan that let all these in a moment ago, by the same person: a scanner triggered twice.

    None once it was taken back, or when somebody among them came otherwise.
    """
    return _of_the_same(look(connection, scan.typed, scan.nonce, keyring=keyring), scan, now=now)


def _of_the_same(found: Sequence[TicketSeen], scan: Scan, *, now: datetime) -> str | None:
    same = [
        one.nonce
        for one in (seen.standing for seen in found)
        if one and (one.office_id, one.staff_id) == (scan.office_id, scan.staff_id) and one.at > now - SAME_SCAN_WITHIN
    ]
    return nonce_of_scan(same[0]) if same and len(same) == len(found) else None


def find_scan(session: Session, nonce: str) -> tuple[CheckIn, ...]:
    """The rows that a scan with this nonce has stored, in the order of the party."""
    return _in_order(session.scalars(select(CheckIn).where(CheckIn.nonce.in_(nonces_of(nonce)))))


def _require_same(stored: Iterable[CheckIn], scan: Scan, found: Iterable[TicketSeen]) -> None:
    """Else a page that somebody went back to would answer for the person before. Raises RequestChanged."""
    named, meant = {row.ticket_id for row in stored} - {None}, {seen.id for seen in found}
    if any(row.office_id != scan.office_id for row in stored) or not named <= meant or bool(named) != bool(meant):
        raise RequestChanged(act=True)


def rows_of_scan(session: Session, row: CheckIn) -> tuple[CheckIn, ...]:
    """All rows of the scan that stored this one, in the order of the party."""
    return find_scan(session, nonce_of_scan(row.nonce))


def _in_order(rows: Iterable[CheckIn]) -> tuple[CheckIn, ...]:
    return tuple(sorted(rows, key=lambda row: row.nonce))


def admit_walk_in(
    session: Session,
    booked: Booked,
    *,
    office_id: int,
    staff_id: int | None,
    device_id: int | None,
    actor: Actor,
    keyring: Keyring,
    now: datetime,
) -> None:
    """Check in those who have just been given a number because they are here, in the transaction that gave it."""
    session.flush()
    for given in sorted(booked.tickets, key=lambda ticket: ticket.id):
        new = NewScan(
            nonce=f"walk-in-{given.id}",
            ticket_id=given.id,
            before=TicketState.BOOKED,
            result=ScanResult.CHECKED_IN,
            office_id=office_id,
            staff_id=staff_id,
            api_key_id=None,
            device_id=device_id,
            actor=actor,
            keys=keyring.epoch,
            now=now,
        )
        store_scan(session.connection(), new)
    session.expire_all()


def _record(session: Session, scan: Scan, nonce: str, seen: TicketSeen, *, keyring: Keyring, now: datetime) -> None:
    """One person's row; judged anew as long as another desk was faster, or the citizen cancels in this very second.

    Raises KeysChanged when ``keyring`` is in force no more.
    """
    connection = session.connection()
    while True:
        result = seen.judge(scan.office_id, now=now)
        if store_scan(connection, _new_scan(scan, nonce, seen, result, keyring=keyring, now=now)) is not None:
            return
        if stored_epoch(session) not in (None, keyring.epoch):
            raise KeysChanged()
        (again,) = look_at_each(connection, [(seen.id, nonce)])
        assert again is not None, "tickets are never deleted"
        seen = again


def _record_each(
    connection: Connection, each: Mapping[int, tuple[Scan, TicketSeen]], *, keyring: Keyring, now: datetime
) -> dict[int, Scanned]:
    """In one transaction; whoever is missing was not stored."""
    results = {number: seen.judge(scan.office_id, now=now) for number, (scan, seen) in each.items()}
    new = [
        _new_scan(scan, scan.nonce, seen, results[number], keyring=keyring, now=now)
        for number, (scan, seen) in each.items()
    ]
    try:
        stored = zip(each, store_scans_alone(connection, new) if new else (), strict=True)
    except IntegrityError:  # somebody else has stored one of them at this very moment
        return {}
    return {number: Scanned(row_id, results[number], each[number][1]) for number, row_id in stored if row_id}


def _new_scan(
    scan: Scan, nonce: str, seen: TicketSeen | None, result: ScanResult, *, keyring: Keyring, now: datetime
) -> NewScan:
    return NewScan(
        nonce=nonce,
        ticket_id=seen.id if seen else None,
        before=seen.state if seen else None,
        result=result,
        office_id=scan.office_id,
        staff_id=scan.staff_id,
        api_key_id=scan.api_key_id,
        device_id=scan.device_id,
        actor=scan.actor,
        keys=keyring.epoch,
        now=now,
    )
