"""Two machines begin with the new version at once, or somebody uses the database: one does it, and no harm comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import create_engine

from queue_app.config import Settings
from tests.harness.backups import Installation, postgresql_programs
from tests.upgrades.stored import OLDER, Rows, connected, rows_in, schema_of
from tests.upgrades.updating import REFUSED, Moment, updating

pytestmark = pytest.mark.parametrize("stored", OLDER, indirect=True)
MIDDLE = "UPDATE alembic_version"  # when the first of the migrations is done
PATIENCE = 60  # seconds; a machine that runs many tests at once is slow


@pytest.fixture
def machine(released: Installation, settings: Settings) -> Settings:
    more = {"backup": True, "postgresql_programs": postgresql_programs()}
    return replace(settings, instance=released.instance, database_url=released.url, **more)  # type: ignore[arg-type]


def test_one_machine_migrates_and_the_other_waits_for_it(machine: Settings, before: Rows) -> None:
    with updating(machine, Moment(begins=MIDDLE)) as first:
        assert first.moment.resting.wait(PATIENCE)
        with updating(machine) as second:
            wait(lambda: second.moment.reached.value > 0)
            if machine.database_url.startswith("postgresql"):
                wait(lambda: waiting_for_the_turn(machine.database_url) == 1)
            assert second.process.is_alive()
            first.moment.go_on.set()
            assert (first.ends(), second.ends()) == (0, 0)
    after = rows_in(machine.database_url)
    assert len(after["booking"]) == len(before["booking"])
    assert len(after["alembic_version"]) == 1
    assert len(list(machine.backup_folder.iterdir())) == 1  # whoever waited has nothing to keep


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_turn_the_second_one_fails(machine: Settings) -> None:
    """The control: another number is another turn."""
    with updating(machine, Moment(begins=MIDDLE)) as first:
        assert first.moment.resting.wait(PATIENCE)
        with updating(machine, TURN_NUMBER=1) as second:
            wait(lambda: waiting_for_a_lock(machine.database_url) > 0)
            first.moment.go_on.set()
            assert first.ends() == 0
            assert second.ends() not in (0, REFUSED)


def test_who_waits_too_long_is_refused_in_words(machine: Settings) -> None:
    with updating(machine, Moment(begins=MIDDLE)) as first:
        assert first.moment.resting.wait(PATIENCE)
        with updating(machine, TURN=1) as second:
            assert second.ends() == REFUSED
        first.moment.go_on.set()
        assert first.ends() == 0


def test_a_database_that_somebody_uses_stays_as_it_was(machine: Settings, before: Rows) -> None:
    """On PostgreSQL even a report that only reads is in the way of changing its tables."""
    schema = schema_of(machine.database_url)
    with in_use(machine.database_url), updating(machine, TURN=1, LOCK=1) as update:
        assert update.ends() == REFUSED
    assert schema_of(machine.database_url) == schema
    assert rows_in(machine.database_url) == before
    with updating(machine) as update:
        assert update.ends() == 0


@contextmanager
def in_use(url: str) -> Iterator[None]:
    engine = create_engine(url)
    with closing(engine.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute("BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "SELECT count(*) FROM booking")
        yield
        raw.rollback()
    engine.dispose()


def waiting_for_the_turn(url: str) -> int:
    return _waiting(url, "locktype = 'advisory'")


def waiting_for_a_lock(url: str) -> int:
    return _waiting(url, "true")


def _waiting(url: str, which: str) -> int:
    mine = "JOIN pg_stat_activity USING (pid) WHERE datname = current_database() AND NOT granted"
    with connected(url) as server:
        row = server.execute(f"SELECT count(*) FROM pg_locks {mine} AND {which}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
