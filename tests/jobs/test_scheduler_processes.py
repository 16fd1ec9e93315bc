"""Schedulers as real processes on one database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.config import Settings
from queue_app.domain.clock import SystemClock
from queue_app.models import JobLease, OutboxMessage
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.serving import is_alive
from tests.harness.source import ROOT
from tests.jobs.test_scheduler import wait_for

# The real process, with a lease of 3 s instead of 30, on the system's clock moved to the week the tests live in.
PROGRAM = """
import logging, os, sys
from datetime import timedelta
from pathlib import Path
from queue_app import create_app
from queue_app.config import Settings
from queue_app.domain.clock import SystemClock
from queue_app.jobs import registry, scheduler
from queue_app.services.records import leases

class MovedClock(SystemClock):
    def now(self):
        return super().now() + timedelta(seconds=float(sys.argv[5]))

    def agrees_with(self, database_time):
        return True  # else it would be PostgreSQL's, which nobody has moved

leases.LEASE, scheduler.RENEW_EVERY, scheduler.TRY_EVERY = timedelta(seconds=3), 0.5, 0.3
logging.basicConfig(level=logging.INFO)
folder, url, diary, parent = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])

def write() -> int:
    with diary.open("a") as file:
        file.write(f"{os.getpid()}\\n")
    return 1

jobs = [registry.Job("diary", timedelta(seconds=0.2), write, "notes who works"), *registry.JOBS]
app = create_app(Settings(instance=folder, database_url=url), clock=MovedClock())
scheduler.run_scheduler(app, parent=parent or None, jobs=jobs)
"""

# Starts the scheduler, tells its process id, and does nothing more until it is killed.
PARENT = """
import os, subprocess, sys, time
arguments = [*sys.argv[2:6], str(os.getpid()), sys.argv[6]]
child = subprocess.Popen([sys.executable, "-c", *arguments])
os.write(int(sys.argv[1]), f"{child.pid}\\n".encode())
time.sleep(60)
"""


@dataclass
class Schedulers:
    settings: Settings
    diary: Path
    moved_by: float  # seconds
    started: list[subprocess.Popen[bytes]]

    def start(self, *, parent: int = 0) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", PROGRAM, self.settings.instance, self.settings.database_url, self.diary]
        process = subprocess.Popen([*command, str(parent), str(self.moved_by)], cwd=ROOT, stderr=subprocess.PIPE)
        self.started.append(process)
        return process

    def workers(self) -> list[int]:
        """The processes that worked, one entry for each run of the diary."""
        return [int(line) for line in self.diary.read_text().split()] if self.diary.exists() else []

    def worked_since(self, runs: int) -> set[int]:
        return set(self.workers()[runs:])


@pytest.fixture
def schedulers(settings: Settings, tmp_path: Path) -> Iterator[Schedulers]:
    """Starts schedulers; those still alive at the end are killed."""
    moved_by = (MONDAY_MORNING - SystemClock().now()).total_seconds()
    schedulers = Schedulers(settings, tmp_path / "diary.txt", moved_by, [])
    yield schedulers
    for process in schedulers.started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.slow
def test_of_two_processes_one_works_and_the_other_takes_over_when_it_is_killed(
    schedulers: Schedulers, session: Session
) -> None:
    first = schedulers.start()
    wait_for(lambda: len(schedulers.workers()) > 2, 20)
    second = schedulers.start()
    time.sleep(4)
    assert set(schedulers.workers()) == {first.pid}

    first.kill()
    first.wait()
    runs = len(schedulers.workers())
    wait_for(lambda: second.pid in schedulers.worked_since(runs), 20)
    holder = session.scalars(select(JobLease.holder)).one()
    assert f":{second.pid}:" in holder


@pytest.mark.slow
def test_a_scheduler_told_to_end_gives_its_lease_back(schedulers: Schedulers, session: Session) -> None:
    first = schedulers.start()
    wait_for(lambda: schedulers.workers(), 20)
    first.send_signal(signal.SIGTERM)
    assert first.wait(20) == 0
    now = SystemClock().now() + timedelta(seconds=schedulers.moved_by)
    assert session.scalars(select(JobLease.until)).one() <= now, "the next one need not wait for it to run out"
    second = schedulers.start()
    wait_for(lambda: second.pid in schedulers.workers(), 20)
    second.send_signal(signal.SIGINT)
    assert second.wait(20) == 0


@pytest.mark.slow
def test_two_processes_send_each_message_once(
    schedulers: Schedulers,
    session: Session,
    book: Callable[..., object],
    messages: Callable[[], list[OutboxMessage]],
) -> None:
    for slot in (0, 0, 1, 1):
        book(slot=slot)
    for _ in range(2):
        schedulers.start()
    wait_for(lambda: schedulers.workers(), 20)
    wait_for(lambda: all(message.state not in ("queued", "sending") for message in messages()), 20)
    assert [message.attempts for message in messages()] == [1] * 4


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # which database it is makes no difference
def test_a_scheduler_ends_with_its_parent(schedulers: Schedulers) -> None:
    read, write = os.pipe()
    settings = schedulers.settings
    arguments = [settings.instance, settings.database_url, schedulers.diary, str(schedulers.moved_by)]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(write), PROGRAM, *arguments],
        cwd=ROOT,
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        child = int(pipe.readline())
    wait_for(lambda: child in schedulers.workers(), 20)
    parent.kill()
    parent.wait()
    wait_for(lambda: not is_alive(child), 8)
