"""The doctor as an operator calls it, on an installation that is well."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.cli import main
from queue_app.config import Settings
from queue_app.domain.clock import SystemClock
from queue_app.jobs.registry import JOBS
from queue_app.jobs.scheduler import LEASE_NAME
from queue_app.models import Backup, JobLease, JobRun
from queue_app.services.records.clock_trust import observe
from queue_app.services.records.key_checks import adopt_keys
from tests.harness.backups import Installation
from tests.harness.ports import free_port

Finding = dict[str, str]


@dataclass(frozen=True)
class Report:
    """What it said for programs; ``code``: the exit code."""

    code: int
    text: str

    def about(self, subject: str, verdict: str = "") -> list[str]:
        """The sentences, with their remedies."""
        found: list[Finding] = json.loads(self.text)["findings"]
        return [
            f"{one['sentence']} → {one['remedy']}"
            for one in found
            if one["about"] == subject and one["verdict"] in (verdict, *(() if verdict else ("wrong", "look", "good")))
        ]

    def says(self, subject: str, verdict: str, words: str) -> bool:
        assert any(words in told for told in self.about(subject, verdict)), self.text
        assert self.code == 1 or verdict != "wrong"
        return True


Doctor = Callable[..., Report]


def run_doctor(installation: Installation, *words: str, **more: str) -> Report:
    """In this process, which is quicker; with what is set for the installation, and nothing else."""
    away = {name: None for name in os.environ if name.startswith("QUEUE_APP_")}
    environment = away | installation.environment | more
    done = CliRunner().invoke(main, ["doctor", *words], env=environment)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return Report(done.exit_code, done.output)


@pytest.fixture
def doctor(settings: Settings) -> Doctor:
    """Nobody serves: tests of the address say where."""

    def doctor(**more: str) -> Report:
        return run_doctor(Installation.of(settings), "--json", **{"PORT": str(free_port()), **more})

    return doctor


@pytest.fixture
def well(session: Session, keyring: FileKeyring, settings: Settings) -> None:
    """A scheduler works, every job has just ended well, and there is a backup of the night."""
    now = SystemClock().now()
    adopt_keys(session, keyring, file=settings.keys_file)
    observe(session, SystemClock())
    session.add(JobLease(name=LEASE_NAME, holder="this-machine:1:ab", until=now + timedelta(minutes=1)))
    session.add_all(JobRun(name=job.name, started_at=now, finished_at=now, done=0) for job in JOBS)
    file = settings.instance / "backups" / "a.zip"
    file.parent.mkdir(mode=0o700)
    file.touch(mode=0o600)
    session.add(Backup(made_at=now - timedelta(hours=9), file=str(file), host=socket.gethostname(), bytes=1))
    session.commit()
