"""The one list of jobs, and how one of them is run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from traceback import extract_tb

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from queue_app.adapters.backup import BackupFailed
from queue_app.adapters.correlation import because_of, new_id
from queue_app.adapters.senders import SendingFailed
from queue_app.db import unit_of_work
from queue_app.domain.clock_trust import WAITS
from queue_app.domain.keyring import KeysDoNotFit
from queue_app.queries.records import restorations
from queue_app.services.records import leases

from .anchors import anchor_audit
from .backup import back_up
from .context import CLOCK_SAID, ClockInDoubt, clock, now, reading, require_trusted_clock
from .figures import count_days
from .keys import finish_key_change
from .outbox import send_outbox
from .steps import (
    carry_out_closures,
    end_days,
    end_sessions_ahead,
    forget_attempts,
    lapse_offers,
    make_days,
    mark_no_shows,
    propose_holidays,
    purge,
    queue_reminders,
    queue_survey_invitations,
    release_shares,
    seal_audit,
    tell_of_breaches,
)
from .webhooks import send_webhooks

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """An idempotent sweep that returns how many things it did, run ``every`` so often and at every start.

    ``by_the_clock``: what it does goes by the time and cannot be undone, so it waits while the clock is doubted.
    """

    name: str
    every: timedelta
    sweep: Callable[[], int]
    description: str
    by_the_clock: bool = True
    decides: bool = False  # about people, by what is stored: after a restore not before somebody has looked


JOBS: tuple[Job, ...] = (
    Job("propose-holidays", timedelta(hours=6), propose_holidays, "propose the holidays of years not yet decided"),
    Job("make-days", timedelta(hours=1), make_days, "make the days up to the booking horizon from the schedules"),
    Job("release-shares", timedelta(minutes=1), release_shares, "release what shares have left, at the hours set"),
    Job("queue-reminders", timedelta(minutes=1), queue_reminders, "queue the reminders that have become due"),
    Job(
        "queue-survey-invitations",
        timedelta(minutes=5),
        queue_survey_invitations,
        "ask those who were served today how it was",
    ),
    Job(
        "carry-out-closures",
        timedelta(seconds=5),
        carry_out_closures,
        "offer other places to those of closed days",
        decides=True,
    ),
    Job("tell-of-breaches", timedelta(minutes=1), tell_of_breaches, "write to those whose data was not protected"),
    Job(
        "lapse-offers",
        timedelta(minutes=1),
        lapse_offers,
        "give back the places that nobody accepted in time",
        decides=True,
    ),
    Job("send-outbox", timedelta(seconds=10), send_outbox, "send the messages that are due"),
    Job("mark-no-shows", timedelta(minutes=5), mark_no_shows, "void the tickets of those who never came", decides=True),
    Job(
        "end-days",
        timedelta(minutes=5),
        end_days,
        "end the visits of days that are over, and free the counters",
        decides=True,
    ),
    Job("count-days", timedelta(hours=1), count_days, "count the figures of days that are over, or were changed since"),
    Job("seal-audit", timedelta(seconds=15), seal_audit, "seal new audit rows into the hash chain", by_the_clock=False),
    Job(
        "anchor-audit",
        timedelta(hours=1),
        anchor_audit,
        "write down the end of the hash chain outside the database",
        by_the_clock=False,
    ),
    Job("send-webhooks", timedelta(seconds=10), send_webhooks, "tell partners by webhook what has happened"),
    Job("forget-attempts", timedelta(minutes=10), forget_attempts, "forget attempts at passwords and codes"),
    Job("end-sessions-ahead", timedelta(minutes=1), end_sessions_ahead, "end log-ins made while the clock was ahead"),
    Job("finish-key-change", timedelta(hours=1), finish_key_change, "take former keys out of use, after rotate-keys"),
    Job("backup", timedelta(minutes=10), back_up, "make the backup of the night, and remove the oldest ones"),
    Job("purge", timedelta(hours=6), purge, "delete personal data that is past its retention"),
)


class JobFailed(Exception):
    """A run that ended with an error: the text names the job, the kind of error and its place, no data."""


class JobWaits(JobFailed):
    """A run that did nothing, or no more, because the clock is doubted."""


def find_job(name: str, jobs: Iterable[Job] = JOBS) -> Job:
    """Raises KeyError with the names there are."""
    by_name = {job.name: job for job in jobs}
    if name not in by_name:
        raise KeyError(f"No job is called {name!r}; there are: {', '.join(by_name)}.")
    return by_name[name]


def run_job(app: Flask, name: str) -> int:
    """Run a job now and return how many things it did. Raises KeyError for an unknown name, JobFailed."""
    return perform(app, find_job(name))


def perform(app: Flask, job: Job) -> int:
    """Run a job, and record and log how it ended. Raises JobFailed, JobWaits."""
    before = None
    with because_of("job_run_id", new_id()), app.app_context():
        try:
            with unit_of_work() as session:
                before = leases.record_start(session, job.name, now=now())
            if job.by_the_clock:
                require_trusted_clock()
            done = 0 if job.decides and _waits_for_acknowledgement() else job.sweep()
        except ClockInDoubt as wait:
            _record_end(job, done=None, error=f"{WAITS} ({wait.doubt})")
            raise JobWaits(f"{job.name} {CLOCK_SAID[wait.doubt]}") from None
        except Exception as fault:
            text = describe(fault)
            if not (isinstance(fault, BackupFailed) and text == before):  # said once: it stands on the page, too
                log.error("job %s failed: %s", job.name, text)
            _record_end(job, done=None, error=text)
            raise JobFailed(f"{job.name}: {text}") from fault
        _record_end(job, done=done, error=None)
        if done:
            log.info("job %s did %d", job.name, done)
        return done


def describe(fault: Exception) -> str:
    """The kind of an error and where it arose. Not its message: those of the database quote what was stored."""
    if isinstance(fault, SendingFailed | BackupFailed):
        return f"{type(fault).__name__}: {fault}"
    own = [frame for frame in extract_tb(fault.__traceback__) if "queue_app" in Path(frame.filename).parts]
    place = f" at {Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
    return type(fault).__name__ + place


def _waits_for_acknowledgement() -> bool:
    with reading() as session:
        return restorations.decisions_wait(session, now=now())


def _record_end(job: Job, *, done: int | None, error: str | None) -> None:
    try:
        with unit_of_work() as session:
            leases.record_end(session, job.name, done=done, error=error, now=clock().now())
    except (SQLAlchemyError, KeysDoNotFit) as fault:
        log.error("the end of job %s is not recorded: %s", job.name, type(fault).__name__)
