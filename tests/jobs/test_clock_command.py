"""`queue-app clock`: what an operator sees of a clock that is doubted, and how they say that it is right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.cli import main
from queue_app.config import Settings
from queue_app.models import AuditEntry, ClockTrust


@pytest.fixture
def queue_app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("QUEUE_APP_INSTANCE", str(settings.instance))
    monkeypatch.setenv("QUEUE_APP_DATABASE_URL", settings.database_url)
    return lambda *words: CliRunner().invoke(main, words)


def test_after_a_night_off_the_operator_confirms(session: Session, queue_app: Callable[..., Result]) -> None:
    assert "It is believed" in queue_app("clock").output
    row = session.get_one(ClockTrust, 1)
    row.boot, row.at = "the run before", datetime.now(UTC) - timedelta(hours=14)
    session.commit()
    job = queue_app("run-job", "mark-no-shows")
    assert job.exit_code == 1
    assert "the jobs wait (queue-app clock)" in job.output
    told = queue_app("clock")
    assert told.exit_code == 1
    assert "queue-app clock --confirm" in told.output
    assert "the jobs go on" in queue_app("clock", "--confirm").output
    assert queue_app("run-job", "mark-no-shows").exit_code == 0
    session.rollback()
    assert session.scalars(select(AuditEntry.actor).where(AuditEntry.action == "clock.confirmed")).one() == (
        "system:command-line"
    )
