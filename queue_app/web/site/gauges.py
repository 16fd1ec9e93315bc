"""Gauges, looked up when `/metrics` is asked for: the condition of the installation at that moment."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from sqlalchemy import make_url

from queue_app.adapters.program import program_version
from queue_app.config import Settings
from queue_app.queries.records.condition import Condition


def of_program(settings: Settings, began: Mapping[str, float]) -> Iterator[Metric]:
    """``began``: when each process did, in seconds of the wall clock."""
    database = make_url(settings.database_url).get_backend_name()
    yield InfoMetricFamily("queue_app", "The program.", value={"version": program_version(), "database": database})
    started = GaugeMetricFamily(
        "queue_app_process_start_time_seconds", "When the process began, since 1970.", labels=["process"]
    )
    for process, when in began.items():
        started.add_metric([process], when)
    yield started


def of_disks(settings: Settings) -> Iterator[Metric]:
    """The database's own disk is known only when the database is a file."""
    folders = {"instance": settings.instance}
    if settings.sqlite_file:
        folders["database"] = settings.sqlite_file.parent
    free = GaugeMetricFamily("queue_app_disk_free_bytes", "Free space where it lies.", labels=["of"])
    size = GaugeMetricFamily("queue_app_disk_size_bytes", "All space where it lies.", labels=["of"])
    for name, folder in folders.items():
        found = shutil.disk_usage(folder)
        free.add_metric([name], found.free)
        size.add_metric([name], found.total)
    yield from (free, size)


def of_database(
    known: Condition | None, jobs: Mapping[str, timedelta], now: datetime, *, backed_up: bool
) -> Iterator[Metric]:
    """``jobs``: those there are, and how often each shall run. Without an answer of the database only that.

    ``backed_up``: whether a job makes backups; where something else does, nothing is known of its own.
    """
    yield GaugeMetricFamily("queue_app_database_up", "Whether the database answers.", value=int(known is not None))
    if known is None:
        return
    messages = GaugeMetricFamily(
        "queue_app_messages", "Messages to citizens; ten thousand are that or more.", labels=["state"]
    )
    for state, number in known.messages.items():
        messages.add_metric([state], number)
    yield messages
    waited = (now - known.waiting_since).total_seconds() if known.waiting_since else 0
    told = "Since when the message that has waited longest for a try is due, in seconds; 0 when none is."
    yield GaugeMetricFamily("queue_app_oldest_due_message_seconds", told, value=waited)
    held = known.lease_until is not None and known.lease_until > now
    yield GaugeMetricFamily("queue_app_scheduler_lease_held", "Whether a scheduler works.", value=int(held))
    if known.spare_days is not None:
        told = "Days made beyond the last one that citizens may book, the least of all services."
        yield GaugeMetricFamily("queue_app_spare_days", told, value=known.spare_days)
    if backed_up:
        told = "Since the instant that the newest good backup holds; infinite for none."
        age = (now - known.backup_at).total_seconds() if known.backup_at else math.inf
        yield GaugeMetricFamily("queue_app_last_backup_age_seconds", told, value=age)
    yield from _of_jobs(known, jobs, now)


def _of_jobs(known: Condition, jobs: Mapping[str, timedelta], now: datetime) -> Iterator[Metric]:
    interval = GaugeMetricFamily("queue_app_job_interval_seconds", "How often the job shall run.", labels=["task"])
    age = GaugeMetricFamily(
        "queue_app_job_last_success_age_seconds", "Since the job last ended well; infinite for never.", labels=["task"]
    )
    failed = GaugeMetricFamily("queue_app_job_failed", "Whether the job's last run failed.", labels=["task"])
    waits = GaugeMetricFamily(
        "queue_app_job_waits", "Whether the job's last run did nothing because the clock is doubted.", labels=["task"]
    )
    runs = {run.name: run for run in known.jobs}
    for name, every in jobs.items():
        run = runs.get(name)
        interval.add_metric([name], every.total_seconds())
        age.add_metric([name], (now - run.succeeded_at).total_seconds() if run and run.succeeded_at else math.inf)
        failed.add_metric([name], int(run is not None and run.failed))
        waits.add_metric([name], int(run is not None and run.waits))
    yield from (interval, age, failed, waits)
