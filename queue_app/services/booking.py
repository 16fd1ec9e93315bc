"""Book a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.booking import ACTIVE_STATES, PARTY_MAX, TicketState, check_transition
from queue_app.domain.calendar import Share
from queue_app.domain.errors import AlreadyBooked, InvalidParty, NotFound, RepeatedRequest, SlotFull
from queue_app.domain.identity import Nik
from queue_app.domain.keyring import Keyring
from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import CITIZEN, Actor
from queue_app.domain.tickets import new_booking_code
from queue_app.models import Booking, OfficeService, Slot, Ticket

from . import audit, outbox
from .claims import claim_places
from .rules import booking_rules


@dataclass(frozen=True)
class Applicant:
    """A person who comes: name and NIK already checked (`domain.identity`)."""

    name: str
    nik: Nik


@dataclass(frozen=True)
class BookingRequest:
    """What a citizen asks for. ``request_key`` is random and stays the same when the request is repeated."""

    slot_id: int
    applicants: tuple[Applicant, ...]
    phone: str | None
    email: str | None
    language: str
    request_key: str | None
    share: Share = Share.PUBLIC


def book(
    session: Session, request: BookingRequest, *, keyring: Keyring, now: datetime, actor: Actor = CITIZEN
) -> Booking:
    """Take the place, give the number, store booking, audit row and confirmation; or refuse.

    A repeated request returns the booking it made before. Raises NotOpenYet, BookingClosed, DayClosed, SlotFull,
    AlreadyBooked, InvalidParty, NotFound; RepeatedRequest when the same request is being stored at this very moment.
    """
    if request.request_key and (stored := find_request(session, request.request_key)):
        return stored
    persons = [keyring.person_index(applicant.nik.digits) for applicant in request.applicants]
    if not 1 <= len(persons) <= PARTY_MAX or len(set(persons)) != len(persons):
        raise InvalidParty()
    slot, offering = load_slot(session, request.slot_id, request.share)
    booking_rules(offering).check_bookable(slot.day, slot.starts_at, now=now)
    try:
        refuse_early(session, slot, persons)
        first_number = claim_places(session, slot.id, len(persons))
    except (AlreadyBooked, SlotFull):
        # This very request may have been stored since the look above: then it met its own ticket.
        if request.request_key and (stored := find_request(session, request.request_key)):
            return stored
        raise
    booking = Booking(
        code=new_booking_code(),
        request_key=request.request_key,
        service_id=slot.service_id,
        language=request.language,
        created_at=now,
    )
    booking.phone = keyring.seal(request.phone, bound_to=bound(booking.code, "phone")) if request.phone else None
    booking.email = keyring.seal(request.email, bound_to=bound(booking.code, "email")) if request.email else None
    session.add(booking)
    # In the order of the unique index: parties that name the same people must not wait for each other in a circle.
    for person, position in sorted(zip(persons, range(len(persons)), strict=True)):
        applicant = request.applicants[position]
        ticket = new_ticket(slot, offering.letter, position, first_number + position, now=now)
        ticket.person_index = person
        ticket.nik = keyring.seal(applicant.nik.digits, bound_to=bound(booking.code, "nik", position))
        ticket.name = keyring.seal(applicant.name, bound_to=bound(booking.code, "name", position))
        booking.tickets.append(ticket)
    store(session)
    booking.tickets.sort(key=lambda ticket: ticket.position)  # as they are when loaded: the first person first
    for ticket in booking.tickets:
        record_transition(session, ticket, None, actor=actor, now=now)
    outbox.queue(session, booking, MessageKind.CONFIRMATION, due_at=now)
    session.flush()
    return booking


def find_request(session: Session, request_key: str) -> Booking | None:
    return session.scalars(select(Booking).where(Booking.request_key == request_key)).one_or_none()


def load_slot(session: Session, slot_id: int, share: Share) -> tuple[Slot, OfficeService]:
    """A slot that may be booked in this way, with the rules of its service; raise NotFound."""
    found = session.execute(
        select(Slot, OfficeService)
        .join(
            OfficeService,
            (OfficeService.office_id == Slot.office_id) & (OfficeService.service_id == Slot.service_id),
        )
        .where(Slot.id == slot_id, Slot.share == share, OfficeService.active)
    ).one_or_none()
    if found is None:
        raise NotFound()
    return found[0], found[1]


def refuse_early(session: Session, slot: Slot, persons: Sequence[bytes]) -> None:
    """Refuse by plain reads what the guarded statements would refuse anyway: in the rush nearly everybody."""
    if slot.accepts and slot.booked + len(persons) > slot.capacity:
        raise SlotFull()
    active = select(Ticket.id).where(
        Ticket.service_id == slot.service_id,
        Ticket.person_index.in_(persons),
        Ticket.state.in_(ACTIVE_STATES),
    )
    if session.execute(active.limit(1)).first():
        raise AlreadyBooked()


def new_ticket(slot: Slot, letter: str, position: int, queue_number: int, *, now: datetime) -> Ticket:
    return Ticket(
        position=position,
        slot_id=slot.id,
        office_id=slot.office_id,
        service_id=slot.service_id,
        day=slot.day,
        starts_at=slot.starts_at,
        letter=letter,
        queue_number=queue_number,
        state=TicketState.BOOKED,
        state_since=now,
    )


def store(session: Session) -> None:
    """Flush, and turn a unique index that says no into the refusal it stands for."""
    try:
        session.flush()
    except IntegrityError as problem:
        text = str(problem.orig)
        if "person_index" in text:
            raise AlreadyBooked() from None
        if "request_key" in text or "booking.code" in text or "uq_booking_code" in text:
            raise RepeatedRequest() from None  # repeated with the same key, or with a new random code
        raise


def bound(code: str, column: str, position: int | None = None) -> str:
    """The row and column that a sealed value belongs to. Tickets of one person share it, so a reschedule copies."""
    return f"booking/{code}/{column}" if position is None else f"ticket/{code}/{position}/{column}"


def record_transition(
    session: Session,
    ticket: Ticket,
    before: TicketState | None,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Audit a step of a ticket's life; `queue-app check` replays these rows against the legal transitions.

    Raises IllegalTransition for a step that must not be: then nothing of the transaction is kept.
    """
    check_transition(before, ticket.state)
    audit.record(
        session,
        f"ticket.{ticket.state}",
        "ticket",
        ticket.id,
        actor=actor,
        now=now,
        office_id=ticket.office_id,
        before={"state": before} if before else None,
        after={"state": ticket.state, "slot": ticket.slot_id, "number": ticket.queue_number},
        reason=reason,
    )
