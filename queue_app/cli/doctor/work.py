"""The tables that tell how the work goes: clock, keys, scheduler, jobs, backups, anchors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from queue_app.adapters.anchor_file import AnchorFolder
from queue_app.adapters.backup import BackupFailed
from queue_app.adapters.drafts import room_on
from queue_app.adapters.keyring import FileKeyring
from queue_app.cli.clock import DOUBTS
from queue_app.config import Settings
from queue_app.db import engine_beside
from queue_app.domain.anchors import in_force
from queue_app.domain.clock import Clock
from queue_app.domain.clock_trust import WAITS, ClockReading, doubt_of
from queue_app.jobs.backup import is_gone, programs_of
from queue_app.jobs.registry import JOBS
from queue_app.jobs.scheduler import LEASE_NAME
from queue_app.models import JobLease, JobRun
from queue_app.queries.records.anchored import newest_seal, unlike_anchors
from queue_app.queries.records.clock_trust import clock_trust, database_time
from queue_app.queries.records.job_runs import job_runs
from queue_app.queries.records.key_checks import has_key_checks, misfits
from queue_app.queries.records.restorations import last_backup, latest_gap
from queue_app.services.records.clock_trust import read_clock

from .findings import Finding, good, look, wrong

OLD = timedelta(hours=36)  # of a backup, as in the alert of Prometheus
APART = timedelta(minutes=1)  # clocks of several machines (docs/operators.md)
SHOWN = "%Y-%m-%d %H:%M UTC"


def clocks(session: Session, clock: Clock) -> Iterator[Finding]:
    """This machine's, the database's, and the last time that was believed; nothing is written down of it."""
    told, now = database_time(session), clock.now()
    if told is not None:
        apart = abs(told - now)
        sentence = f"The clocks of this machine and of the database are {apart.total_seconds():.0f} seconds apart"
        if not clock.agrees_with(told):
            yield wrong("clock", f"{sentence}: the jobs wait.", "Put both right, by time servers.")
        elif apart > APART:
            yield look("clock", f"{sentence}.", "Put both right, by time servers.")
        else:
            yield good("clock", f"{sentence}.")
    row = clock_trust(session)
    if row is None:
        yield look("clock", "No job has looked at the clock yet.", "Start the scheduler.")
        return
    doubt = doubt_of(read_clock(clock), ClockReading(row.at, row.steady, row.boot)) or row.doubt
    if doubt:
        yield wrong("clock", f"{DOUBTS[doubt]} The jobs wait.", "queue-app clock")
    else:
        yield good("clock", f"It is {now:{SHOWN}}, which follows from the last time known, {row.at:{SHOWN}}.")


KEYS_LACK = (
    "Copy it from the machine on which `queue-app rotate-keys` ran, or put the file back that belongs to the database; "
    "until then nobody can book here."
)


def keys(session: Session, keyring: FileKeyring, settings: Settings) -> Iterator[Finding]:
    if names := misfits(session, keyring):
        sentence = f"{settings.keys_file} is not the key file of this database ({', '.join(names)} differ)."
        yield wrong("keys", sentence, KEYS_LACK)
    elif not has_key_checks(session):
        yield look("keys", "The database does not know its keys yet.", "queue-app init")
    else:
        yield good("keys", "The keys are those that the database was sealed with.")


def scheduler(session: Session, now: datetime) -> Iterator[Finding]:
    lease = session.get(JobLease, LEASE_NAME)
    if lease is None or lease.until <= now:
        last = f" since {lease.until:{SHOWN}}" if lease else ""
        sentence = f"No scheduler works{last}: no messages, no new days, nothing that goes by the time."
        remedy = (
            "Start queue-app-scheduler, or `queue-app serve` where that keeps it; it catches up. The log says more."
        )
        yield wrong("scheduler", sentence, remedy)
    else:
        yield good("scheduler", f"A scheduler works, on {lease.holder.partition(':')[0]}.")


def jobs(session: Session, now: datetime) -> Iterator[Finding]:
    """The limit for late is that of the alert."""
    runs = {run.name: run for run in job_runs(session)}
    waiting, late, in_time = [], [], []
    for job in JOBS:
        run = runs.get(job.name)
        ended = f"{job.name} {_ended(run, now)}"
        if run is not None and run.error and run.error.startswith(WAITS):
            waiting.append(ended)
        elif run is not None and run.error:
            sentence = (
                f"{job.name} failed the last time ({run.error.rstrip('.')}). It last ended well: {_ended(run, now)}."
            )
            yield wrong("jobs", sentence, f"queue-app run-job {job.name}")
        elif run is None or now - (run.finished_at or run.started_at) > 3 * job.every + timedelta(minutes=5):
            late.append(ended)
        else:
            in_time.append(ended)
    if waiting:
        yield wrong(
            "jobs", f"Waiting for a clock in doubt, and last ended well: {', '.join(waiting)}.", "queue-app clock"
        )
    if late:
        yield wrong(
            "jobs", f"Late, and last ended well: {', '.join(late)}.", "queue-app run-job with one of these names."
        )
    if in_time:
        yield good("jobs", f"Ended well in time: {', '.join(in_time)}.")


def _ended(run: JobRun | None, now: datetime) -> str:
    if run is None or run.finished_at is None:
        return "never" if run is None else "not yet"
    return f"{_ago(now - run.finished_at)} ago"


def _ago(time: timedelta) -> str:
    minutes = max(0, int(time.total_seconds())) // 60
    if minutes < 2:
        return f"{max(0, int(time.total_seconds()))} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def backups(session: Session, settings: Settings, now: datetime) -> Iterator[Finding]:
    gap = latest_gap(session)
    if gap and not gap.acknowledged:
        sentence = f"After a restore there is no data from {gap.begins:{SHOWN}} to {gap.ends:{SHOWN}}; some jobs wait."
        yield look("backup", sentence, "An administrator reads the notice on their pages, and confirms it.")
    if not settings.backup:
        yield look("backup", "QUEUE_APP_BACKUP=no: this program makes no backups.", "See that something else does.")
        return
    row, remedy = last_backup(session), "queue-app run-job backup"
    if row is None:
        yield wrong("backup", "There is no backup yet.", remedy)
    elif is_gone(row):
        yield wrong("backup", f"The newest backup {row.file} is gone.", remedy)
    elif now - row.made_at > OLD:
        yield wrong("backup", f"The newest good backup is {_ago(now - row.made_at)} old.", remedy)
    else:
        where = f"{row.file} on {row.host}"
        yield good("backup", f"The newest good backup is {_ago(now - row.made_at)} old: {where}.")
    yield from _next_backup(session, settings)


def _next_backup(session: Session, settings: Settings) -> Iterator[Finding]:
    """Whether it finds its room and its programs."""
    if session.get_bind().dialect.name == "postgresql":
        size = session.scalar(text("SELECT pg_database_size(current_database())")) or 0
        try:
            with engine_beside(settings.dumped_url).connect() as server:
                programs_of(settings).require("pg_dump", server)
        except BackupFailed as problem:
            yield wrong("backup", str(problem))
        except SQLAlchemyError:
            sentence = "The database does not answer at the address that backups are made from."
            yield wrong("backup", sentence, "Mend QUEUE_APP_DIRECT_DATABASE_URL.")
    else:
        pages, of = (session.scalar(text(f"PRAGMA {name}")) for name in ("page_count", "page_size"))
        size = (pages or 0) * (of or 0)
    folder = settings.backup_folder
    if folder.is_dir() and room_on(folder) < 2 * size:
        sentence = f"{folder} has too little room for the next backup: {2 * size // 1024**2 + 1} MB are wanted."
        yield wrong("backup", sentence, "Make room, or name another folder in QUEUE_APP_BACKUP_FOLDER.")


def anchors(session: Session, keyring: FileKeyring, settings: Settings, now: datetime) -> Iterator[Finding]:
    written, altered = AnchorFolder(settings.anchors_folder, keyring).read()
    valid = in_force(written)
    unlike = [*altered, *unlike_anchors(session, valid)]
    end = newest_seal(session, now=now)
    if unlike:
        sentence = f"{len(unlike)} anchors of the audit log do not fit the database."
        yield wrong("anchors", sentence, "queue-app check names each of them.")
    elif not valid and end is not None:
        sentence = "There are no anchors of the audit log on this machine; they lie where the scheduler works."
        yield look("anchors", sentence, "queue-app run-job anchor-audit, if that is here.")
    elif not valid:
        yield good("anchors", "The audit log has no seals yet.")
    else:
        newest = max(anchor.at for anchor in valid)
        yield good(
            "anchors", f"{len(valid)} anchors of the audit log fit the database, the newest of {newest:{SHOWN}}."
        )
