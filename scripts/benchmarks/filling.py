"""Fill a database with millions of bookings in a few statements: nobody made them, but they look as if.

The office of the table is a busy one: 8 windows of 40 places a day, 300 of them taken, the past checked in. Sealed
columns hold random bytes of the usual length.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, Engine, text

A_DAY = 300  # bookings of one office
SLOTS = 8
AHEAD = 30  # days of bookings that lie in the future
OFFICES_MAX = 40
# A big odd factor scatters the numbers over all codes, as random ones would be.
SCATTER = "(({n} * 2654435761) % 1099511627776)"
CODE = " || ".join(
    f"substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', CAST({SCATTER} / {32**place} % 32 AS integer) + 1, 1)"
    for place in range(8)
)
FILLED = ("booking", "ticket", "check_in")


@dataclass(frozen=True)
class Content:
    """What a filled database holds: ids of offices and services are equal and begin with 1."""

    bookings: int
    offices: int
    days: int
    today: date

    @property
    def first_day(self) -> date:
        return self.today - timedelta(days=self.days - AHEAD - 1)


def content(bookings: int, today: date) -> Content:
    offices = min(max(bookings // (A_DAY * (AHEAD + 2)), 1), OFFICES_MAX)
    days = -(-bookings // (A_DAY * offices))
    return Content(bookings, offices, max(days, AHEAD + 1), today)


def fill(engine: Engine, wanted: Content) -> None:
    """The tables must be empty and migrated. Afterwards the planner's statistics are fresh."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        # Nothing here has to survive anything; the server checks references by triggers, which this role skips.
        for setting in _SETTINGS["sqlite" if sqlite else "postgresql"]:
            connection.exec_driver_sql(setting)
        indexes = _drop_indexes(connection, sqlite)
        for statement in _statements(wanted, sqlite):
            connection.execute(text(statement))
        for statement in indexes:
            connection.exec_driver_sql(statement)
        connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if sqlite else "VACUUM ANALYZE")


_SETTINGS = {
    "sqlite": ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -400000", "PRAGMA foreign_keys = OFF"),
    "postgresql": (
        "SET session_replication_role = replica",
        "SET maintenance_work_mem = '256MB'",
        "SET synchronous_commit = off",
    ),
}


def _drop_indexes(connection: Connection, sqlite: bool) -> list[str]:
    """Drop what can be made again in one go at the end, which is several times quicker; return how to make it."""
    tables = ", ".join(f"'{table}'" for table in FILLED)
    found = connection.exec_driver_sql(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({tables})"
        if sqlite
        else f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ({tables})"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    ).all()
    for name, _definition in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


def _statements(wanted: Content, sqlite: bool) -> list[str]:
    first = wanted.first_day
    past = wanted.offices * A_DAY * ((wanted.today - first).days)

    def series(count: int) -> str:
        if not sqlite:
            return f"generate_series(0, {count - 1}) AS n(n)"
        return (
            f"(WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {count - 1}) SELECT n FROM n) n"
        )

    def day(offset: str) -> str:
        return f"date('{first}', ({offset}) || ' days')" if sqlite else f"date '{first}' + CAST({offset} AS integer)"

    def moment(offset: str, hour: str) -> str:
        if sqlite:
            return f"datetime('{first}', ({offset}) || ' days', ({hour}) || ' hours') || '.000000'"
        return f"timestamptz '{first} 00:00+00' + ({offset}) * interval '1 day' + ({hour}) * interval '1 hour'"

    def noise(size: int, n: str) -> str:
        if sqlite:
            return f"randomblob({size})"
        return f"substr(sha256(CAST(CAST({n} AS text) AS bytea)) || sha256('x'), 1, {size})"

    true = "1" if sqlite else "true"
    false = "0" if sqlite else "false"
    # Of booking n: which day, which office, the how-manieth there, and from that slot and number.
    of_day, office, place = f"n / {wanted.offices * A_DAY}", f"n / {A_DAY} % {wanted.offices}", f"n % {A_DAY}"
    day_id = f"(({office}) * {wanted.days} + {of_day})"
    state = f"CASE WHEN n < {past} THEN 'checked_in' ELSE 'booked' END"
    code = CODE.format(n="n")
    block = A_DAY // SLOTS + 1
    return [
        f"""INSERT INTO office (id, slug, name, region_code, region_name, address, time_zone, position)
            SELECT n + 1, 'o' || n, 'Kantor ' || n, '33.14', 'Sragen', 'Jl. Raya Sukowati', 'Asia/Jakarta', n
            FROM {series(wanted.offices)}""",
        f"""INSERT INTO service (id, code, slug, category, name_id, name_en, summary_id, summary_en,
                asks_recorded_before, position)
            SELECT n + 1, 'S' || n, 's' || n, 'card', 'Layanan', 'Service', '-', '-', {false}, n
            FROM {series(wanted.offices)}""",
        f"""INSERT INTO service_day (id, office_id, service_id, day, status, next_block, set_by_hand)
            SELECT n + 1, n / {wanted.days} + 1, n / {wanted.days} + 1, {day(f"n % {wanted.days}")}, 'open', 1000,
                {false}
            FROM {series(wanted.offices * wanted.days)}""",
        f"""INSERT INTO slot (id, service_day_id, office_id, service_id, day, starts_at, ends_at, share, capacity,
                booked, accepts, next_number, last_number)
            SELECT n + 1, n / {SLOTS} + 1, n / {SLOTS * wanted.days} + 1, n / {SLOTS * wanted.days} + 1,
                {day(f"n / {SLOTS} % {wanted.days}")}, {moment(f"n / {SLOTS} % {wanted.days}", f"n % {SLOTS} + 1")},
                {moment(f"n / {SLOTS} % {wanted.days}", f"n % {SLOTS} + 2")}, 'public', 40,
                {A_DAY // SLOTS} + CASE WHEN n % {SLOTS} < {A_DAY % SLOTS} THEN 1 ELSE 0 END, {true},
                n % {SLOTS} * {block} + {block}, n % {SLOTS} * {block} + {block}
            FROM {series(wanted.offices * wanted.days * SLOTS)}""",
        f"""INSERT INTO booking (id, code, request_key, service_id, language, phone, created_at)
            SELECT n + 1, {code}, 'k' || n, ({office}) + 1, 'id', {noise(42, "n")}, {moment(of_day, "-48")}
            FROM {series(wanted.bookings)}""",
        f"""INSERT INTO ticket (id, booking_id, position, slot_id, office_id, service_id, day, starts_at, letter,
                queue_number, state, state_since, person_index, nik, name)
            SELECT n + 1, n + 1, 0, {day_id} * {SLOTS} + n % {A_DAY} % {SLOTS} + 1, ({office}) + 1, ({office}) + 1,
                {day(of_day)}, {moment(of_day, f"n % {A_DAY} % {SLOTS} + 1")}, 'A',
                {place} % {SLOTS} * {block} + n % {A_DAY} / {SLOTS} + 1, {state}, {moment(of_day, "-48")},
                {noise(32, "n")}, {noise(45, "n")}, {noise(42, "n")}
            FROM {series(wanted.bookings)}""",
        f"""INSERT INTO check_in (nonce, ticket_id, office_id, at, result)
            SELECT {code} || n, n + 1, ({office}) + 1, {moment(of_day, "2")}, 'checked_in'
            FROM {series(max(min(past, wanted.bookings), 1))}""",
    ]
