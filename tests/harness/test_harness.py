"""The harness itself: what every other test relies on."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import text
from sqlalchemy.orm import Session

from queue_app.models import AuditEntry
from tests.harness import postgresql
from tests.harness.fakes import MONDAY_MORNING, FixedClock


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_starts_with_empty_tables_and_fresh_keys(session: Session, turn: str) -> None:
    session.add(AuditEntry(at=MONDAY_MORNING, actor="test", action="try", subject="office", subject_id=1))
    session.commit()
    assert session.execute(text("SELECT id FROM audit_entry")).scalars().all() == [1]


@pytest.mark.durable
def test_durable_tests_have_a_server_that_writes_to_disk(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        assert session.scalar(text("SHOW fsync")) == "on"
    else:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"


def test_the_live_server_and_the_client_serve_the_same_app(client: FlaskClient, live_server: str) -> None:
    assert urllib.request.urlopen(f"{live_server}/healthz").status == client.get("/healthz").status_code == 200


def test_the_browser_reaches_the_live_server(browser: Browser, live_server: str) -> None:
    context = browser.new_context()
    response = context.new_page().goto(f"{live_server}/healthz")
    assert response is not None
    assert response.ok
    context.close()


def test_the_clock_stands_still_until_it_is_moved() -> None:
    clock = FixedClock()
    before = clock.now()
    assert clock.now() == before
    assert clock.advance(hours=1, minutes=5) == before + timedelta(hours=1, minutes=5) == clock.now()
    with pytest.raises(ValueError, match="aware"):
        clock.set(datetime(2026, 11, 23))  # noqa: DTZ001


def test_the_server_ends_with_its_owner_even_when_that_is_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        socket = Path(postgresql.start(tmp_path, owner.pid))
        with psycopg.connect(host=str(socket), user="postgres", dbname="postgres") as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
    finally:
        owner.send_signal(signal.SIGKILL)
        owner.wait()
    deadline = time.monotonic() + 10
    while socket.parent.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not socket.parent.exists()
    assert not any(str(socket.parent) in line for line in _command_lines())


def test_leftovers_of_a_killed_guard_are_removed(tmp_path: Path) -> None:
    socket = Path(postgresql.start(tmp_path, os.getpid()))
    guard = int((socket.parent / "guard.pid").read_text())
    os.kill(guard, signal.SIGKILL)
    os.waitpid(guard, 0)
    assert (socket.parent / "data").exists()
    postgresql._remove_leftovers()
    assert not socket.parent.exists()


def _command_lines() -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_text())
        except OSError:
            continue
    return found
