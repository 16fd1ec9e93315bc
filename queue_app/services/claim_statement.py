"""Take the places, give the numbers and store the booking: the one statement behind every "book".

PostgreSQL does all of it in a single statement, so that the row of a slot everybody wants is locked no longer than that
statement and its commit take. SQLite has no statement that writes to several tables: there the same steps follow each
other under the writer lock. `docs/claiming.md` tells the whole mechanism.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, insert, text

from queue_app.domain.booking import TicketState
from queue_app.domain.reminders import MessageKind
from queue_app.models import AuditEntry, Booking, MessageState, OutboxMessage, Ticket

from .claims import TAKE, TAKE_PLACES

BOOKING, TICKET, MESSAGE, AUDIT_ENTRY = (
    cast(Table, model.__table__) for model in (Booking, Ticket, OutboxMessage, AuditEntry)
)


@dataclass(frozen=True, repr=False)
class NewPerson:
    """One person of a booking to be: keyed hash of the NIK, and what was sealed."""

    position: int
    person_index: bytes
    nik: bytes | None
    name: bytes | None


@dataclass(frozen=True, repr=False)
class NewBooking:
    """All that is stored once the places are had."""

    slot_id: int
    letter: str
    code: str
    request_key: str | None
    request_digest: bytes | None
    api_key_id: int | None
    language: str
    phone: bytes | None
    email: bytes | None
    persons: tuple[NewPerson, ...]
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


# unnest() makes rows of arrays: one array for each column, one element for each person. They are stored in the order of
# the unique index: parties that name the same people must not wait for each other in a circle.
POSTGRESQL_STATEMENT = text(
    f"""
    WITH taken AS ({TAKE_PLACES}),
    made AS (
        INSERT INTO booking
            (code, request_key, request_digest, api_key_id, service_id, language, phone, email, created_at)
        SELECT :code, :request_key, :request_digest, :api_key_id, service_id, :language, :phone, :email, :now
        FROM taken
        RETURNING id
    ),
    given AS (
        INSERT INTO ticket
            (booking_id, position, slot_id, office_id, service_id, day, starts_at, letter, queue_number,
             state, state_since, person_index, nik, name)
        SELECT made.id, person.position, taken.id, taken.office_id, taken.service_id, taken.day, taken.starts_at,
               :letter, taken.first_number + person.position, :state, :now, person.person_index, person.nik, person.name
        FROM taken, made, unnest(:positions, :person_indexes, :niks, :names)
            AS person (position, person_index, nik, name)
        ORDER BY person.person_index
        RETURNING id, booking_id, position, slot_id, office_id, queue_number
    ),
    recorded AS (
        INSERT INTO audit_entry (at, actor, action, subject, subject_id, office_id, after)
        SELECT :now, :actor, :action, 'ticket', id, office_id,
               json_build_object('state', :state, 'slot', slot_id, 'number', queue_number)
        FROM given
    ),
    told AS (
        INSERT INTO outbox_message (booking_id, kind, due_at, state, next_try_at, attempts)
        SELECT id, :message_kind, :now, :message_state, :now, 0 FROM made
    )
    SELECT booking_id, id, position, queue_number FROM given
    """
)


def claim_and_store(connection: Connection, new: NewBooking) -> Stored | None:
    """None when the slot did not give the places. Raises IntegrityError when a unique index says no.

    In both cases nothing is stored and no place is taken.
    """
    if connection.dialect.name == "postgresql":
        return _stored(connection.execute(POSTGRESQL_STATEMENT, _values(new)).all())
    if not connection.get_execution_options().get("claims"):
        return _step_by_step(connection, new)  # within a transaction of the caller, which holds the writer lock
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        stored = _step_by_step(connection, new)
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    return stored


def _step_by_step(connection: Connection, new: NewBooking) -> Stored | None:
    taken = connection.execute(TAKE, {"slot_id": new.slot_id, "places": len(new.persons)}).one_or_none()
    return store_taken(connection, new, taken) if taken else None


def store_taken(connection: Connection, new: NewBooking, taken: Row[Any]) -> Stored:
    """Store what belongs to places just taken: booking, tickets, audit entries, confirmation."""
    booking_id = _insert(
        connection,
        BOOKING,
        {
            "code": new.code,
            "request_key": new.request_key,
            "request_digest": new.request_digest,
            "api_key_id": new.api_key_id,
            "service_id": taken.service_id,
            "language": new.language,
            "phone": new.phone,
            "email": new.email,
            "created_at": new.now,
        },
    )
    given = [_store_ticket(connection, new, taken, booking_id, person) for person in new.persons]
    connection.execute(
        insert(AUDIT_ENTRY),
        [
            {
                "at": new.now,
                "actor": new.actor,
                "action": f"ticket.{TicketState.BOOKED}",
                "subject": "ticket",
                "subject_id": ticket.id,
                "office_id": taken.office_id,
                "after": {"state": TicketState.BOOKED, "slot": taken.id, "number": ticket.queue_number},
            }
            for ticket in given
        ],
    )
    connection.execute(
        insert(MESSAGE),
        {
            "booking_id": booking_id,
            "kind": MessageKind.CONFIRMATION,
            "due_at": new.now,
            "state": MessageState.QUEUED,
            "next_try_at": new.now,
            "attempts": 0,
        },
    )
    return Stored(booking_id, _in_order(given))


def _store_ticket(
    connection: Connection, new: NewBooking, taken: Row[Any], booking_id: int, person: NewPerson
) -> GivenTicket:
    queue_number = taken.first_number + person.position
    ticket_id = _insert(
        connection,
        TICKET,
        {
            "booking_id": booking_id,
            "position": person.position,
            "slot_id": taken.id,
            "office_id": taken.office_id,
            "service_id": taken.service_id,
            "day": taken.day,
            "starts_at": taken.starts_at,
            "letter": new.letter,
            "queue_number": queue_number,
            "state": TicketState.BOOKED,
            "state_since": new.now,
            "person_index": person.person_index,
            "nik": person.nik,
            "name": person.name,
        },
    )
    return GivenTicket(ticket_id, person.position, queue_number)


def _insert(connection: Connection, table: Table, values: dict[str, Any]) -> int:
    """The id of the new row."""
    made = connection.execute(insert(table), values).inserted_primary_key
    return int(cast(Any, made)[0])


def _values(new: NewBooking) -> dict[str, Any]:
    return {
        "slot_id": new.slot_id,
        "places": len(new.persons),
        "letter": new.letter,
        "code": new.code,
        "request_key": new.request_key,
        "request_digest": new.request_digest,
        "api_key_id": new.api_key_id,
        "language": new.language,
        "phone": new.phone,
        "email": new.email,
        "now": new.now,
        "state": TicketState.BOOKED.value,
        "positions": [person.position for person in new.persons],
        "person_indexes": [person.person_index for person in new.persons],
        "niks": [person.nik for person in new.persons],
        "names": [person.name for person in new.persons],
        "actor": new.actor,
        "action": f"ticket.{TicketState.BOOKED}",
        "message_kind": MessageKind.CONFIRMATION.value,
        "message_state": MessageState.QUEUED.value,
    }


def _stored(rows: Iterable[Row[Any]]) -> Stored | None:
    given = [(row.booking_id, GivenTicket(row.id, row.position, row.queue_number)) for row in rows]
    return Stored(given[0][0], _in_order([ticket for _, ticket in given])) if given else None


def _in_order(given: list[GivenTicket]) -> tuple[GivenTicket, ...]:
    return tuple(sorted(given, key=lambda ticket: ticket.position))
