"""The scheduler's lease: of any number of processes one works."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from queue_app.models import JobLease, JobRun

from .upsert import insert_if_absent

LEASE = timedelta(seconds=30)
FAR_AHEAD = timedelta(minutes=5)  # a lease further ahead was taken by a clock that has since been set back


def take_lease(session: Session, name: str, holder: str, *, now: datetime) -> bool:
    """Take or renew the lease; False while another holder's runs. One conditional statement decides."""
    if insert_if_absent(session, JobLease, ["name"], name=name, holder=holder, until=now + LEASE):
        return True
    free = or_(JobLease.holder == holder, JobLease.until <= now, JobLease.until > now + FAR_AHEAD)
    won = session.execute(
        update(JobLease)
        .where(JobLease.name == name, free)
        .values(holder=holder, until=now + LEASE)
        .returning(JobLease.name)
        .execution_options(synchronize_session=False)
    )
    return won.first() is not None


def release_lease(session: Session, name: str, holder: str, *, now: datetime) -> None:
    session.execute(update(JobLease).where(JobLease.name == name, JobLease.holder == holder).values(until=now))


def record_start(session: Session, name: str, *, now: datetime) -> str | None:
    """Return with what error the last run ended."""
    insert_if_absent(session, JobRun, ["name"], name=name, started_at=now)
    row = session.get_one(JobRun, name)
    row.started_at = now
    return row.error


def record_end(session: Session, name: str, *, done: int | None, error: str | None, now: datetime) -> None:
    """A run that failed leaves standing when the last good one was: how long ago tells more than one failure."""
    row = session.get(JobRun, name)
    if row is None:
        return
    row.error = error
    if error is None:
        row.finished_at, row.done = now, done
