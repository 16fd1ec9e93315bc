"""The line about other layouts: what the one statement of a claim costs on partitions and across two databases.

Each layout has a database of its own on one server, filled alike, and takes its turn in every round. The claim is the
product's own, its statement changed as the layout needs. On a busy machine processor time, bytes and the ratios of one
round say something, and nothing else does.
"""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from unittest.mock import patch

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

from queue_app.domain.priority import Channel
from queue_app.domain.tickets import new_booking_code
from queue_app.services.booking import statements
from queue_app.services.booking.claim import NewBooking, NewPerson, claim_alone, claim_and_store
from scripts.benchmarks.bench import Bench
from scripts.benchmarks.databases import Postgresql
from scripts.benchmarks.filling import content, fill
from scripts.benchmarks.installation import Installation
from scripts.benchmarks.layout_tables import HOLD, HOLDS, KEEP, LAYOUTS, Layout
from scripts.benchmarks.machine import cpu_seconds, family, progress
from scripts.benchmarks.table import Line

FILLED = 50_000  # bookings that are there before
CROWD = 8  # connections that want one slot
# One service everywhere, as offices have it, and places for everybody.
ROOM = """
    UPDATE slot SET service_id = 1, planned = 900000, capacity = 900000,
        next_number = 1000000 * (1 + mod(id, 8)), last_number = 1000000 * (1 + mod(id, 8)) + 900000
"""
# Filled rows brought their ids.
IDS = tuple(f"SELECT setval('{table}_id_seq', max(id)) FROM {table}" for table in ("booking", "ticket"))


def layouts(bench: Bench) -> Iterator[Line]:
    """Today's tables beside the others."""
    server = bench.databases
    if not isinstance(server, Postgresql):
        raise LookupError("'layouts' needs a PostgreSQL that is started for the run")
    _fill(bench)
    with ExitStack() as stack:
        trials = [_trial(server, f"layout_{number}", layout, stack) for number, layout in enumerate(LAYOUTS)]
        for trial in trials:
            twice = trial.takes_a_person_twice()
            if twice != trial.layout.forgets_persons:
                bench.note(f"{trial.layout.name}: a person got {1 + twice} tickets for one service at two offices")
        for number in range(bench.scale.rounds):
            progress(f"layouts, round {number + 1}")
            first = number % len(trials)
            for trial in trials[first:] + trials[:first]:  # nobody is always the first after a pause
                with trial.own_statement():
                    trial.measure(bench.scale.bookings, server.processes())
    for trial in trials:
        yield from _lines(trial, trials[0])


def _lines(trial: Trial, plain: Trial) -> Iterator[Line]:
    yield Line(f"{trial.layout.name}: processor time of the database", trial.server, "µs")
    yield Line("… of the program, for its statements alone", trial.client, "µs")
    yield Line("… bytes of the log (WAL)", trial.log)
    if trial is not plain:
        for what, ours, theirs in (
            ("processor time of both", trial.both, plain.both),
            ("bytes of the log", trial.log, plain.log),
            ("time of one after the other", trial.wall, plain.wall),
            (f"rate in one slot, {CROWD} connections", trial.hot, plain.hot),
        ):
            yield Line(f"… {what} / today's", [a / b for a, b in zip(ours, theirs, strict=True)], "×")


def _fill(bench: Bench) -> None:
    """The database that all of them begin with. Whatever filled it is disconnected: its sessions check nothing."""
    progress(f"{FILLED:,} bookings: filling")
    installation = Installation(bench.folder / "layouts", bench.databases.fresh("layouts"), 1)
    if (made := installation.command("init")).returncode:
        raise SystemExit(f"no database for the layouts: {made.stderr.strip()}")
    engine = create_engine(installation.settings.database_url)
    fill(engine, content(FILLED, datetime.now(UTC).date()))
    engine.dispose()


def _trial(server: Postgresql, name: str, layout: Layout, stack: ExitStack) -> Trial:
    progress(layout.name)
    engine = _engine(server.fresh(name, like="layouts"), stack)
    with engine.connect() as connection:
        for statement in (ROOM, *IDS, *layout.change, "VACUUM ANALYZE"):
            connection.execute(text(statement))
        keys = connection.execute(text("SELECT value FROM key_check WHERE name = 'all'")).scalar_one()
        ahead = "SELECT id FROM slot WHERE day > CURRENT_DATE ORDER BY office_id, id"
        slots = connection.execute(text(ahead)).scalars().all()
    persons = None
    if layout.across:
        persons = _engine(server.fresh(f"{name}_persons"), stack)
        with persons.connect() as connection:
            connection.execute(text(HOLDS))
    return Trial(layout, layout.claim(statements.postgresql_statement()), engine, persons, keys, slots)


def _engine(url: str, stack: ExitStack) -> Engine:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", pool_size=CROWD)
    stack.callback(engine.dispose)
    return engine


@dataclass
class Trial:
    """One layout with its claim; the lists have a value for each round. ``slots`` in the order of offices."""

    layout: Layout
    claim: str
    engine: Engine
    persons: Engine | None  # the second database
    keys: bytes
    slots: Sequence[int]
    server: list[float] = field(default_factory=list)
    client: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    log: list[float] = field(default_factory=list)
    hot: list[float] = field(default_factory=list)

    @property
    def both(self) -> list[float]:
        return [server + client for server, client in zip(self.server, self.client, strict=True)]

    def measure(self, bookings: int, processes: Sequence[int]) -> None:
        """A round: one booking after the other over all slots, then eight at once in one slot."""
        self.claim_each(bookings // 4)  # statements prepared, pages in memory
        log, server, client, began = self._log_end(), _cpu(processes), time.thread_time(), time.monotonic()
        self.claim_each(bookings)
        self.wall.append((time.monotonic() - began) / bookings)
        self.client.append(1e6 * (time.thread_time() - client) / bookings)
        self.server.append(1e6 * (_cpu(processes) - server) / bookings)
        self.log.append((self._log_end() - log) / bookings)
        share, began = bookings // CROWD, time.monotonic()
        crowd = [threading.Thread(target=self.claim_each, args=(share, self.slots[:1])) for _ in range(CROWD)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
        self.hot.append(share * CROWD / (time.monotonic() - began))

    def claim_each(self, bookings: int, slots: Sequence[int] = ()) -> None:
        with ExitStack() as stack:
            connection = stack.enter_context(self.engine.connect())
            persons = stack.enter_context(self.persons.connect()) if self.persons else None
            for slot_id in itertools.islice(itertools.cycle(slots or self.slots), bookings):
                self._claim(connection, persons, slot_id, secrets.token_bytes(32))

    def takes_a_person_twice(self) -> bool:
        """Whether one person gets tickets for one service at two offices."""
        person = secrets.token_bytes(32)
        with ExitStack() as stack:
            connection = stack.enter_context(self.engine.connect())
            persons = stack.enter_context(self.persons.connect()) if self.persons else None
            stack.enter_context(self.own_statement())
            self._claim(connection, persons, self.slots[0], person)
            try:
                self._claim(connection, persons, self.slots[-1], person)
            except (IntegrityError, LookupError):
                return False
        return True

    def own_statement(self) -> AbstractContextManager[object]:
        """Once for all threads, in the place of the product's."""
        return patch.object(statements, "postgresql_statement", lambda: self.claim)

    def _claim(self, connection: Connection, persons: Connection | None, slot_id: int, person: bytes) -> None:
        """Raises IntegrityError or LookupError for a person with a ticket."""
        new = booking_of(slot_id, person, self.keys)
        if persons is None:
            claim_alone(connection, new)
        elif self.layout.across == "hold":
            _by_hold(connection, persons, new)
        else:
            _in_two_phases(connection, persons, new)

    def _log_end(self) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(text("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")).scalar_one())


def _by_hold(connection: Connection, persons: Connection, new: NewBooking) -> None:
    """Three transactions. Cut off after the first, the person is free again when the hold lapses; after the second,
    a sweep has to find the ticket and keep the hold.
    """
    person = new.persons[0].person_index
    if persons.exec_driver_sql(HOLD, (1, person, new.code)).first() is None:
        raise LookupError("somebody holds this person")
    claim_alone(connection, new)
    persons.exec_driver_sql(KEEP, (1, person, new.code))


def _in_two_phases(connection: Connection, persons: Connection, new: NewBooking) -> None:
    """Each side prepares, then each commits. Cut off in between, both hold their locks until somebody decides."""
    person = new.persons[0].person_index
    for side in (persons, connection):
        side.exec_driver_sql("BEGIN")
    try:
        if persons.exec_driver_sql(HOLD, (1, person, new.code)).first() is None:
            raise LookupError("somebody holds this person")
        claim_and_store(connection, new)
    except BaseException:
        for side in (persons, connection):
            side.exec_driver_sql("ROLLBACK")
        raise
    for step in ("PREPARE TRANSACTION", "COMMIT PREPARED"):
        for side, name in ((persons, "persons"), (connection, "claim")):
            side.exec_driver_sql(f"{step} '{name}-{new.code}'")


def booking_of(slot_id: int, person: bytes, keys: bytes) -> NewBooking:
    """Sealed columns hold random bytes of the usual length, as `filling` has them."""
    nik, name, phone, digest = (secrets.token_bytes(size) for size in (45, 42, 42, 32))
    return NewBooking(
        keys=keys,
        slot_id=slot_id,
        office_id=0,  # only groups look at it
        letter="A",
        code=new_booking_code(),
        request_key=secrets.token_urlsafe(16),
        request_digest=digest,
        api_key_id=None,
        channel=Channel.ONLINE,
        language="id",
        phone=phone,
        email=None,
        persons=(NewPerson(0, person, nik, name, None),),
        walk_in=False,
        tells=True,
        actor="citizen",
        now=datetime.now(UTC),
    )


def _cpu(processes: Sequence[int]) -> float:
    return sum(cpu_seconds(family(first)) for first in processes)
