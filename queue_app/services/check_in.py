"""Check people in at the desk, undo a scan, and mark those who never came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from queue_app.domain.arrival import ADMITTING, UNDO_WITHIN, ScanResult, judge_arrival
from queue_app.domain.booking import TicketState
from queue_app.domain.errors import IllegalTransition, NotFound, RepeatedRequest, UndoExpired
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor
from queue_app.domain.tickets import read_code
from queue_app.models import Booking, CheckIn, OfficeService, Slot, Ticket

from .claims import lock_slots, release_places
from .rules import arrival_rules
from .tickets import record_transition


@dataclass(frozen=True)
class Scan:
    """A scan at a desk: what was read or typed, where, by whom. ``nonce`` is random and kept when repeated.

    ``staff_id``: None where a partner's program scans (``api_key_id``).
    """

    typed: str
    office_id: int
    staff_id: int | None
    nonce: str
    api_key_id: int | None = None

    @property
    def actor(self) -> Actor:
        if self.staff_id is not None:
            return Actor.staff(self.staff_id)
        return Actor.api_key(self.api_key_id) if self.api_key_id is not None else Actor.system("check-in")


def check_in(session: Session, scan: Scan, *, keyring: Keyring, now: datetime) -> CheckIn:
    """Decide and record a scan. A repeated nonce returns the first answer and changes nothing.

    Raises RepeatedRequest when the same nonce is being stored at this very moment.
    """
    if stored := session.scalars(select(CheckIn).where(CheckIn.nonce == scan.nonce)).one_or_none():
        return stored
    ticket = find_ticket(session, scan.typed, keyring=keyring)
    result = _judge(session, ticket, scan.office_id, now=now) if ticket else ScanResult.UNKNOWN
    row = CheckIn(
        nonce=scan.nonce,
        ticket_id=ticket.id if ticket else None,
        office_id=scan.office_id,
        staff_id=scan.staff_id,
        api_key_id=scan.api_key_id,
        at=now,
        result=result,
    )
    while ticket and row.result in ADMITTING:
        before = ticket.state
        if _step(session, ticket, before, TicketState.CHECKED_IN, now=now):
            record_transition(session, ticket, before, actor=scan.actor, now=now)
            break
        # Another desk was faster, or the citizen cancelled in this very second: judge what it has become.
        row.result = _judge(session, ticket, scan.office_id, now=now)
    session.add(row)
    try:
        session.flush()
    except IntegrityError as problem:
        if "nonce" in str(problem.orig):
            raise RepeatedRequest() from None
        raise
    return row


def find_ticket(session: Session, typed: str, *, keyring: Keyring) -> Ticket | None:
    """The ticket of a scanned token, or of a typed booking code (there the latest ticket of the booking)."""
    ticket_id = keyring.read_ticket_token(typed)
    if ticket_id is not None:
        return session.get(Ticket, ticket_id)
    code = read_code(typed)
    if code is None:
        return None
    return session.scalars(
        select(Ticket)
        .join(Booking, Booking.id == Ticket.booking_id)
        .where(Booking.code == code)
        .order_by(Ticket.position, Ticket.id.desc())
        .limit(1)
    ).first()


def undo_check_in(session: Session, check_in_id: int, *, office_id: int, staff_id: int, now: datetime) -> CheckIn:
    """Take an admission back within two minutes, at the same office. Undoing twice changes nothing.

    Raises NotFound, UndoExpired; IllegalTransition when the person has booked the same service again since.
    """
    row = session.get(CheckIn, check_in_id, with_for_update=True)  # two undos at once: the second one sees the first
    if row is None or row.office_id != office_id or row.result not in ADMITTING or row.ticket_id is None:
        raise NotFound()
    if row.undone_at is not None:
        return row
    if now - row.at > UNDO_WITHIN:
        raise UndoExpired()
    ticket = session.get_one(Ticket, row.ticket_id)
    try:
        undone = _step(session, ticket, TicketState.CHECKED_IN, TicketState.BOOKED, now=now)
    except IntegrityError:  # one active ticket per person: the new booking is it
        raise IllegalTransition(state=TicketState.CHECKED_IN, target=TicketState.BOOKED) from None
    if undone:
        record_transition(session, ticket, TicketState.CHECKED_IN, actor=Actor.staff(staff_id), now=now, reason="undo")
    row.undone_at = now
    session.flush()
    return row


def mark_no_shows(session: Session, *, now: datetime, limit: int = 500) -> int:
    """Void the booked tickets of days that have ended, at most ``limit`` in one transaction; return how many.

    Absent all day: the number is void (office rule). Where the office itself had closed the day nobody was absent:
    those tickets are cancelled instead, so that their owners may book again.
    """
    later = aliased(Slot)
    day_goes_on = select(later.id).where(later.service_day_id == Slot.service_day_id, later.ends_at > now).exists()
    tickets = session.scalars(
        select(Ticket)
        .join(Slot, Slot.id == Ticket.slot_id)
        .where(Ticket.state == TicketState.BOOKED, Ticket.starts_at < now, ~day_goes_on)
        .order_by(Ticket.slot_id, Ticket.id)
        .limit(limit)
    ).all()
    lock_slots(session, Slot.id.in_({ticket.slot_id for ticket in tickets}))
    marked = 0
    for ticket in tickets:
        end = TicketState.NO_SHOW if ticket.slot.accepts else TicketState.CANCELLED
        if not _step(session, ticket, TicketState.BOOKED, end, now=now):
            continue
        if end is TicketState.CANCELLED:
            release_places(session, ticket.slot_id, 1)
        record_transition(session, ticket, TicketState.BOOKED, actor=Actor.system("no-shows"), now=now)
        marked += 1
    session.flush()
    return marked


def _judge(session: Session, ticket: Ticket, desk_office: int, *, now: datetime) -> ScanResult:
    offering = session.scalars(
        select(OfficeService).where(
            OfficeService.office_id == ticket.office_id, OfficeService.service_id == ticket.service_id
        )
    ).one()
    return judge_arrival(
        state=ticket.state,
        ticket_office=ticket.office_id,
        desk_office=desk_office,
        day=ticket.day,
        starts_at=ticket.slot.starts_at,
        ends_at=ticket.slot.ends_at,
        zone=offering.office.time_zone,
        rules=arrival_rules(offering),
        now=now,
    )


def _step(session: Session, ticket: Ticket, before: TicketState, after: TicketState, *, now: datetime) -> bool:
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
