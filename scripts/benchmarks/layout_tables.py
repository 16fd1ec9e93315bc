"""Other layouts of a booking's tables, made of today's: partitions, a table of persons, a second database.

They are trials and no part of the product. Each changes the tables of a filled database in place and says how the
product's one statement has to read on them; `docs/scale.md` tells what came of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

PARTITIONS = 32
NUMBERS = "office_id, service_id, day, queue_number"
ACTIVE = "state = 'booked'"  # as in the index that holds the rule of one active ticket
ACTIVE_PERSON = """
    CREATE TABLE active_person (service_id integer NOT NULL, person_index bytea NOT NULL,
        PRIMARY KEY (service_id, person_index))
"""
# Of the second database: whoever holds a person for a service, and until when if it comes to nothing.
HOLDS = """
    CREATE TABLE person_hold (service_id integer NOT NULL, person_index bytea NOT NULL, holder text NOT NULL,
        until timestamptz NOT NULL, PRIMARY KEY (service_id, person_index))
"""
HOLD = """
    INSERT INTO person_hold AS held (service_id, person_index, holder, until)
    VALUES (%s, %s, %s, clock_timestamp() + interval '30 seconds')
    ON CONFLICT (service_id, person_index) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE held.until < clock_timestamp() RETURNING 1
"""
KEEP = "UPDATE person_hold SET until = 'infinity' WHERE service_id = %s AND person_index = %s AND holder = %s"


def one_person_once(sql: str) -> str:
    """The claim with one more part, which a person who holds a ticket for this service makes fail."""
    held = """
    held AS (
        INSERT INTO active_person (service_id, person_index)
        SELECT taken.service_id, person.person_index
        FROM taken, unnest(CAST(:all_person_index AS bytea[])) AS person (person_index)
        ORDER BY person.person_index
    ),
    made AS"""
    return _replaced(sql, r"\bmade AS", held.strip())


def with_office(sql: str) -> str:
    """The claim for a booking that knows its office, because it is the key of the partitions."""
    sql = _replaced(sql, r"email, created_at\)", "email, created_at, office_id)")
    return _replaced(
        sql, r"(:email,\s+:now)\s+FROM taken RETURNING id", r"\1, office_id FROM taken RETURNING id, office_id"
    )


def as_it_is(sql: str) -> str:
    return sql


def _replaced(sql: str, pattern: str, by: str) -> str:
    changed, times = re.subn(pattern, by, sql, count=1)
    if not times:
        raise LookupError(f"the claim's statement has no {pattern!r} any more")
    return changed


@dataclass(frozen=True)
class Layout:
    """``change``: statements for a filled database of today. ``claim``: makes today's one statement into the one there.

    ``across``: how a second database holds the rule of one active ticket: "hold" (a row that lapses), "two-phase", or
    not at all. ``forgets_persons``: its unique index cannot hold that rule between offices any more.
    """

    name: str
    change: Sequence[str] = ()
    claim: Callable[[str], str] = as_it_is
    across: str = ""
    forgets_persons: bool = False


def _partitioned(table: str, key: str, uniques: Sequence[str], more: str = "") -> list[str]:
    """Replace a table by one in partitions. ``uniques``: each has to hold the key, or PostgreSQL refuses it."""
    column = key[key.index("(") + 1 : -1]
    if key.startswith("HASH"):
        parts = [
            f"CREATE TABLE {table}_{part} PARTITION OF {table} FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})"
            for part in range(PARTITIONS)
        ]
    else:
        parts = [_DAILY.format(table=table)]
    return [
        f"ALTER TABLE {table} RENAME TO {table}_whole",
        f"CREATE TABLE {table} (LIKE {table}_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS {more}) PARTITION BY {key}",
        f"ALTER SEQUENCE {table}_id_seq OWNED BY {table}.id",
        *parts,
        f"ALTER TABLE {table} ADD PRIMARY KEY (id, {column})",
        *(f"ALTER TABLE {table} ADD UNIQUE ({columns})" for columns in uniques),
    ]


_DAILY = """
    DO $$ DECLARE one date; BEGIN
        FOR one IN SELECT DISTINCT day FROM slot LOOP
            EXECUTE format('CREATE TABLE {table}_%s PARTITION OF {table} FOR VALUES FROM (%L) TO (%L)',
                to_char(one, 'YYYYMMDD'), one, one + 1);
        END LOOP;
    END $$
"""
_TICKET_INDEXES = (
    "CREATE INDEX ON ticket (office_id, day, starts_at, queue_number)",
    "CREATE INDEX ON ticket (slot_id) WHERE state IN ('booked', 'checked_in', 'no_show')",
    f"CREATE INDEX ON ticket (starts_at) WHERE {ACTIVE}",
    "CREATE INDEX ON ticket (booking_id)",
)
_TICKET_REFERENCES = tuple(
    f"ALTER TABLE ticket ADD FOREIGN KEY ({table}_id) REFERENCES {table} (id)"
    for table in ("slot", "office", "service")
)
_MOVED = (
    "INSERT INTO ticket SELECT * FROM ticket_whole",
    "DROP TABLE ticket_whole CASCADE",
    *_TICKET_INDEXES,
    *_TICKET_REFERENCES,
)
PERSONS = (ACTIVE_PERSON, f"INSERT INTO active_person SELECT service_id, person_index FROM ticket WHERE {ACTIVE}")

BY_OFFICE = (
    *_partitioned(
        "booking", "HASH (office_id)", ("code, office_id", "request_key, office_id"), ", office_id integer NOT NULL"
    ),
    "INSERT INTO booking SELECT whole.*, office_id FROM booking_whole whole JOIN ticket ON booking_id = whole.id",
    *_partitioned("ticket", "HASH (office_id)", (NUMBERS,)),
    *_MOVED,
    f"CREATE UNIQUE INDEX ON ticket (service_id, person_index, office_id) WHERE {ACTIVE}",
    "DROP TABLE booking_whole CASCADE",
    "ALTER TABLE booking ADD FOREIGN KEY (service_id) REFERENCES service (id)",
    "ALTER TABLE ticket ADD FOREIGN KEY (booking_id, office_id) REFERENCES booking (id, office_id)",
    "ALTER TABLE outbox_message ADD FOREIGN KEY (booking_id, office_id) REFERENCES booking (id, office_id)",
)
BY_DAY = (
    *_partitioned("ticket", "RANGE (day)", (NUMBERS,)),
    *_MOVED,
    f"CREATE UNIQUE INDEX ON ticket (service_id, person_index, day) WHERE {ACTIVE}",
    "ALTER TABLE ticket ADD FOREIGN KEY (booking_id) REFERENCES booking (id)",
)

LAYOUTS = (
    Layout("one table, as it is today"),
    Layout(f"{PARTITIONS} partitions by office", BY_OFFICE, with_office, forgets_persons=True),
    Layout("a partition for each day", BY_DAY, forgets_persons=True),
    Layout(
        f"{PARTITIONS} partitions by office, a table of persons",
        (*BY_OFFICE, *PERSONS),
        lambda sql: one_person_once(with_office(sql)),
    ),
    Layout("a second database holds the person", across="hold"),
    Layout("a second database, two-phase commit", across="two-phase"),
)
