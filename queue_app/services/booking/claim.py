"""Take the places, give the numbers and store the booking: the one statement behind every "book".

PostgreSQL does it in a single statement, so that the row of a slot everybody wants is locked no longer than
that statement and its commit take. SQLite has no statement that writes to several tables: there the same steps follow
each other under the writer lock. `docs/claiming.md` tells the whole mechanism.

It goes to the driver itself, as the look before it does (`slot_look.py`): in the rush the two are most of what a
booking costs, and SQLAlchemy would be most of that.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from queue_app.domain.booking import TicketState
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.reminders import MessageKind
from queue_app.models import MessageState

from .driver import execute
from .places import TAKE_PLACES

INSERT_BOOKING = """
    INSERT INTO booking
        (code, request_key, request_digest, api_key_id, channel, service_id, language, phone, email, created_at)
    {values} RETURNING id
"""
OF_BOOKING = """
    :code, :request_key, :request_digest, :api_key_id, CAST(:channel AS varchar), {service_id}, :language, :phone,
    :email, :now
"""
INSERT_TICKET = """
    INSERT INTO ticket
        (booking_id, position, slot_id, office_id, service_id, day, starts_at, letter, queue_number,
         state, state_since, walk_in, priority, person_index, nik, name)
    {values} RETURNING id, booking_id, position, slot_id, office_id, queue_number
"""
RECORD = """
    INSERT INTO audit_entry (at, actor, action, subject, subject_id, office_id, after)
    SELECT :now, :actor, :action, 'ticket', id, office_id,
           {json}('state', CAST(:state AS varchar), 'slot', slot_id, 'number', queue_number)
    FROM {tickets}
"""
# Not whoever stands in the hall with the number in hand.
TELL = """
    INSERT INTO outbox_message (booking_id, kind, due_at, state, next_try_at, attempts)
    SELECT id, :message_kind, :now, :message_state, :now, 0 FROM {booking}
"""
# unnest() makes rows of arrays: one array for each column, one element for each person. They are stored in the order of
# the unique index: parties that name the same people must not wait for each other in a circle.
POSTGRESQL_STATEMENT = f"""
    WITH taken AS ({TAKE_PLACES}),
    made AS ({INSERT_BOOKING.format(values=f"SELECT {OF_BOOKING.format(service_id='service_id')} FROM taken")}),
    given AS ({
    INSERT_TICKET.format(
        values='''
        SELECT made.id, person.position, taken.id, taken.office_id, taken.service_id, taken.day, taken.starts_at,
               :letter, taken.first_number + person.position, CAST(:state AS varchar), :now,
               :walk_in, CAST(:priority AS varchar), person.person_index, person.nik, person.name
        FROM taken, made, unnest(:positions, :person_indexes, :niks, CAST(:names AS bytea[]))
            AS person (position, person_index, nik, name)
        ORDER BY person.person_index'''
    )
}),
    recorded AS ({RECORD.format(json="json_build_object", tickets="given")}),
    told AS ({TELL.format(booking="made WHERE NOT :walk_in")})
    SELECT booking_id, id, position, queue_number FROM given
"""


@dataclass(frozen=True, repr=False)
class NewPerson:
    """One person of a booking to be: keyed hash of the NIK, and what was sealed. A kiosk asks for no name."""

    position: int
    person_index: bytes
    nik: bytes
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
    channel: Channel
    language: str
    phone: bytes | None
    email: bytes | None
    persons: tuple[NewPerson, ...]
    walk_in: bool
    priority: Priority | None
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


def claim_and_store(connection: Connection, new: NewBooking) -> Stored | None:
    """None when the slot did not give the places. Raises IntegrityError when a unique index says no.

    In both cases nothing is stored and no place is taken.
    """
    if connection.dialect.name == "postgresql":
        rows = execute(connection, POSTGRESQL_STATEMENT, _values(new) | _arrays(new)).fetchall()
        return _stored(rows) if rows else None
    if not connection.get_execution_options().get("claims"):
        return _step_by_step(connection, new)  # within a transaction of the caller, which holds the writer lock
    with connection.info.get("writers_turn", nullcontext()):
        execute(connection, "BEGIN IMMEDIATE")
        try:
            stored = _step_by_step(connection, new)
            execute(connection, "COMMIT")
        except BaseException:
            if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
                execute(connection, "ROLLBACK")
            raise
    return stored


def _step_by_step(connection: Connection, new: NewBooking) -> Stored | None:
    taken = execute(connection, TAKE_PLACES, {"slot_id": new.slot_id, "places": len(new.persons)}).fetchone()
    return store_taken(connection, new, taken) if taken else None


def store_taken(connection: Connection, new: NewBooking, taken: tuple[Any, ...]) -> Stored:
    """Store what belongs to places just taken: booking, tickets, audit entries, confirmation.

    ``taken``: a row of `TAKE_PLACES`.
    """
    slot_id, office_id, service_id, day, starts_at, first_number = taken
    values = _values(new) | {
        "office_id": office_id,
        "service_id": service_id,
        "day": day,
        "starts_at": starts_at,
    }
    if connection.dialect.name == "sqlite":
        values["now"] = new.now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")  # as `UtcDateTime` stores it
    insert = INSERT_BOOKING.format(values=f"VALUES ({OF_BOOKING.format(service_id=':service_id')})")
    values["booking_id"] = booking_id = execute(connection, insert, values).fetchone()[0]
    tickets = []
    for person in new.persons:
        own = {"queue_number": first_number + person.position, **vars(person)}
        tickets.append(execute(connection, ONE_TICKET, values | own).fetchone())
    json = "json_object" if connection.dialect.name == "sqlite" else "json_build_object"
    execute(connection, RECORD.format(json=json, tickets="ticket WHERE booking_id = :booking_id"), values)
    execute(connection, TELL.format(booking="booking WHERE id = :booking_id AND NOT :walk_in"), values)
    return _stored([(booking_id, ticket[0], ticket[2], ticket[5]) for ticket in tickets])


ONE_TICKET = INSERT_TICKET.format(
    values="""VALUES (:booking_id, :position, :slot_id, :office_id, :service_id, :day, :starts_at, :letter,
                      :queue_number, :state, :now, :walk_in, :priority, :person_index, :nik, :name)"""
)


def _values(new: NewBooking) -> dict[str, Any]:
    return {
        "slot_id": new.slot_id,
        "places": len(new.persons),
        "letter": new.letter,
        "code": new.code,
        "request_key": new.request_key,
        "request_digest": new.request_digest,
        "api_key_id": new.api_key_id,
        "channel": new.channel.value,
        "walk_in": new.walk_in,
        "priority": new.priority.value if new.priority else None,
        "language": new.language,
        "phone": new.phone,
        "email": new.email,
        "now": new.now,
        "state": TicketState.BOOKED.value,
        "actor": new.actor,
        "action": f"ticket.{TicketState.BOOKED}",
        "message_kind": MessageKind.CONFIRMATION.value,
        "message_state": MessageState.QUEUED.value,
    }


def _arrays(new: NewBooking) -> dict[str, list[Any]]:
    return {
        "positions": [person.position for person in new.persons],
        "person_indexes": [person.person_index for person in new.persons],
        "niks": [person.nik for person in new.persons],
        "names": [person.name for person in new.persons],
    }


def _stored(rows: list[Any]) -> Stored:
    """Of rows (booking id, ticket id, position, queue number)."""
    tickets = sorted((GivenTicket(*row[1:]) for row in rows), key=lambda ticket: ticket.position)
    return Stored(rows[0][0], tuple(tickets))
