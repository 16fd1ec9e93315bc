"""What `scripts/bench` stands on: a PostgreSQL of its own, and a clock that it moves."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, select

from queue_app.models import ClockTrust, JobRun
from scripts.benchmarks.databases import driver_url, postgresql
from scripts.benchmarks.moved_clock import MovedClock
from scripts.benchmarks.soak import weeks_of
from tests.harness.source import ROOT


@pytest.mark.postgresql
def test_a_postgresql_is_started_for_the_run(tmp_path: Path) -> None:
    with postgresql(tmp_path) as server:
        url = server.fresh("rush")
        with psycopg.connect(driver_url(url)) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_a_process_lives_under_the_moved_clock_and_believes_it(installation: Path, tmp_path: Path) -> None:
    clock = MovedClock(tmp_path / "clock", datetime.now(UTC) + timedelta(days=40))
    environment = {**os.environ, "QUEUE_APP_INSTANCE": str(installation), **clock.environment}

    def run(job: str) -> None:
        command = [sys.executable, "-m", "scripts.benchmarks.moved_clock", "run-job", job]
        subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)

    engine = create_engine(f"sqlite:///{installation / 'queue.db'}")
    for _ in range(2):
        clock.set(clock.now() + timedelta(minutes=50))
        before = clock.now()
        run("forget-attempts")
        with engine.connect() as connection:
            finished = connection.execute(
                select(JobRun.finished_at).where(JobRun.name == "forget-attempts")
            ).scalar_one()
            doubt = connection.execute(select(ClockTrust.doubt)).scalar_one()
        assert before <= finished <= clock.now()
        assert doubt is None
    engine.dispose()


def test_a_month_of_days_is_four_weeks() -> None:
    assert weeks_of([1.0] * 7 + [2.0] * 7 + [3.0] * 7 + [4.0] * 7 + [9.0, 9.0]) == [1.0, 2.0, 3.0, 4.0]
    assert weeks_of([1.0, 5.0, 2.0]) == [2.0]
