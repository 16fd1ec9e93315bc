"""The invariants of the whole database, as `queue-app check` verifies them: each returns the breaches it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, String, case, func, select
from sqlalchemy.orm import Session

from queue_app.domain.booking import ACTIVE_STATES, HOLDING_STATES, LEGAL_TRANSITIONS, TicketState
from queue_app.domain.closures import OfferState
from queue_app.domain.identity import holds_personal_number
from queue_app.domain.keyring import Keyring
from queue_app.models import (
    AuditEntry,
    Base,
    Booking,
    Offer,
    OutboxMessage,
    ServiceDay,
    Slot,
    Ticket,
    Visit,
)

from .audit_chain import SEALED_WITHIN, unsealed_before, verify_chain
from .closure_invariants import closed_times
from .planned_places import places_as_decided
from .sealed_invariants import persons_have_one_place, sealed_values_open
from .visit_invariants import queues_remember_their_calls, visits_follow_their_steps

OFFICE_PHONE = Base.metadata.tables["office"].c.phone  # public, and often a mobile number


@dataclass(frozen=True)
class Finding:
    """One invariant with what breaks it; no breach means it holds."""

    code: str
    rule: str
    breaches: tuple[str, ...]


def verify(session: Session, *, keyring: Keyring, now: datetime) -> tuple[Finding, ...]:
    """Check everything; breaches name row ids only, never personal data."""
    checks: tuple[tuple[str, str, Callable[[], Iterator[str]]], ...] = (
        (
            "I1",
            "booked <= capacity = planned or booked, and booked = tickets that hold a place and places held by offers",
            lambda: _places(session),
        ),
        (
            "I2",
            "every acknowledged ticket exists, or has an audited later transition",
            lambda: _kept(session),
        ),
        ("I3", "at most one active ticket per person and service", lambda: _one_active(session)),
        ("I4", "codes, queue numbers and tokens are unique", lambda: _unique(session, keyring)),
        ("I5", "only legal transitions", lambda: _transitions(session)),
        ("I6", "at most one message per booking, kind and due time", lambda: _messages(session)),
        ("I7", "nobody booked on closed days or hours without an offer", lambda: closed_times(session)),
        (
            "I8",
            "the audit chain verifies, nothing older than a minute is unsealed",
            lambda: _audit(session, keyring, now),
        ),
        ("I9", "no NIK and no mobile number in any text of the database", lambda: _privacy(session)),
        ("I10", "walk_ins = numbers ever given without an appointment, on every day", lambda: _walk_ins(session)),
        ("I11", "who is checked in, and nobody else, has a visit", lambda: _visits(session)),
        ("I12", "every visit is where its steps have led it", lambda: visits_follow_their_steps(session)),
        ("I13", "every queue remembers the calls made from it", lambda: queues_remember_their_calls(session)),
        (
            "I14",
            "every slot of coming days has the places that schedule and recorded changes give it",
            lambda: places_as_decided(session, now=now),
        ),
        ("I16", "everything sealed opens with these keys", lambda: sealed_values_open(session, keyring)),
        ("I17", "one active place for each NIK and service", lambda: persons_have_one_place(session, keyring)),
    )
    return tuple(Finding(code, rule, tuple(find())) for code, rule, find in checks)


def _places(session: Session) -> Iterator[str]:
    tickets = (
        select(Ticket.slot_id, func.count().label("places"))
        .where(Ticket.state.in_(HOLDING_STATES))
        .group_by(Ticket.slot_id)
        .subquery()
    )
    offers = (
        select(Offer.slot_id, func.sum(Offer.places).label("places"))
        .where(Offer.state == OfferState.OPEN)
        .group_by(Offer.slot_id)
        .subquery()
    )
    taken, held = func.coalesce(tickets.c.places, 0), func.coalesce(offers.c.places, 0)
    right = case((Slot.booked > Slot.planned, Slot.booked), else_=Slot.planned)
    rows = session.execute(
        select(Slot.id, Slot.planned, Slot.capacity, Slot.booked, taken, held)
        .outerjoin(tickets, tickets.c.slot_id == Slot.id)
        .outerjoin(offers, offers.c.slot_id == Slot.id)
        .where((Slot.booked > Slot.capacity) | (Slot.capacity != right) | (Slot.booked != taken + held))
    )
    for slot_id, planned, capacity, booked, count, offered in rows:
        yield (
            f"slot {slot_id}: planned {planned}, capacity {capacity}, booked {booked}, tickets {count}, held {offered}"
        )


def _kept(session: Session) -> Iterator[str]:
    made = select(AuditEntry.subject_id).where(
        AuditEntry.subject == "ticket",
        AuditEntry.action == f"ticket.{TicketState.BOOKED}",
        AuditEntry.before.is_(None),
    )
    gone = session.scalars(made.where(~select(Ticket.id).where(Ticket.id == AuditEntry.subject_id).exists()))
    for ticket_id in gone:
        yield f"ticket {ticket_id} was acknowledged and is gone"
    unrecorded = session.scalars(select(Ticket.id).where(Ticket.id.not_in(made)))
    for ticket_id in unrecorded:
        yield f"ticket {ticket_id} exists without a record of its making"


def _one_active(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(Ticket.service_id, func.min(Ticket.id), func.count())
        .where(Ticket.state.in_(ACTIVE_STATES), Ticket.person_index.is_not(None))
        .group_by(Ticket.service_id, Ticket.person_index)
        .having(func.count() > 1)
    )
    for service_id, ticket_id, count in rows:
        yield f"service {service_id}: {count} active tickets of one person, the first is {ticket_id}"


def _unique(session: Session, keyring: Keyring) -> Iterator[str]:
    for code_id, count in session.execute(
        select(func.min(Booking.id), func.count()).group_by(Booking.code).having(func.count() > 1)
    ):
        yield f"booking {code_id}: its code is used {count} times"
    scope = (Ticket.office_id, Ticket.service_id, Ticket.day, Ticket.queue_number)
    for ticket_id, count in session.execute(
        select(func.min(Ticket.id), func.count()).group_by(*scope).having(func.count() > 1)
    ):
        yield f"ticket {ticket_id}: its queue number is given {count} times"
    seen: set[str] = set()
    for ticket_id in session.scalars(select(Ticket.id)):
        token = keyring.ticket_token(ticket_id)
        if token in seen or keyring.read_ticket_token(token) != ticket_id:
            yield f"ticket {ticket_id}: its token is not its own"
        seen.add(token)


def _transitions(session: Session) -> Iterator[str]:
    """Replay the audited steps of every ticket and compare the end with the state stored."""
    rows = session.execute(
        select(AuditEntry.subject_id, AuditEntry.before, AuditEntry.after)
        .where(AuditEntry.action.in_([f"ticket.{state}" for state in TicketState]))
        .order_by(AuditEntry.id)
        .execution_options(yield_per=5000)
    )
    last: dict[int, TicketState] = {}
    for ticket_id, before, after in rows:
        begun = TicketState(before["state"]) if before else None
        ended = TicketState(after["state"])
        if begun is not last.get(ticket_id):
            yield f"ticket {ticket_id}: a step begins at {begun}, the one before ended at {last.get(ticket_id)}"
        if ended not in LEGAL_TRANSITIONS[begun]:
            yield f"ticket {ticket_id}: {begun} -> {ended} is not legal"
        last[ticket_id] = ended
    for ticket_id, state in session.execute(select(Ticket.id, Ticket.state)):
        if last.get(ticket_id) is not state:
            yield f"ticket {ticket_id}: is {state}, but the last recorded step ended at {last.get(ticket_id)}"


def _messages(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(OutboxMessage.booking_id, OutboxMessage.kind, func.count())
        .group_by(OutboxMessage.booking_id, OutboxMessage.kind, OutboxMessage.due_at)
        .having(func.count() > 1)
    )
    for booking_id, kind, count in rows:
        yield f"booking {booking_id}: {count} messages {kind} for one time"


def _audit(session: Session, keyring: Keyring, now: datetime) -> Iterator[str]:
    yield from verify_chain(session, keyring)
    if unsealed := unsealed_before(session, now - SEALED_WITHIN):
        yield f"{unsealed} audit entries older than a minute are not sealed"


def _privacy(session: Session) -> Iterator[str]:
    """Read every text of every table: sealed values are bytes, so what reads like a NIK or mobile number is a leak."""
    for table in Base.metadata.sorted_tables:
        texts = [column for column in table.c if isinstance(column.type, String | JSON) and column is not OFFICE_PHONE]
        if not texts:
            continue
        keys = list(table.primary_key.columns)
        for row in session.execute(select(*keys, *texts).execution_options(yield_per=5000)):
            for column, value in zip(texts, row[len(keys) :], strict=True):
                if value is not None and holds_personal_number(str(value)):
                    yield f"{table.name} {'/'.join(str(key) for key in row[: len(keys)])}: {column.name}"


def _walk_ins(session: Session) -> Iterator[str]:
    given = (
        select(Slot.service_day_id, func.count().label("tickets"))
        .join(Ticket, Ticket.slot_id == Slot.id)
        .where(Ticket.walk_in)
        .group_by(Slot.service_day_id)
        .subquery()
    )
    tickets = func.coalesce(given.c.tickets, 0)
    rows = session.execute(
        select(ServiceDay.id, ServiceDay.walk_ins, tickets)
        .outerjoin(given, given.c.service_day_id == ServiceDay.id)
        .where(ServiceDay.walk_ins != tickets)
    )
    for service_day_id, walk_ins, count in rows:
        yield f"service day {service_day_id}: walk_ins {walk_ins}, tickets {count}"


def _visits(session: Session) -> Iterator[str]:
    here = Ticket.state == TicketState.CHECKED_IN
    rows = session.execute(
        select(Ticket.id, Ticket.state)
        .outerjoin(Visit, Visit.ticket_id == Ticket.id)
        .where((here & Visit.ticket_id.is_(None)) | (~here & Visit.ticket_id.is_not(None)))
    )
    for ticket_id, state in rows:
        yield f"ticket {ticket_id}: {state}, {'without' if state is TicketState.CHECKED_IN else 'with'} a visit"
