"""Look at a slot, take its places, give the numbers and store the booking: the two statements behind every "book".

PostgreSQL does the second in a single statement, so that the row of a slot everybody wants is locked no longer than
that statement and its commit take. SQLite has no statement that writes to several tables: there the same steps follow
each other under the writer lock. `docs/claiming.md` tells the whole mechanism.

Both speak to the driver itself: in the rush they are most of what a booking costs, and SQLAlchemy would be most of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import Connection

from queue_app.domain.booking import ACTIVE_STATES, TicketState
from queue_app.domain.calendar import BeforeDay, BookingRules, Share
from queue_app.domain.reminders import MessageKind
from queue_app.models import MessageState

from .claims import TAKE_PLACES
from .driver import execute

LOOK = """
    SELECT slot.day, slot.starts_at, slot.accepts, slot.booked, slot.capacity, office_service.letter,
           office_service.opens_days_before, office_service.opens_at,
           office_service.closes_days_before, office_service.closes_at,
           office_service.changes_close_days_before, office_service.changes_close_at, office.time_zone,
           (SELECT id FROM booking WHERE request_key = :request_key),
           EXISTS (SELECT 1 FROM ticket
                   WHERE ticket.service_id = slot.service_id AND {active} AND person_index IN ({persons}))
    FROM slot
    JOIN office_service ON office_service.office_id = slot.office_id AND office_service.service_id = slot.service_id
    JOIN office ON office.id = slot.office_id
    WHERE slot.id = :slot_id AND slot.share = :share AND office_service.active
"""
ACTIVE = "ticket.state IN ({})".format(", ".join(f"'{state}'" for state in ACTIVE_STATES))

INSERT_BOOKING = """
    INSERT INTO booking (code, request_key, request_digest, api_key_id, service_id, language, phone, email, created_at)
    {values} RETURNING id
"""
OF_BOOKING = ":code, :request_key, :request_digest, :api_key_id, {service_id}, :language, :phone, :email, :now"
INSERT_TICKET = """
    INSERT INTO ticket
        (booking_id, position, slot_id, office_id, service_id, day, starts_at, letter, queue_number,
         state, state_since, person_index, nik, name)
    {values} RETURNING id, booking_id, position, slot_id, office_id, queue_number
"""
RECORD = """
    INSERT INTO audit_entry (at, actor, action, subject, subject_id, office_id, after)
    SELECT :now, :actor, :action, 'ticket', id, office_id,
           {json}('state', CAST(:state AS varchar), 'slot', slot_id, 'number', queue_number)
    FROM {tickets}
"""
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
               person.person_index, person.nik, person.name
        FROM taken, made, unnest(:positions, :person_indexes, :niks, :names)
            AS person (position, person_index, nik, name)
        ORDER BY person.person_index'''
    )
}),
    recorded AS ({RECORD.format(json="json_build_object", tickets="given")}),
    told AS ({TELL.format(booking="made")})
    SELECT booking_id, id, position, queue_number FROM given
"""


@dataclass(frozen=True)
class Looked:
    """What one read without a lock tells of a slot and of those who want a place in it.

    ``stored_id``: the booking that this very request made before; ``already_booked``: one of the persons has an active
    ticket for the service.
    """

    day: date
    starts_at: datetime
    accepts: bool
    booked: int
    capacity: int
    letter: str
    rules: BookingRules
    stored_id: int | None
    already_booked: bool


@dataclass(frozen=True, repr=False)
class NewPerson:
    """One person of a booking to be: keyed hash of the NIK, and what was sealed."""

    position: int
    person_index: bytes
    nik: bytes
    name: bytes


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


def look(
    connection: Connection, slot_id: int, share: Share, persons: Iterable[bytes], request_key: str | None
) -> Looked | None:
    """None when there is no such slot, or it may not be booked in this way."""
    asked: dict[str, Any] = {f"person_{number}": person for number, person in enumerate(persons)}
    names = tuple(asked)
    asked |= {"slot_id": slot_id, "share": share.value, "request_key": request_key}
    row = execute(connection, _look_sql(names), asked).fetchone()
    if row is None:
        return None
    day, starts_at, accepts, booked, capacity, letter, *times, zone, stored_id, already_booked = row
    if isinstance(day, str):  # SQLite knows no dates
        day, starts_at = date.fromisoformat(day), datetime.fromisoformat(starts_at).replace(tzinfo=UTC)
        times = [time.fromisoformat(value) if isinstance(value, str) else value for value in times]
    opens, closes, changes_close = (BeforeDay(*times[first : first + 2]) for first in (0, 2, 4))
    rules = BookingRules(opens, closes, changes_close, zone)
    return Looked(day, starts_at, bool(accepts), booked, capacity, letter, rules, stored_id, bool(already_booked))


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
    execute(connection, TELL.format(booking="booking WHERE id = :booking_id"), values)
    return _stored([(booking_id, ticket[0], ticket[2], ticket[5]) for ticket in tickets])


ONE_TICKET = INSERT_TICKET.format(
    values="""VALUES (:booking_id, :position, :slot_id, :office_id, :service_id, :day, :starts_at, :letter,
                      :queue_number, :state, :now, :person_index, :nik, :name)"""
)


@cache
def _look_sql(persons: tuple[str, ...]) -> str:
    return LOOK.format(active=ACTIVE, persons=", ".join(f":{name}" for name in persons))


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
