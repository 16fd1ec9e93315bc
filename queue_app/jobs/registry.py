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

from queue_app.adapters.senders import SendingFailed
from queue_app.db import unit_of_work
from queue_app.services.records import leases

from .context import now
from .outbox import send_outbox
from .steps import (
    carry_out_closures,
    end_days,
    lapse_offers,
    make_days,
    mark_no_shows,
    propose_holidays,
    purge,
    queue_reminders,
    seal_audit,
    tell_of_breaches,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """An idempotent sweep that returns how many things it did, run ``every`` so often and at every start."""

    name: str
    every: timedelta
    sweep: Callable[[], int]
    description: str


JOBS: tuple[Job, ...] = (
    Job("propose-holidays", timedelta(hours=6), propose_holidays, "propose the holidays of years not yet decided"),
    Job("make-days", timedelta(hours=1), make_days, "make the days up to the booking horizon from the schedules"),
    Job("queue-reminders", timedelta(minutes=1), queue_reminders, "queue the reminders that have become due"),
    Job("carry-out-closures", timedelta(seconds=5), carry_out_closures, "offer other places to those of closed days"),
    Job("tell-of-breaches", timedelta(minutes=1), tell_of_breaches, "write to those whose data was not protected"),
    Job("lapse-offers", timedelta(minutes=1), lapse_offers, "give back the places that nobody accepted in time"),
    Job("send-outbox", timedelta(seconds=10), send_outbox, "send the messages that are due"),
    Job("mark-no-shows", timedelta(minutes=5), mark_no_shows, "void the tickets of those who never came"),
    Job("end-days", timedelta(minutes=5), end_days, "end the visits of days that are over, and free the counters"),
    Job("seal-audit", timedelta(seconds=15), seal_audit, "seal new audit rows into the hash chain"),
    Job("purge", timedelta(hours=6), purge, "delete personal data that is past its retention"),
)


class JobFailed(Exception):
    """A run that ended with an error: the text names the job, the kind of error and its place, no data."""


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
    """Run a job, and record and log how it ended. Raises JobFailed."""
    with app.app_context():
        try:
            with unit_of_work() as session:
                leases.record_start(session, job.name, now=now())
            done = job.sweep()
        except Exception as fault:
            text = describe(fault)
            log.error("job %s failed: %s", job.name, text)
            _record_end(job, done=None, error=text)
            raise JobFailed(f"{job.name}: {text}") from fault
        _record_end(job, done=done, error=None)
        if done:
            log.info("job %s did %d", job.name, done)
        return done


def describe(fault: Exception) -> str:
    """The kind of an error and where it arose. Not its message: those of the database quote what was stored."""
    if isinstance(fault, SendingFailed):
        return f"{type(fault).__name__}: {fault}"
    own = [frame for frame in extract_tb(fault.__traceback__) if "queue_app" in Path(frame.filename).parts]
    place = f" at {Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
    return type(fault).__name__ + place


def _record_end(job: Job, *, done: int | None, error: str | None) -> None:
    try:
        with unit_of_work() as session:
            leases.record_end(session, job.name, done=done, error=error, now=now())
    except SQLAlchemyError as fault:
        log.error("the end of job %s is not recorded: %s", job.name, type(fault).__name__)
