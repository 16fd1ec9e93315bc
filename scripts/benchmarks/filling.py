"""Fill a database with millions of bookings in a few statements: nobody made them, but they look as if.

Busy offices: each with 8 windows of 40 places a day, 300 of them taken, the past checked in and served. What a booking
leaves behind is there as well: messages, audit entries and their seals, scans, visits and their steps. Sealed columns
hold random bytes of the usual length, and nothing where the purge would have emptied them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, Engine, text

from queue_app.config import Settings
from scripts.benchmarks.dialects import Dialect

A_DAY = 300  # bookings of one office, where nothing else is said
SLOTS = 8
FREE, SPARE = 2, 10  # places of a slot that nobody took, and queue numbers beyond its places
SERVICES = 4  # of the whole installation: an office gives one of them
AHEAD = 30  # days of bookings that lie in the future
OFFICES_MAX = 40
KEPT_DAYS = Settings.retention.days  # of the past; what is older is emptied
FILLED = (
    *("slot", "booking", "ticket", "check_in", "visit", "visit_step", "line"),
    *("outbox_message", "audit_entry", "audit_seal"),
)


@dataclass(frozen=True)
class Content:
    """What a filled database holds: ids of offices begin with 1, and so do those of days, slots and bookings."""

    bookings: int
    offices: int
    days: int
    today: date
    a_day: int = A_DAY

    @property
    def capacity(self) -> int:
        """Places of a slot."""
        return -(-self.a_day // SLOTS) + FREE

    @property
    def first_day(self) -> date:
        return self.today - timedelta(days=self.days - AHEAD - 1)

    @property
    def of_the_past(self) -> int:
        """Bookings of days before today; they have the lowest ids."""
        return min(self.offices * self.a_day * (self.today - self.first_day).days, self.bookings)

    @property
    def emptied(self) -> int:
        """Bookings that are past their retention."""
        days = (self.today - self.first_day).days - KEPT_DAYS + 1
        return max(0, self.offices * self.a_day * days)

    def service_of(self, office: int) -> int:
        return (office - 1) % SERVICES + 1


def content(bookings: int, today: date) -> Content:
    offices = min(max(bookings // (A_DAY * (AHEAD + 2)), 1), OFFICES_MAX)
    days = -(-bookings // (A_DAY * offices))
    return Content(bookings, offices, max(days, AHEAD + 1), today)


def fill(engine: Engine, wanted: Content) -> None:
    """The tables must be empty and migrated. Afterwards PostgreSQL's statistics are fresh, as its autovacuum keeps
    them; SQLite has none, as in an office, where nobody makes any.
    """
    dialect = Dialect(engine.dialect.name, wanted.first_day)
    with engine.connect() as connection:
        # Nothing here has to survive anything; the server checks references by triggers, which this role skips.
        for setting in dialect.careless:
            connection.exec_driver_sql(setting)
        indexes = _drop_indexes(connection, dialect)
        for statement in _statements(wanted, dialect):
            connection.execute(text(statement))
            connection.commit()  # else SQLite would carry all of it in its log
        for statement in indexes:
            connection.exec_driver_sql(statement)
        if not dialect.sqlite:
            for table in ("office", "service", "office_service", "service_day", *FILLED):
                _move_sequence(connection, table)
        connection.commit()
    if not dialect.sqlite:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _drop_indexes(connection: Connection, dialect: Dialect) -> list[str]:
    """Drop what can be made again in one go at the end, which is several times quicker; return how to make it."""
    found = connection.exec_driver_sql(dialect.indexes_of(FILLED)).all()
    for name, _definition in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


def _move_sequence(connection: Connection, table: str) -> None:
    """Ids were given by hand: the next one follows them."""
    if connection.exec_driver_sql(
        f"SELECT count(*) FROM information_schema.columns WHERE table_name = '{table}' AND column_name = 'id'"
    ).scalar_one():
        sequence = f"pg_get_serial_sequence('{table}', 'id')"
        connection.exec_driver_sql(f"SELECT setval({sequence}, (SELECT coalesce(max(id), 1) FROM {table}))")


def _statements(wanted: Content, to: Dialect) -> list[str]:
    offices, days, today = wanted.offices, wanted.days, (wanted.today - wanted.first_day).days
    past, all_of_them = to.series(wanted.of_the_past), to.series(wanted.bookings)
    a_day, capacity, block = wanted.a_day, wanted.capacity, wanted.capacity + SPARE
    # Of booking n: which day, which office, the how-manieth there, and from that slot and number.
    of_day, office, place = f"n / {offices * a_day}", f"(n / {a_day} % {offices})", f"n % {a_day}"
    service = f"({office} % {SERVICES} + 1)"
    day_id = f"({office} * {days} + {of_day})"
    state = f"CASE WHEN n >= {wanted.of_the_past} THEN 'booked' WHEN n % 20 = 0 THEN 'no_show' ELSE 'checked_in' END"
    own_office, own_service, own_day = f"n / {days}", f"n / {days} % {SERVICES} + 1", to.day(f"n % {days}")
    slot_office, slot_day = f"n / {SLOTS * days}", f"n / {SLOTS} % {days}"
    first_hour = f"n % {SLOTS} + 1"
    taken = f"({a_day // SLOTS} + CASE WHEN n % {SLOTS} < {a_day % SLOTS} THEN 1 ELSE 0 END)"

    def kept(size: int, salt: str) -> str:
        return f"CASE WHEN n >= {wanted.emptied} THEN {to.noise(size, salt)} END"

    came = f"WHERE {place} % 20 <> 0"
    made, arrived, ended = (to.moment(of_day, hour) for hour in ("-48", "2", "3"))
    return [
        f"""INSERT INTO office (id, slug, name, region_code, region_name, address, time_zone, position,
                regular_per_priority, appointments_per_walk_in, calls_before_skip, skip_back, skips_before_absent,
                more_time_back, nearly)
            SELECT n + 1, 'o' || n, 'Kantor ' || n, '33.14', 'Sragen', 'Jl. Raya Sukowati', 'Asia/Jakarta', n,
                2, 2, 3, 3, 2, 3, 3 FROM {to.series(offices)}""",
        f"""INSERT INTO service (id, code, slug, category, name_id, name_en, summary_id, summary_en,
                asks_recorded_before, position)
            SELECT n + 1, 'S' || n, 's' || n, 'card', 'Layanan', 'Service', '-', '-', {to.false}, n
            FROM {to.series(SERVICES)}""",
        f"""INSERT INTO office_service (id, office_id, service_id, letter, active, who_id, who_en, requirements_id,
                requirements_en, opens_days_before, opens_at, closes_days_before, closes_at, changes_close_days_before,
                changes_close_at, early_minutes, late_minutes, walk_ins_per_day, releases_at, days_made_until)
            SELECT n + 1, n + 1, n % {SERVICES} + 1, 'A', {to.true}, '-', '-', '-', '-', 29, {to.time("07")}, 1,
                {to.time("16")}, 1, {to.time("12")}, 30, 30, 20, {to.time("08")}, {to.day(str(days - 1))}
            FROM {to.series(offices)}""",
        f"""INSERT INTO service_day (id, office_id, service_id, day, status, next_block, walk_ins, set_by_hand)
            SELECT n + 1, {own_office} + 1, {own_service}, {own_day}, 'open', {SLOTS * block + 1}, 0, {to.false}
            FROM {to.series(offices * days)}""",
        f"""INSERT INTO slot (id, service_day_id, office_id, service_id, day, starts_at, ends_at, share, planned,
                capacity, booked, accepts, next_number, last_number)
            SELECT n + 1, n / {SLOTS} + 1, {slot_office} + 1, {slot_office} % {SERVICES} + 1,
                {to.day(slot_day)}, {to.moment(slot_day, first_hour)}, {to.moment(slot_day, f"{first_hour} + 1")},
                'public', {capacity}, {capacity},
                {taken}, {to.true}, n % {SLOTS} * {block} + {taken} + 1, (n % {SLOTS} + 1) * {block}
            FROM {to.series(offices * days * SLOTS)}""",
        f"""INSERT INTO line (office_id, service_id, day, calls, appointments_since_walk_in, regular_since_priority)
            SELECT {own_office} + 1, {own_service}, {own_day}, 280, 0, 9 FROM {to.series(offices * days)}
            WHERE n % {days} < {today}""",
        f"""INSERT INTO booking (id, code, request_key, channel, service_id, language, phone, created_at)
            SELECT n + 1, {to.code}, 'k' || n, 'online', {service}, 'id', {kept(42, "a")}, {made}
            FROM {all_of_them}""",
        f"""INSERT INTO ticket (id, booking_id, position, slot_id, office_id, service_id, day, starts_at, letter,
                queue_number, state, state_since, walk_in, person_index, nik, name)
            SELECT n + 1, n + 1, 0, {day_id} * {SLOTS} + {place} % {SLOTS} + 1, {office} + 1, {service},
                {to.day(of_day)}, {to.moment(of_day, f"{place} % {SLOTS} + 1")}, 'A',
                {place} % {SLOTS} * {block} + {place} / {SLOTS} + 1, {state}, {made}, {to.false},
                {kept(32, "b")}, {kept(45, "c")}, {kept(42, "d")}
            FROM {all_of_them}""",
        f"""INSERT INTO check_in (id, nonce, ticket_id, office_id, at, result)
            SELECT n + 1, {to.code} || n, n + 1, {office} + 1, {arrived}, 'checked_in' FROM {past} {came}""",
        f"""INSERT INTO visit (ticket_id, office_id, service_id, day, state, since, arrived_at, window_at, late, calls,
                skips, not_before, had_more_time, called_at, started_at, ended_at, outcome)
            SELECT n + 1, {office} + 1, {service}, {to.day(of_day)}, 'served', {ended}, {arrived}, {arrived},
                {to.false}, 1, 0, 0, {to.false}, {ended}, {ended}, {ended}, 'done' FROM {past} {came}""",
        *(
            f"""INSERT INTO visit_step (id, ticket_id, office_id, service_id, day, at, kind, actor, before)
            SELECT {number} * {wanted.bookings} + n + 1, n + 1, {office} + 1, {service}, {to.day(of_day)},
                {ended}, '{kind}', 'staff:1', '{{}}' FROM {past} {came}"""
            for number, kind in enumerate(("call", "finish"))
        ),
        *(
            f"""INSERT INTO outbox_message (id, booking_id, office_id, kind, due_at, state, next_try_at, attempts,
                sent_at, channel)
            SELECT {number} * {wanted.bookings} + n + 1, n + 1, {office} + 1, '{kind}', {due}, 'sent', {due}, 1, {due},
                'email' FROM {which}"""
            for number, (kind, due, which) in enumerate(
                (("confirmation", made, all_of_them), ("reminder_day_before", to.moment(of_day, "-14"), past))
            )
        ),
        *(
            f"""INSERT INTO audit_entry (id, at, actor, action, subject, subject_id, office_id, after)
            SELECT {number} * {wanted.bookings} + n + 1, {at}, '{actor}', 'ticket.{action}', 'ticket', n + 1,
                {office} + 1, '{{"state": "{action}"}}' FROM {which}"""
            for number, (action, actor, at, which) in enumerate(
                (("booked", "citizen", made, all_of_them), ("checked_in", "staff:1", arrived, past))
            )
        ),
        f"""INSERT INTO audit_seal (sequence, entry_id, hash, sealed_at)
            SELECT row_number() OVER (ORDER BY id), id, {to.noise(32, "e", "id")}, at FROM audit_entry""",
    ]
