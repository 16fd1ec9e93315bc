"""Check people in, undo a scan, and record what the comparison with the document showed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ADMITTING, UNDO_ADMISSION_WITHIN, IdentityResult, ScanResult, judge_arrival
from queue_app.domain.booking import PARTY_MAX, TicketState
from queue_app.domain.errors import IllegalTransition, NotFound, RequestChanged, UndoExpired
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor
from queue_app.domain.visits import VisitState
from queue_app.models import CheckIn, Ticket
from queue_app.queries.booking.lives import is_given
from queue_app.queries.calendar.offices import offering_at
from queue_app.services.booking.book import Booked
from queue_app.services.booking.tickets import record_transition, store
from queue_app.services.records import audit
from queue_app.services.visits.steps import begin_visit, end_visit

from .lost import judge_without_ticket
from .scanned import find_tickets

OTHER_PERSON = "other person"  # as the audit says it


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


def check_in(session: Session, scan: Scan, *, keyring: Keyring, now: datetime) -> tuple[CheckIn, ...]:
    """Decide and record a scan: one row for a ticket, one for each person of the party for a booking code.

    A repeated nonce returns the first answer and changes nothing. Raises RequestChanged when that answer was about
    another ticket, RepeatedRequest when the same nonce is being stored at this very moment.
    """
    found = find_tickets(session, scan.typed, keyring=keyring)
    if stored := find_scan(session, scan.nonce):
        _require_same(stored, scan, found)
        return stored
    tickets: list[Ticket] | list[ScanResult] = found or [
        judge_without_ticket(session, scan.typed, office_id=scan.office_id, actor=scan.actor, keyring=keyring, now=now)
    ]
    each: list[tuple[str, Ticket | ScanResult]] = list(zip(nonces_of(scan.nonce), tickets, strict=False))
    # In the order of ids, as everybody who takes several tickets: nobody waits in a circle.
    each.sort(key=lambda one: one[1].id if isinstance(one[1], Ticket) else 0)
    rows = _in_order(_admit(session, scan, nonce, ticket, now=now) for nonce, ticket in each)
    session.add_all(rows)
    store(session)
    return rows


def find_scan(session: Session, nonce: str) -> tuple[CheckIn, ...]:
    """The rows that a scan with this nonce has stored, in the order of the party."""
    return _in_order(session.scalars(select(CheckIn).where(CheckIn.nonce.in_(nonces_of(nonce)))))


def _require_same(stored: Iterable[CheckIn], scan: Scan, tickets: Iterable[Ticket]) -> None:
    """Else a page that somebody went back to would answer for the person before. Raises RequestChanged."""
    named, meant = {row.ticket_id for row in stored} - {None}, {ticket.id for ticket in tickets}
    if any(row.office_id != scan.office_id for row in stored) or not named <= meant or bool(named) != bool(meant):
        raise RequestChanged(act=True)


def rows_of_scan(session: Session, row: CheckIn) -> tuple[CheckIn, ...]:
    """All rows of the scan that stored this one, in the order of the party."""
    return find_scan(session, row.nonce.partition(".")[0])


def _in_order(rows: Iterable[CheckIn]) -> tuple[CheckIn, ...]:
    return tuple(sorted(rows, key=lambda row: row.nonce))


def nonces_of(nonce: str) -> tuple[str, ...]:
    """One for each person of the largest party; the first is the scan's own."""
    return (nonce, *(f"{nonce}.{position}" for position in range(1, PARTY_MAX)))


def _admit(session: Session, scan: Scan, nonce: str, found: Ticket | ScanResult, *, now: datetime) -> CheckIn:
    """``found``: the ticket, or the answer where there is none."""
    ticket = found if isinstance(found, Ticket) else None
    result = found if isinstance(found, ScanResult) else _judge(session, found, scan.office_id, now=now)
    row = CheckIn(
        nonce=nonce,
        ticket_id=ticket.id if ticket else None,
        office_id=scan.office_id,
        staff_id=scan.staff_id,
        api_key_id=scan.api_key_id,
        device_id=scan.device_id,
        at=now,
        result=result,
    )
    while ticket and row.result in ADMITTING:
        before = ticket.state
        if step_ticket(session, ticket, before, TicketState.CHECKED_IN, now=now):
            record_transition(session, ticket, before, actor=scan.actor, now=now)
            begin_visit(session, ticket, row.result, now=now)
            break
        # Another desk was faster, or the citizen cancelled in this very second: judge what it has become.
        row.result = _judge(session, ticket, scan.office_id, now=now)
    return row


def admit_walk_in(
    session: Session, booked: Booked, *, staff_id: int | None, device_id: int | None, actor: Actor, now: datetime
) -> None:
    """Check in those who have just been given a number because they are here."""
    for given in booked.tickets:
        ticket = session.get_one(Ticket, given.id)
        step_ticket(session, ticket, TicketState.BOOKED, TicketState.CHECKED_IN, now=now)
        record_transition(session, ticket, TicketState.BOOKED, actor=actor, now=now)
        begin_visit(session, ticket, ScanResult.CHECKED_IN, now=now)
        row = CheckIn(nonce=f"walk-in-{ticket.id}", ticket_id=ticket.id, office_id=ticket.office_id, at=now)
        row.staff_id, row.device_id, row.result = staff_id, device_id, ScanResult.CHECKED_IN
        session.add(row)
    session.flush()


def undo_check_in(session: Session, check_in_id: int, *, office_id: int, staff_id: int, now: datetime) -> CheckIn:
    """Take an admission back within two minutes, at the same office. Undoing twice changes nothing.

    Raises NotFound, UndoExpired; IllegalTransition when the person has booked the same service again since.
    """
    # Two undos at once: the second one sees the first.
    row = session.get(CheckIn, check_in_id, with_for_update={"key_share": True})
    if row is None or row.office_id != office_id or row.result not in ADMITTING or row.ticket_id is None:
        raise NotFound()
    if row.undone_at is not None:
        return row
    if now - row.at > UNDO_ADMISSION_WITHIN:
        raise UndoExpired()
    return _take_back(session, row, staff_id=staff_id, now=now, reason="undo")


def record_identity(
    session: Session, check_in_id: int, result: IdentityResult, *, office_id: int, staff_id: int, now: datetime
) -> CheckIn:
    """Record what the comparison with the document showed; another person is not admitted, and the ticket stays
    with its owner. Recording the same again changes nothing.

    Raises NotFound unless somebody was admitted by this scan; IllegalVisitStep when they are being served already;
    IllegalTransition as `undo_check_in` does.
    """
    row = session.get(CheckIn, check_in_id, with_for_update={"key_share": True})
    if row is None or row.office_id != office_id or row.result not in ADMITTING or row.ticket_id is None:
        raise NotFound()
    if row.identity is result:
        return row
    if row.undone_at is not None:
        raise NotFound()
    before = row.identity
    row.identity, row.identity_at, row.identity_by = result, now, staff_id
    audit.record(
        session,
        "ticket.identity",
        "check_in",
        row.id,
        actor=Actor.staff(staff_id),
        now=now,
        office_id=office_id,
        before={"identity": before} if before else None,
        after={"identity": result},
    )
    if result is IdentityResult.OTHER_PERSON:
        return _take_back(session, row, staff_id=staff_id, now=now, reason=OTHER_PERSON)
    session.flush()
    return row


def _take_back(session: Session, row: CheckIn, *, staff_id: int, now: datetime, reason: str) -> CheckIn:
    ticket = session.get_one(Ticket, row.ticket_id)
    end_visit(session, ticket, now=now, also=VisitState.CALLED if reason == OTHER_PERSON else None)
    try:
        undone = step_ticket(session, ticket, TicketState.CHECKED_IN, TicketState.BOOKED, now=now)
    except IntegrityError:  # one active ticket per person: the new booking is it
        raise IllegalTransition(state=TicketState.CHECKED_IN, target=TicketState.BOOKED) from None
    if undone:
        record_transition(session, ticket, TicketState.CHECKED_IN, actor=Actor.staff(staff_id), now=now, reason=reason)
    row.undone_at = now
    session.flush()
    return row


def _judge(session: Session, ticket: Ticket, desk_office: int, *, now: datetime) -> ScanResult:
    offering = offering_at(session, ticket.office_id, ticket.service_id)
    return judge_arrival(
        state=ticket.state,
        ticket_office=ticket.office_id,
        desk_office=desk_office,
        day=ticket.day,
        # Who came without an appointment was given no hour to come too early for.
        starts_at=now if ticket.walk_in else ticket.slot.starts_at,
        ends_at=ticket.slot.ends_at,
        zone=offering.office.time_zone,
        rules=offering.arrival_rules,
        given=is_given(session, ticket, now=now),
        now=now,
    )


def step_ticket(session: Session, ticket: Ticket, before: TicketState, after: TicketState, *, now: datetime) -> bool:
    """Move one ticket by one conditional statement; False when it was not in ``before`` any more."""
    changed = session.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id, Ticket.state == before)
        .values(state=after, state_since=now)
        .returning(Ticket.id)
        .execution_options(synchronize_session=False)
    ).first()
    session.refresh(ticket, ["state", "state_since"])
    return changed is not None
