"""The scheduler's parts: the lease, the trigger, the watch on the clock, and one process in a thread."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from queue_app.adapters.anchor_file import AnchorFolder
from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.jobs import scheduler
from queue_app.jobs.context import STOPPING
from queue_app.jobs.registry import Job
from queue_app.jobs.scheduler import ClockWatch, Every, SchedulerProcess, run_scheduler
from queue_app.models import JobLease, JobRun
from queue_app.services.records import audit, leases
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@contextmanager
def running(app: Flask, *jobs: Job) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=run_scheduler, args=[app], kwargs={"jobs": jobs})
    thread.start()
    try:
        yield thread
    finally:
        wait_for(lambda: STOPPING in app.extensions)
        app.extensions[STOPPING].set()
        thread.join(15)
        assert not thread.is_alive()


def wait_for(condition: Callable[[], object], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def counting(name: str = "count", every: timedelta = timedelta(hours=1)) -> tuple[Job, list[int]]:
    runs: list[int] = []
    return Job(name, every, lambda: runs.append(1) or 1, "counts its runs"), runs


def test_the_next_run_follows_this_one_whatever_the_clock_did() -> None:
    trigger = Every(timedelta(seconds=10))
    assert trigger.get_next_fire_time(None, NOW) == NOW
    assert trigger.get_next_fire_time(NOW, NOW) == NOW + timedelta(seconds=10)
    after_fifty_years = NOW + timedelta(days=50 * 365)
    assert trigger.get_next_fire_time(NOW, after_fifty_years) == after_fifty_years + timedelta(seconds=10)
    assert trigger.get_next_fire_time(NOW, NOW - timedelta(days=1)) < NOW


def test_a_clock_that_is_set_is_noticed(clock: FixedClock) -> None:
    watch = ClockWatch(clock)
    assert not watch.has_jumped()
    clock.advance(seconds=4)
    assert not watch.has_jumped()
    clock.advance(hours=1)
    assert watch.has_jumped()
    assert not watch.has_jumped()
    clock.advance(days=-1)
    assert watch.has_jumped()


def test_one_of_two_holds_the_lease_until_it_ends(session: Session) -> None:
    assert leases.take_lease(session, "scheduler", "one", now=NOW)
    assert not leases.take_lease(session, "scheduler", "two", now=NOW)
    assert leases.take_lease(session, "scheduler", "one", now=NOW + timedelta(seconds=10))
    assert not leases.take_lease(session, "scheduler", "two", now=NOW + timedelta(seconds=39))
    assert leases.take_lease(session, "scheduler", "two", now=NOW + timedelta(seconds=40))
    assert not leases.take_lease(session, "scheduler", "one", now=NOW + timedelta(seconds=41))
    leases.release_lease(session, "scheduler", "one", now=NOW + timedelta(seconds=41))
    assert not leases.take_lease(session, "scheduler", "one", now=NOW + timedelta(seconds=42))
    leases.release_lease(session, "scheduler", "two", now=NOW + timedelta(seconds=43))
    assert leases.take_lease(session, "scheduler", "one", now=NOW + timedelta(seconds=43))


def test_a_lease_taken_by_a_clock_that_ran_ahead_locks_nobody_out(session: Session) -> None:
    assert leases.take_lease(session, "scheduler", "one", now=NOW + timedelta(days=1))
    assert leases.take_lease(session, "scheduler", "two", now=NOW)


def test_all_jobs_run_at_the_start_and_the_lease_is_given_back(app: Flask, session: Session) -> None:
    (first, runs), (second, others) = counting("first"), counting("second")
    with running(app, first, second):
        wait_for(lambda: runs and others)
        assert session.get_one(JobLease, "scheduler").until == NOW + leases.LEASE
        session.rollback()
    session.expire_all()
    assert session.get_one(JobLease, "scheduler").until == NOW
    assert (len(runs), len(others)) == (1, 1)


def test_the_end_of_the_audit_chain_is_written_down_at_the_end(
    app: Flask, session: Session, settings: Settings, keyring: FileKeyring
) -> None:
    job, runs = counting()
    with running(app, job):
        wait_for(lambda: runs)
        audit.record(session, "office.updated", "office", 1, actor=TESTER, now=NOW)
        session.flush()
        audit.seal_entries(session, keyring=keyring, now=NOW)
        session.commit()
    assert [anchor.sequence for anchor in AnchorFolder(settings.anchors_folder, keyring).read()[0]] == [1]


def test_jobs_come_back_after_their_time(app: Flask) -> None:
    job, runs = counting(every=timedelta(seconds=0.2))
    with running(app, job):
        wait_for(lambda: len(runs) >= 3)


def test_a_failing_job_does_not_stop_the_others(app: Flask, session: Session) -> None:
    def fail() -> int:
        raise RuntimeError("Siti")

    job, runs = counting(every=timedelta(seconds=0.2))
    with running(app, Job("broken", timedelta(seconds=0.1), fail, "fails"), job):
        wait_for(lambda: len(runs) >= 3)
    row = session.get_one(JobRun, "broken")
    assert row.error is not None
    assert row.error.startswith("RuntimeError at test_scheduler.py") or row.error.startswith("RuntimeError at")


def test_without_the_lease_nothing_runs(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "TRY_EVERY", 0.2)
    leases.take_lease(session, "scheduler", "another", now=NOW)
    session.commit()
    job, runs = counting(every=timedelta(seconds=0.1))
    with running(app, job):
        time.sleep(1)
        assert not runs
        leases.release_lease(session, "scheduler", "another", now=NOW)
        session.commit()
        wait_for(lambda: runs)


def test_a_lost_lease_is_noticed_before_the_next_run(app: Flask, session: Session) -> None:
    job, runs = counting()
    process = SchedulerProcess(app, parent=None, jobs=[job])
    process._tick(job)
    assert len(runs) == 1
    session.get_one(JobLease, "scheduler").holder = "another"
    session.commit()
    process._tick(job)
    assert len(runs) == 1


def test_after_the_clock_was_set_back_the_jobs_do_not_wait_for_it(
    app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "RENEW_EVERY", 0.2)
    job, runs = counting()
    with running(app, job):
        wait_for(lambda: len(runs) == 1)
        clock.advance(days=-1)
        wait_for(lambda: len(runs) == 2)


def test_a_database_that_goes_away_is_waited_for(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(scheduler, "RENEW_EVERY", 0.2)
    monkeypatch.setattr(scheduler, "TRY_EVERY", 0.2)
    away = threading.Event()
    take_lease = leases.take_lease

    def take_if_there(*arguments: object, **keywords: object) -> bool:
        if away.is_set():
            raise OperationalError("SELECT 1", {"phone": "+6281234567890"}, Exception("gone"))
        return take_lease(*arguments, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(leases, "take_lease", take_if_there)
    job, runs = counting(every=timedelta(seconds=0.1))
    with running(app, job):
        wait_for(lambda: runs)
        away.set()
        time.sleep(0.8)
        before = len(runs)
        time.sleep(0.6)
        assert len(runs) == before
        away.clear()
        wait_for(lambda: len(runs) > before)
    assert caplog.text.count("cannot use the database") == 1
    assert "+62" not in caplog.text


def test_a_database_without_tables_is_waited_for(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "TRY_EVERY", 0.2)
    session.execute(text("ALTER TABLE job_lease RENAME TO not_there_yet"))
    session.commit()
    job, runs = counting()
    with running(app, job):
        time.sleep(0.6)
        ran_without = len(runs)
        # Put back before anything is asserted: the tests after this one share the PostgreSQL database.
        session.execute(text("ALTER TABLE not_there_yet RENAME TO job_lease"))
        session.commit()
        assert ran_without == 0
        wait_for(lambda: runs)


def test_a_job_that_hangs_does_not_keep_the_process_alive(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queue_app.jobs.threads.PATIENCE", 0.3)
    hung, go_on = threading.Event(), threading.Event()

    def hang() -> int:
        hung.set()
        go_on.wait(20)
        return 0

    started = time.monotonic()
    with running(app, Job("hang", timedelta(hours=1), hang, "hangs")):
        wait_for(hung.is_set)
    assert time.monotonic() - started < 8
    go_on.set()
    wait_for(lambda: not any(thread.name == "job hang" for thread in threading.enumerate()))
