"""Take the places, give the numbers and store the booking: the one statement behind every "book".

PostgreSQL does it in a single statement, so that the row of a slot everybody wants is locked no longer than
that statement and its commit take. SQLite has no statement that writes to several tables: there the same steps follow
each other under the writer lock. `docs/claiming.md` tells the whole mechanism.

It goes to the driver itself, as the look before it does (`first_look.py`): in the rush the two are most of what a
booking costs, and SQLAlchemy would be most of that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from queue_app.domain.booking import TicketState
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.reminders import MessageKind
from queue_app.models import MessageState

from . import statements
from .driver import execute, fetch_all, under_writer_lock
from .places import LOCK_IN_ORDER, TAKE_UNDER_KEYS
from .statements import OF_PLACE


@dataclass(frozen=True, repr=False)
class NewPerson:
    """One person of a booking to be: keyed hash of the NIK, and what was sealed. A kiosk asks for no name."""

    position: int
    person_index: bytes | None
    nik: bytes | None
    name: bytes | None
    priority: Priority | None


@dataclass(frozen=True, repr=False)
class NewBooking:
    """All that is stored once the places are had; ``keys``: the epoch of the keys that it was sealed under."""

    keys: bytes
    slot_id: int
    office_id: int
    letter: str
    code: str
    request_key: str | None
    request_digest: bytes | None
    api_key_id: int | None
    channel: Channel
    language: str
    phone: bytes | None
    email: bytes | None
    persons: tuple[NewPerson, ...]
    walk_in: bool
    tells: bool  # sends the ticket
    actor: str
    now: datetime


@dataclass(frozen=True)
class GivenTicket:
    id: int
    position: int
    queue_number: int


@dataclass(frozen=True)
class Stored:
    """A booking that now exists. ``tickets`` in the order of the party."""

    booking_id: int
    tickets: tuple[GivenTicket, ...]


def claim_alone(connection: Connection, new: NewBooking) -> Stored | None:
    """`claim_and_store` as a transaction of its own, on a connection of `db.claiming`."""
    (stored,) = _claim_together(connection, [new])
    return stored


def claim_many(connection: Connection, many: Sequence[NewBooking]) -> list[Stored | None]:
    """`claim_alone` for each of them, with one flush to disk for many; for one person each.

    None also for those whose transaction a unique index has undone: one of them may have come too late, and nobody of
    them has got anything.
    """
    stored: dict[int, Stored | None] = {}
    for numbers in _transactions(connection, many):
        with contextlib.suppress(IntegrityError):
            stored |= zip(numbers, _claim_together(connection, [many[number] for number in numbers]), strict=True)
    return [stored.get(number) for number in range(len(many))]


def _transactions(connection: Connection, many: Sequence[NewBooking]) -> Iterable[list[int]]:
    """Who is stored together. SQLite lets one write at a time, so that may be all of them.

    On PostgreSQL it is those of one office, in the order of persons: then everybody takes slots in order and after them
    persons in order, and nobody waits in a circle with others who hold the place of somebody's second attempt. Offices
    have no slot in common, and need not wait for each other.
    """
    if connection.dialect.name == "sqlite":
        return [list(range(len(many)))]
    order = sorted(range(len(many)), key=lambda number: (many[number].office_id, many[number].persons[0].person_index))
    return [list(numbers) for _, numbers in groupby(order, key=lambda number: many[number].office_id)]


def _claim_together(connection: Connection, many: Sequence[NewBooking]) -> list[Stored | None]:
    """In one transaction. Raises IntegrityError when a unique index says no to any of them: then all is undone."""
    if connection.dialect.name == "postgresql":
        slots = _locked_first({new.slot_id for new in many})
        claims = [(statements.postgresql_statement(), _all_values(new)) for new in many]
        return [_stored(rows) for rows in fetch_all(connection, [*slots, *claims])[len(slots) :]]
    with under_writer_lock(connection):
        return [claim_and_store(connection, new) for new in many]


def _locked_first(slots: Collection[int]) -> list[tuple[str, Mapping[str, Any]]]:
    """A claim takes its one slot itself; who wants several takes all of them before the first person."""
    return [(LOCK_IN_ORDER, {"slots": list(slots)})] if len(slots) > 1 else []


def claim_and_store(connection: Connection, new: NewBooking) -> Stored | None:
    """Within a transaction of the caller, on SQLite one that holds the writer lock.

    None when the slot did not give the places, or the keys are not in force any more. Raises IntegrityError when a
    unique index says no. In both cases nothing is stored and no place is taken.
    """
    if connection.dialect.name == "postgresql":
        return _stored(execute(connection, statements.postgresql_statement(), _all_values(new)).fetchall())
    wanted = {"slot_id": new.slot_id, "places": len(new.persons), "keys": new.keys}
    taken = execute(connection, TAKE_UNDER_KEYS, wanted).fetchone()
    return store_taken(connection, new, taken) if taken else None


def _all_values(new: NewBooking) -> dict[str, Any]:
    """Of PostgreSQL's one statement."""
    return _values(new) | _arrays(new.persons)


def _stored(rows: Sequence[Sequence[Any]]) -> Stored | None:
    return Stored(rows[0][0], _in_order(rows)) if rows else None


def store_taken(connection: Connection, new: NewBooking, taken: Sequence[Any]) -> Stored:
    """Store what belongs to places just taken: booking, tickets, audit entries, confirmation.

    ``taken``: a row of `TAKE_PLACES`.
    """
    values = _values(new) | dict(zip(OF_PLACE, taken, strict=False))
    values["now"] = as_stored(connection, new.now)
    values["booking_id"] = booking_id = execute(connection, statements.ONE_BOOKING, values).fetchone()[0]
    tickets = insert_tickets(
        connection, booking_id, taken, new.persons, letter=new.letter, walk_in=new.walk_in, now=new.now
    )
    json = "json_object" if connection.dialect.name == "sqlite" else "json_build_object"
    execute(connection, statements.RECORD.format(json=json, tickets="ticket WHERE booking_id = :booking_id"), values)
    execute(connection, statements.TELL.format(booking="booking WHERE id = :booking_id AND :tells"), values)
    return Stored(booking_id, tickets)


def insert_tickets(
    connection: Connection,
    booking_id: int,
    taken: Sequence[Any],
    persons: Iterable[NewPerson],
    *,
    letter: str,
    walk_in: bool,
    now: datetime,
) -> tuple[GivenTicket, ...]:
    """Give the persons the places just taken, in the order of the party; ``taken`` is a row of `TAKE_PLACES`.

    Raises IntegrityError when a unique index says no.
    """
    *place, first_number = taken
    shared = dict(zip(OF_PLACE, place, strict=True)) | _of_booking(letter, walk_in, as_stored(connection, now))
    rows = []
    for number, person in enumerate(persons, first_number):
        own = _of_person(person) | {"booking_id": booking_id, "queue_number": number}
        rows.append(execute(connection, statements.insert_statement(), shared | own).fetchone())
    return _in_order(rows)


def as_stored(connection: Connection, instant: datetime) -> datetime | str:
    """As `UtcDateTime` stores it; this goes past that type."""
    if connection.dialect.name == "sqlite":
        return instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return instant


def _of_booking(letter: str, walk_in: bool, now: datetime | str) -> dict[str, Any]:
    return {"letter": letter, "state": TicketState.BOOKED.value, "state_since": now, "walk_in": walk_in}


def _of_person(person: NewPerson) -> dict[str, Any]:
    return {name: _plain(getattr(person, name)) for name in statements.OF_PERSON}


def _arrays(persons: Iterable[NewPerson]) -> dict[str, list[Any]]:
    return {f"all_{name}": [_plain(getattr(person, name)) for person in persons] for name in statements.OF_PERSON}


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value  # drivers know no words of ours


def _values(new: NewBooking) -> dict[str, Any]:
    return {
        "keys": new.keys,
        "slot_id": new.slot_id,
        "places": len(new.persons),
        "tells": new.tells,
        "code": new.code,
        "request_key": new.request_key,
        "request_digest": new.request_digest,
        "api_key_id": new.api_key_id,
        "channel": new.channel.value,
        "language": new.language,
        "phone": new.phone,
        "email": new.email,
        "now": new.now,
        "actor": new.actor,
        "action": f"ticket.{TicketState.BOOKED}",
        "message_kind": MessageKind.CONFIRMATION.value,
        "message_state": MessageState.QUEUED.value,
    } | _of_booking(new.letter, new.walk_in, new.now)


def _in_order(rows: Iterable[Sequence[Any]]) -> tuple[GivenTicket, ...]:
    """Of rows (booking id, ticket id, position, queue number)."""
    return tuple(sorted((GivenTicket(*row[1:]) for row in rows), key=lambda ticket: ticket.position))
