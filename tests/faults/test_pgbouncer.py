"""A pooler in transaction mode stands before PostgreSQL: each transaction may meet another connection to the server.

What lasts longer than a transaction (a prepared statement, a setting, a lock of the session) is then gone, or somebody
else's. psycopg prepares what it has sent five times, so each thing is done often enough.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from queue_app.config import Settings
from queue_app.db import db
from queue_app.jobs.registry import JOBS
from queue_app.models import JobRun
from tests.concurrency.races import assert_sound
from tests.conftest import unavailable
from tests.faults.endless import EndlessRush
from tests.faults.ledger import compare
from tests.harness import pgbouncer
from tests.harness.backups import Installation, postgresql_programs
from tests.harness.databases import PostgresqlDatabase
from tests.harness.source import ROOT

pytestmark = pytest.mark.postgresql

POOL = 4  # connections to the server, for all
CLIENTS, PLACES, PEOPLE, OFTEN = 16, 2_000, 400, 12
PATIENCE = 90  # seconds

# The real scheduler, whose jobs come round in half a second; it notes each of them that ended well.
SCHEDULER = """
import os, sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from queue_app import create_app
from queue_app.config import Settings
from queue_app.jobs import registry, scheduler
from queue_app.services.records import leases

leases.LEASE, scheduler.RENEW_EVERY, scheduler.TRY_EVERY = timedelta(seconds=3), 0.5, 0.3
folder, diary, programs = (Path(word) for word in sys.argv[1:4])
url, direct = sys.argv[4:]

def noted(job):
    def sweep():
        done = job.sweep()
        with diary.open("a") as file:
            file.write(f"{os.getpid()} {job.name}\\n")
        return done
    return replace(job, sweep=sweep, every=timedelta(seconds=0.5))

places = dict(database_url=url, direct_database_url=direct, postgresql_programs=programs)
app = create_app(Settings(instance=folder, **places))
scheduler.run_scheduler(app, jobs=[noted(job) for job in registry.JOBS])
"""


@pytest.fixture
def direct_url(postgresql_database: PostgresqlDatabase | str) -> str:
    if isinstance(postgresql_database, str):
        unavailable(postgresql_database)
    postgresql_database.empty()
    return postgresql_database.url


@pytest.fixture
def database_url(direct_url: str) -> Iterator[str]:
    """In the place of the common one: all of the product, and who observes it, go through the pooler."""
    program = pgbouncer.find_pgbouncer()
    if program is None:
        unavailable(pgbouncer.MISSING)
    with pgbouncer.pgbouncer(program, direct_url, pool_size=POOL) as url:
        yield url


class Schedulers:
    """Scheduler processes, and what they have done."""

    def __init__(self, settings: Settings, direct_url: str, folder: Path) -> None:
        self._direct_url = direct_url
        self._settings, self._diary, self.log = settings, folder / "diary", folder / "scheduler.log"
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        programs = postgresql_programs()
        assert programs is not None  # they come with the server that is started for the run
        places = [self._settings.instance, self._diary, programs, self._settings.database_url, self._direct_url]
        command = [sys.executable, "-c", SCHEDULER, *places]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=log)
        self.running.append(process)
        return process

    def done_by(self, process: subprocess.Popen[bytes]) -> Counter[str]:
        lines = self._diary.read_text().splitlines() if self._diary.exists() else []
        return Counter(line.split()[1] for line in lines if line.split()[0] == str(process.pid))

    def wait_until_all_jobs_ran(self, process: subprocess.Popen[bytes], times: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while not all(self.done_by(process)[job.name] >= times for job in JOBS):
            assert time.monotonic() < deadline, (self.done_by(process), self.log.read_text()[-3000:])
            time.sleep(0.1)


@pytest.fixture
def schedulers(settings: Settings, direct_url: str, tmp_path: Path) -> Iterator[Schedulers]:
    found = Schedulers(settings, direct_url, tmp_path)
    yield found
    for process in found.running:
        process.kill()
        process.wait()


def failed_jobs(app: Flask) -> dict[str, str]:
    with app.app_context():
        rows = db.session.execute(select(JobRun.name, JobRun.error).where(JobRun.error.is_not(None))).all()
        db.session.rollback()
    return {name: str(error) for name, error in rows}


def test_a_rush_and_all_jobs_through_a_few_connections(
    opened: Callable[..., list[int]], trial: Any, wish: Any, app: Flask, schedulers: Schedulers
) -> None:
    slots = opened(capacity=PLACES, hours=(8, 9))
    rush = EndlessRush(wish, slots, ("/", "/api/v1/availability?office=sragen&service=KTP_REKAM"))
    with trial() as running:
        first = schedulers.start()
        with running.crowd.doing(rush.tasks(), CLIENTS):
            running.server.wait(lambda: rush.count(201) >= PEOPLE)
            rush.end()
        schedulers.wait_until_all_jobs_ran(first, OFTEN)
        second = schedulers.start()
        first.send_signal(signal.SIGKILL)  # without giving the lease back: no lock of a session is left behind
        schedulers.wait_until_all_jobs_ran(second, OFTEN)
        second.send_signal(signal.SIGTERM)
        assert second.wait(PATIENCE) == 0
    assert not failed_jobs(app), schedulers.log.read_text()[-3000:]
    assert "ERROR" not in schedulers.log.read_text()
    assert {answer.status for answer in rush.answers} == {201}
    assert {view.status for view in rush.views} == {200}
    compare(running.app, running.crowd.folder)
    assert_sound(running.app)


def test_two_schedulers_and_one_works(app: Flask, schedulers: Schedulers, opened: Callable[..., list[int]]) -> None:
    opened(capacity=1)
    first = schedulers.start()
    schedulers.wait_until_all_jobs_ran(first, 1)
    second = schedulers.start()
    schedulers.wait_until_all_jobs_ran(first, 6)
    assert not schedulers.done_by(second)


def test_a_backup_goes_past_the_pooler_or_is_refused(app: Flask, settings: Settings, direct_url: str) -> None:
    """`pg_dump` empties the search path of its session, which the pooler then gives to others: they find no table."""
    place = Installation.of(settings)
    file = settings.instance / "backup.zip"
    assert "QUEUE_APP_DIRECT_DATABASE_URL" in place.run("backup", str(file), fails=True)
    assert not file.exists()
    past = replace(place, more=(("QUEUE_APP_DIRECT_DATABASE_URL", direct_url),))
    past.run("backup", str(file))
    assert "postgresql" in past.run("verify-backup", str(file))
    with app.app_context():
        for _ in range(3 * POOL):
            db.session.execute(select(JobRun)).all()
            db.session.rollback()


def test_a_transaction_may_meet_any_of_the_connections(app: Flask) -> None:
    """Else none of these tests would show anything."""
    with app.app_context():
        met = set()
        for _ in range(2 * POOL):
            with db.engine.connect() as one, db.engine.connect() as other:
                met |= {one.scalar(text("SELECT pg_backend_pid()")), other.scalar(text("SELECT pg_backend_pid()"))}
    assert len(met) > 1
