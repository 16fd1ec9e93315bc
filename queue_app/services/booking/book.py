"""Book a place."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.booking import PARTY_MAX
from queue_app.domain.calendar import Share
from queue_app.domain.errors import AlreadyBooked, InvalidParty, NotFound, RequestChanged, SlotFull
from queue_app.domain.identity import Nik
from queue_app.domain.keyring import Keyring, KeysChanged, bound_to
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.roles import CITIZEN, Actor
from queue_app.domain.tickets import new_booking_code
from queue_app.models import Booking
from queue_app.queries.records.key_checks import stored_epoch

from .claim import GivenTicket, NewBooking, NewPerson, Stored, claim_alone, claim_and_store
from .first_look import SlotSeen, look
from .places import make_room_or_refuse
from .tickets import refusal_of

Claim = Callable[[Connection, NewBooking], Stored]


@dataclass(frozen=True)
class Applicant:
    """A person who comes: name and NIK already checked (`domain.identity`). A kiosk asks for no name."""

    name: str | None
    nik: Nik


@dataclass(frozen=True)
class BookingRequest:
    """What a citizen asks for. ``request_key`` is random and stays the same when the request is repeated.

    ``api_key_id``: the partner that asks for the citizen. ``digest``: of what was asked for, where that was no slot.
    """

    slot_id: int
    applicants: tuple[Applicant, ...]
    phone: str | None
    email: str | None
    language: str
    request_key: str | None
    share: Share = Share.PUBLIC
    api_key_id: int | None = None
    channel: Channel = Channel.ONLINE
    priority: Priority | None = None
    walk_in: bool = False
    digest: bytes | None = None


@dataclass(frozen=True)
class Booked:
    """A booking and the tickets that stand for its persons, in the order of the party."""

    booking_id: int
    code: str
    slot_id: int
    letter: str
    tickets: tuple[GivenTicket, ...]


def book(
    session: Session, request: BookingRequest, *, keyring: Keyring, now: datetime, actor: Actor = CITIZEN
) -> Booked:
    """`book_alone` as a part of a longer unit of work, which a refusal leaves fit to go on."""
    return _book(session.connection(), request, _claim_within, keyring=keyring, now=now, actor=actor)


def book_alone(
    connection: Connection, request: BookingRequest, *, keyring: Keyring, now: datetime, actor: Actor = CITIZEN
) -> Booked:
    """Take the place, give the number, store booking, audit entry and confirmation; or refuse: a transaction of its own
    on a connection of `db.claiming`.

    Looks once without a lock and refuses there nearly everybody who has to be refused; then one statement does the
    rest. A repeated request returns the booking it made before.

    Raises NotOpenYet, BookingClosed, DayClosed, SlotFull, AlreadyBooked, InvalidParty, NotFound; RequestChanged when
    the key belongs to another request; RepeatedRequest when the same request is being stored at this very moment;
    KeysChanged when ``keyring`` is in force no more.
    """
    return _book(connection, request, _claim_alone, keyring=keyring, now=now, actor=actor)


def _book(
    connection: Connection, request: BookingRequest, claim: Claim, *, keyring: Keyring, now: datetime, actor: Actor
) -> Booked:
    persons = [keyring.person_index(applicant.nik.digits) for applicant in request.applicants]
    if not 1 <= len(persons) <= PARTY_MAX or len(set(persons)) != len(persons):
        raise InvalidParty()
    slot = look(connection, request.slot_id, request.share, persons, request.request_key)
    if (slot is None or slot.stored_id is not None) and (repeated := find_repeated(connection, request, keyring)):
        return repeated
    if slot is None:
        raise NotFound()
    if request.channel in (Channel.ONLINE, Channel.PARTNER):
        slot.rules.check_bookable(slot.day, slot.starts_at, now=now)
    else:
        slot.rules.check_assistable(slot.day, slot.ends_at, now=now)
    try:
        _refuse_early(slot, len(persons))
        new = _seal(request, slot.letter, persons, keyring, actor=actor, now=now)
        stored = claim(connection, new)
    except (AlreadyBooked, SlotFull):
        # This very request may have been stored since the look above: then it met its own ticket.
        if repeated := find_repeated(connection, request, keyring):
            return repeated
        raise
    return Booked(stored.booking_id, new.code, new.slot_id, new.letter, stored.tickets)


def find_request(session: Session, request_key: str) -> Booking | None:
    return session.scalars(select(Booking).where(Booking.request_key == request_key)).one_or_none()


def find_repeated(connection: Connection, request: BookingRequest, keyring: Keyring) -> Booked | None:
    """The booking that this very request made before. Raises RequestChanged when its key made another one."""
    if not request.request_key:
        return None
    with Session(connection) as session:
        stored = find_request(session, request.request_key)
        return _booked(stored, request, keyring) if stored else None


def _booked(stored: Booking, request: BookingRequest, keyring: Keyring) -> Booked:
    if stored.request_digest not in (None, _digest(request, keyring)):
        raise RequestChanged(booking_id=stored.id)
    latest = {ticket.position: ticket for ticket in stored.tickets}  # of each person: they come in the order of ids
    tickets = tuple(GivenTicket(ticket.id, ticket.position, ticket.queue_number) for ticket in latest.values())
    first = latest[0]
    return Booked(stored.id, stored.code, first.slot_id, first.letter, tickets)


def _digest(request: BookingRequest, keyring: Keyring) -> bytes:
    """What was asked for; not the language, which may change between a request and its repetition."""
    if request.digest is not None:
        return request.digest
    people = [[applicant.name, applicant.nik.digits] for applicant in request.applicants]
    return keyring.request_digest(json.dumps([request.slot_id, request.share, people, request.phone, request.email]))


def _refuse_early(slot: SlotSeen, places: int) -> None:
    """Refuse by what was read what the guarded statement would refuse anyway: in the rush nearly everybody."""
    if slot.accepts and slot.booked + places > slot.capacity:
        raise SlotFull()
    if slot.already_booked:
        raise AlreadyBooked()


def _seal(
    request: BookingRequest, letter: str, persons: Sequence[bytes], keyring: Keyring, *, actor: Actor, now: datetime
) -> NewBooking:
    """Encrypt before the claim, so that nobody waits for it."""
    code = new_booking_code()

    def seal(plain: str, column: str, position: int | None = None) -> bytes:
        return keyring.seal(plain, bound_to=bound_to(code, column, position))

    people = [
        NewPerson(
            position=position,
            person_index=person,
            nik=seal(applicant.nik.digits, "nik", position),
            name=seal(applicant.name, "name", position) if applicant.name else None,
            priority=request.priority,
        )
        for position, (person, applicant) in enumerate(zip(persons, request.applicants, strict=True))
    ]
    return NewBooking(
        keys=keyring.epoch,
        slot_id=request.slot_id,
        letter=letter,
        code=code,
        request_key=request.request_key,
        request_digest=_digest(request, keyring) if request.request_key else None,
        api_key_id=request.api_key_id,
        channel=request.channel,
        language=request.language,
        phone=seal(request.phone, "phone") if request.phone else None,
        email=seal(request.email, "email") if request.email else None,
        persons=tuple(people),
        walk_in=request.walk_in,
        actor=actor.label,
        now=now,
    )


def _claim_alone(connection: Connection, new: NewBooking) -> Stored:
    return _claim_or_refuse(claim_alone, connection, new)


def _claim_within(connection: Connection, new: NewBooking) -> Stored:
    """A refusal leaves the transaction as it was, and without the lock of a slot that was full; who tries one slot
    after the other would else wait in a circle with others.
    """
    with connection.begin_nested():
        return _claim_or_refuse(claim_and_store, connection, new)


def _claim_or_refuse(
    claim: Callable[[Connection, NewBooking], Stored | None], connection: Connection, new: NewBooking
) -> Stored:
    try:
        stored = claim(connection, new)
        if stored is None:
            with Session(connection, join_transaction_mode="rollback_only") as session:
                if stored_epoch(session) not in (None, new.keys):
                    raise KeysChanged()
                make_room_or_refuse(session, new.slot_id, len(new.persons))
            stored = claim(connection, new)
    except IntegrityError as problem:
        raise refusal_of(problem) from None
    if stored is None:
        raise SlotFull()
    return stored
