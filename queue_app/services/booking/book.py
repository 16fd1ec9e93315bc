"""Book a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.errors import AlreadyBooked, NotFound, RequestChanged, SlotFull
from queue_app.domain.keyring import Keyring, KeysChanged
from queue_app.domain.roles import CITIZEN, Actor
from queue_app.models import Booking
from queue_app.queries.records.key_checks import stored_epoch

from .claim import GivenTicket, NewBooking, Stored, claim_alone, claim_and_store
from .first_look import look
from .places import make_room_or_refuse
from .request import BookingRequest, digest_of, persons_of, require_granted, seal, sought
from .tickets import refusal_of

Claim = Callable[[Connection, NewBooking], Stored]


@dataclass(frozen=True)
class Booked:
    """A booking and the tickets that stand for its persons, in the order of the party.

    ``repeated``: it was stored before, by the same request.
    """

    booking_id: int
    code: str
    slot_id: int
    letter: str
    tickets: tuple[GivenTicket, ...]
    repeated: bool = field(default=False, compare=False)


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
    persons = persons_of(request, keyring)
    slot = look(connection, sought(request, persons))
    if (slot is None or slot.stored_id is not None) and (repeated := find_repeated(connection, request, keyring)):
        return repeated
    if slot is None:
        raise NotFound()
    try:
        require_granted(slot, request, now=now)
        new = seal(request, slot, persons, keyring, actor=actor, now=now)
        return given(new, claim(connection, new))
    except (AlreadyBooked, SlotFull):
        # This very request may have been stored since the look above: then it met its own ticket.
        if repeated := find_repeated(connection, request, keyring):
            return repeated
        raise


def given(new: NewBooking, stored: Stored) -> Booked:
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
    if stored.request_digest not in (None, digest_of(request, keyring)):
        raise RequestChanged(booking_id=stored.id)
    latest = {ticket.position: ticket for ticket in stored.tickets}  # of each person: they come in the order of ids
    tickets = tuple(GivenTicket(ticket.id, ticket.position, ticket.queue_number) for ticket in latest.values())
    first = latest[0]
    return Booked(stored.id, stored.code, first.slot_id, first.letter, tickets, repeated=True)


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
