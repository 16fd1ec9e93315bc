"""The SQL that stores a booking, and the one list of a ticket's columns that it is made of."""

from __future__ import annotations

from functools import cache

from sqlalchemy.dialects import postgresql

from queue_app.models import Ticket

from .places import TAKE_UNDER_KEYS

# The columns of a new ticket, by where their values come from. Statements, values and arrays are made of these lists: a
# column more is written here and nowhere else, whether the ticket is booked or moved.
OF_PLACE = ("slot_id", "office_id", "service_id", "day", "starts_at")  # a row of `TAKE_PLACES`, before first_number
OF_BOOKING = ("letter", "state", "state_since", "walk_in")  # the same for the whole party
OF_PERSON = ("position", "person_index", "nik", "name", "priority")  # of `NewPerson`

INSERT_BOOKING = """
    INSERT INTO booking
        (code, request_key, request_digest, api_key_id, channel, service_id, language, phone, email, created_at)
    {values} RETURNING id
"""
OF_NEW_BOOKING = """
    :code, :request_key, :request_digest, :api_key_id, CAST(:channel AS varchar), {service_id}, :language, :phone,
    :email, :now
"""
ONE_BOOKING = INSERT_BOOKING.format(values=f"VALUES ({OF_NEW_BOOKING.format(service_id=':service_id')})")
RECORD = """
    INSERT INTO audit_entry (at, actor, action, subject, subject_id, office_id, after)
    SELECT :now, :actor, :action, 'ticket', id, office_id,
           {json}('state', CAST(:state AS varchar), 'slot', slot_id, 'number', queue_number)
    FROM {tickets}
"""
TELL = """
    INSERT INTO outbox_message (booking_id, office_id, kind, due_at, state, next_try_at, attempts)
    SELECT id, (SELECT office_id FROM slot WHERE slot.id = :slot_id), :message_kind, :now, :message_state, :now, 0
    FROM {booking}
"""


@cache
def postgresql_statement() -> str:
    """PostgreSQL's. unnest() makes rows of arrays: one array for each column, one element for each person. They are
    stored in the order of the unique index: parties that name the same people must not wait for each other in a circle.
    """
    of_booking = ", ".join(f"CAST(:{name} AS {type_of(name)})" for name in OF_BOOKING)
    arrays = ", ".join(f"CAST(:all_{name} AS {type_of(name)}[])" for name in OF_PERSON)
    return f"""
    WITH taken AS ({TAKE_UNDER_KEYS}),
    made AS ({INSERT_BOOKING.format(values=f"SELECT {OF_NEW_BOOKING.format(service_id='service_id')} FROM taken")}),
    given AS (
        INSERT INTO ticket ({", ".join(columns())})
        SELECT made.id, taken.{", taken.".join(OF_PLACE)}, {of_booking}, person.{", person.".join(OF_PERSON)},
               taken.first_number + person.position
        FROM taken, made, unnest({arrays}) AS person ({", ".join(OF_PERSON)})
        ORDER BY person.person_index
        RETURNING id, booking_id, position, slot_id, office_id, queue_number
    ),
    recorded AS ({RECORD.format(json="json_build_object", tickets="given")}),
    told AS ({TELL.format(booking="made WHERE :tells")})
    SELECT booking_id, id, position, queue_number FROM given
    """


@cache
def insert_statement() -> str:
    names = columns()
    return f"""
    INSERT INTO ticket ({", ".join(names)}) VALUES (:{", :".join(names)})
    RETURNING booking_id, id, position, queue_number
    """


def columns() -> tuple[str, ...]:
    return ("booking_id", *OF_PLACE, *OF_BOOKING, *OF_PERSON, "queue_number")


def type_of(column: str) -> str:
    return str(Ticket.__table__.c[column].type.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
