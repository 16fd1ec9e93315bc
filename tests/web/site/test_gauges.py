"""Gauges of `/metrics` that tell a job that waits from one that fails, and how old the newest backup is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from queue_app import create_app
from queue_app.config import Settings
from queue_app.jobs.registry import JobWaits, run_job
from queue_app.models import Backup
from tests.conftest import close
from tests.harness.fakes import FixedClock
from tests.harness.reuse import Reuse
from tests.harness.scraping import TOKEN, Samples, of, samples_of
from tests.harness.source import ROOT

AGE = "queue_app_last_backup_age_seconds"
ALERTS = ROOT / "scripts" / "deploy" / "prometheus" / "alerts.yml"


def scrape(client: FlaskClient) -> Samples:
    return samples_of(client.get("/metrics", headers=TOKEN).text)


def rule(name: str) -> str:
    """The condition of an alert, in one line."""
    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    (found,) = [rule["expr"] for group in groups for rule in group["rules"] if rule["alert"] == name]
    return " ".join(found.split())


@pytest.fixture
def backed_up(settings: Settings, clock: FixedClock, reuse: Reuse) -> Iterator[FlaskClient]:
    """Of an installation that makes backups."""
    with opened(replace(settings, backup=True), clock, reuse) as app:
        yield app.test_client()


@contextmanager
def opened(settings: Settings, clock: FixedClock, reuse: Reuse) -> Iterator[Flask]:
    app = create_app(settings, clock=clock)
    reuse.prepare(app)
    try:
        yield app
    finally:
        close(app)


def test_a_job_that_waits_for_the_clock_has_not_failed(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    run_job(app, "lapse-offers")
    clock.jump(hours=37)
    with pytest.raises(JobWaits):
        run_job(app, "lapse-offers")
    found = scrape(client)
    assert of(found, "queue_app_job_waits", task="lapse-offers") == 1
    assert of(found, "queue_app_job_failed", task="lapse-offers") == 0
    clock.jump(hours=-37)
    run_job(app, "lapse-offers")
    assert of(scrape(client), "queue_app_job_waits", task="lapse-offers") == 0


def test_a_job_that_fails_does_not_wait(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queue_app.jobs.steps.attempts.purge", _break_down)
    with pytest.raises(Exception, match="ZeroDivisionError"):
        run_job(app, "forget-attempts")
    found = scrape(client)
    assert of(found, "queue_app_job_failed", task="forget-attempts") == 1
    assert of(found, "queue_app_job_waits", task="forget-attempts") == 0


def test_the_alerts_know_the_difference() -> None:
    assert rule("QueueAppTaskFails") == "queue_app_job_failed == 1"
    assert rule("QueueAppTaskLate").endswith("and on (instance, task) queue_app_job_waits == 0")
    assert "queue_app_job_waits" in rule("QueueAppClockDoubted")


def test_the_age_of_the_newest_backup_is_told(backed_up: FlaskClient, session: Session, clock: FixedClock) -> None:
    assert of(scrape(backed_up), AGE) == float("inf"), "there is none"
    for hours in (50, 26):
        made_at = clock.now() - timedelta(hours=hours)
        session.add(Backup(made_at=made_at, file="/a/b.zip", host="here", bytes=1))
    session.commit()
    assert of(scrape(backed_up), AGE) == 26 * 3600
    limit = re.fullmatch(rf"{AGE} > (\d+) \* 3600", rule("QueueAppNoBackup"))
    assert limit
    assert int(limit[1]) == 36


def test_where_no_job_makes_backups_nothing_is_said_of_them(client: FlaskClient) -> None:
    assert AGE not in {name for name, _labels in scrape(client)}


_break_down: Callable[..., int] = lambda *_, **__: 1 // 0  # noqa: E731
