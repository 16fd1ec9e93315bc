"""The scheduler process: any number may run, the one that holds the lease in the database works.

APScheduler only ticks. What is due stands in the tables, so nothing is lost while no scheduler runs, and a job that
runs twice does nothing the second time.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from queue_app.db import db, unit_of_work
from queue_app.domain.clock import Clock, SystemClock
from queue_app.domain.keyring import KeysDoNotFit
from queue_app.migrating import DatabaseOlder, require_current
from queue_app.services.records import leases
from queue_app.services.records.key_checks import require_keys

from .anchors import write_anchor
from .context import STOPPING
from .registry import JOBS, Job, JobFailed, perform
from .threads import DaemonThreads

log = logging.getLogger(__name__)

LEASE_NAME = "scheduler"
RENEW_EVERY = 10.0  # seconds; a third of the lease
TRY_EVERY = 5.0  # seconds between tries of one that waits for the lease, or for the database
REST = 0.25  # seconds: how soon a signal or the death of the parent is noticed
JUMP = timedelta(seconds=5)  # the wall clock against the steady one


def run_scheduler(app: Flask, *, parent: int | None = None, jobs: Sequence[Job] = JOBS) -> None:
    """Work until SIGTERM or SIGINT, or until the process ``parent`` (an id) is no longer the parent of this one."""
    SchedulerProcess(app, parent=parent, jobs=jobs).run()


class Every(BaseTrigger):
    """Run again so long after this run.

    APScheduler's own interval counts on from the last planned run: after a jump of the clock from 1970 (a small
    computer without battery) it would count through half a century of ten-second steps first.
    """

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now if previous_fire_time is None else now + self._interval


class ClockWatch:
    """Notices when the wall clock was set: it moved on by more or less time than passed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall, self._steady = clock.now(), time.monotonic()

    def has_jumped(self) -> bool:
        """Whether it was set since the last call."""
        wall, steady = self._clock.now(), time.monotonic()
        jump = (wall - self._wall) - timedelta(seconds=steady - self._steady)
        self._wall, self._steady = wall, steady
        return abs(jump) > JUMP


class SchedulerProcess:
    def __init__(self, app: Flask, *, parent: int | None, jobs: Sequence[Job]) -> None:
        self._app, self._parent, self._jobs = app, parent, jobs
        self._clock: Clock = app.extensions["clock"]
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stopping = app.extensions[STOPPING] = threading.Event()
        self._watch = ClockWatch(self._clock)
        self._works = self._fitted = False
        self._trouble: str | None = None
        # One skipped run of a job that is still busy needs no warning, and errors are logged where they arise.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._ticker = BackgroundScheduler(
            timezone="UTC",
            executors={"default": DaemonThreads()},
            # No grace time: by default a run that is a second late would be dropped silently.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for job in jobs:
            self._ticker.add_job(self._tick, Every(job.every), args=[job], id=job.name)

    def run(self) -> None:
        self._catch_signals()
        self._ticker.start(paused=True)
        try:
            while not self._must_end():
                self._beat()
                self._rest(RENEW_EVERY if self._works else TRY_EVERY)
        finally:
            self._end()

    def _beat(self) -> None:
        """Take or renew the lease, and start or pause the work accordingly."""
        held, jumped = self._hold_lease(), self._watch.has_jumped()
        if held and not self._works:
            log.info("scheduler %s holds the lease and works", self._holder)
            self._ticker.resume()
        if held and (jumped or not self._works):
            self._run_all_now()
        if not held and self._works:
            log.warning("scheduler %s lost the lease and waits", self._holder)
            self._ticker.pause()
        self._works = held

    def _run_all_now(self) -> None:
        """Catch up; also after the clock was set back, when the next runs would lie hours ahead."""
        for job in self._jobs:
            self._ticker.modify_job(job.name, next_run_time=SystemClock().now())

    def _tick(self, job: Job) -> None:
        # Asked again before each run: this process may have been frozen for longer than its lease.
        if self._stopping.is_set() or not self._hold_lease():
            return
        try:
            perform(self._app, job)
        except JobFailed:
            return  # recorded and logged; the other jobs and the next run go on

    def _hold_lease(self) -> bool:
        """False when another one holds it, or when the database does not answer or is not migrated yet."""
        try:
            if not self._works:
                self._require_fit()
            with self._app.app_context(), unit_of_work() as session:
                held = leases.take_lease(session, LEASE_NAME, self._holder, now=self._clock.now())
        except SQLAlchemyError as fault:
            self._report(f"it does not answer ({type(fault).__name__})")
            return False
        except DatabaseOlder:
            self._report("its tables are older than this program")
            return False
        except KeysDoNotFit:
            if not self._fitted:
                raise
            self._report("its keys were replaced, and this machine's key file is an old one")
            return False
        self._fitted = True
        self._report(None)
        return held

    def _require_fit(self) -> None:
        """Before the work begins, whenever it does: while this process waited the database may have become another.

        A newer one or other keys end a process that never worked (DatabaseUnfit, KeysDoNotFit); an older one is about
        to be migrated by whoever serves.
        """
        with self._app.app_context():
            with db.engine.connect() as connection:
                require_current(connection)
            try:
                file = self._app.extensions["settings"].keys_file
                self._app.extensions["keys"].follow(db.session())
                require_keys(db.session(), self._app.extensions["keyring"], file=file)
            finally:
                db.session.remove()

    def _report(self, trouble: str | None) -> None:
        """Log when the database goes away and when it is back, not at every try in between."""
        if trouble and not self._trouble:
            log.warning("the scheduler cannot use the database and keeps trying: %s", trouble)
        elif self._trouble and not trouble:
            log.warning("the scheduler uses the database again")
        self._trouble = trouble

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._must_end():
            time.sleep(REST)

    def _must_end(self) -> bool:
        orphaned = self._parent is not None and os.getppid() != self._parent
        return orphaned or self._stopping.is_set()

    def _end(self) -> None:
        self._stopping.set()  # long sweeps end between two things
        self._ticker.shutdown(wait=True)
        if not self._works:
            return
        try:
            with self._app.app_context():
                write_anchor()
        except (SQLAlchemyError, OSError) as fault:
            log.warning("the end of the audit chain could not be written down: %s", type(fault).__name__)
        try:
            with self._app.app_context(), unit_of_work() as session:
                leases.release_lease(session, LEASE_NAME, self._holder, now=self._clock.now())
        except SQLAlchemyError as fault:
            log.warning("the lease could not be given back: %s", type(fault).__name__)

    def _catch_signals(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self._stopping.set())
