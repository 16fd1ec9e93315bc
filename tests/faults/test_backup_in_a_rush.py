"""A backup is made while everybody books, and commands are killed in the middle."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, text

from queue_app.adapters.backup.making import connected
from queue_app.adapters.drafts import PREFIX
from queue_app.config import Settings
from tests.concurrency.races import assert_sound
from tests.faults.endless import EndlessRush
from tests.faults.ledger import read_bookings, read_ledgers
from tests.harness.backups import Installation, empty_place
from tests.harness.serving import eventually

PLACES, CLIENTS, HOURS = 2_000, 8, (8, 9, 10, 11)
Opened = Callable[..., list[int]]


def test_whatever_was_confirmed_before_a_backup_is_in_it(
    opened: Opened, trial: Any, wish: Any, settings: Settings, tmp_path: Path
) -> None:
    """And nothing half: the invariants hold on what comes out."""
    rush = EndlessRush(wish, opened(capacity=PLACES, hours=HOURS))
    here, file = Installation.of(settings), tmp_path / "rush.zip"
    with trial() as running, running.crowd.doing(rush.tasks(), CLIENTS):
        running.server.wait(lambda: rush.count(201) > 10 * CLIENTS)
        before = read_ledgers(running.crowd.folder).codes
        here.run("backup", str(file))
        after = rush.count(201)
        running.server.wait(lambda: rush.count(201) > after + CLIENTS)
        rush.end()
    assert not [answer for answer in rush.answers if answer.status not in {201, 503}], "somebody met an error"
    with empty_place(settings, tmp_path) as other:
        other.run("restore", str(file))
        said = other.run("check")
        assert "Restored: no data from" in said
        with connected(other.url) as restored:
            codes = set(restored.execute(text("SELECT code FROM booking")).scalars())
    kept = {code.replace("-", "") for code in before}
    assert kept <= codes
    assert len(codes) < rush.count(201), "the rush went on after the backup"
    assert {
        one.code.replace("-", "") for one in read_bookings(running.app, read_ledgers(running.crowd.folder))
    } >= codes
    assert_sound(running.app)


def test_a_backup_that_is_killed_leaves_no_file_of_its_name(opened: Opened, settings: Settings, tmp_path: Path) -> None:
    opened(capacity=1)
    here, folder = Installation.of(settings), tmp_path / "kept"
    folder.mkdir()
    kill_while(here.start("backup", str(folder / "b.zip")), lambda: bool(list(folder.glob(f"{PREFIX}*/*"))))
    assert not (folder / "b.zip").exists()
    here.run("backup", str(folder / "b.zip"))
    assert [path.name for path in folder.iterdir()] == ["b.zip"], "the next one cleans up"
    here.run("verify-backup", str(folder / "b.zip"))


def test_a_restore_that_is_killed_can_be_run_again(opened: Opened, settings: Settings, tmp_path: Path) -> None:
    opened(capacity=1)
    file = tmp_path / "b.zip"
    Installation.of(settings).run("backup", str(file))
    with empty_place(settings, tmp_path) as other:
        database = make_url(other.url)
        if database.get_backend_name() == "sqlite":
            kill_while(
                other.start("restore", str(file)), lambda: bool(list(other.instance.glob(f"{PREFIX}*/queue.db")))
            )
            assert not (other.instance / "queue.db").exists(), "nothing half bears the name"
        else:
            # Asked from another database: a connection of ours would be in the way of the restore.
            elsewhere = database.set(database="postgres").render_as_string(hide_password=False)
            kill_while(other.start("restore", str(file)), lambda: restoring(elsewhere, database.database))
            # What it had started ends by itself: of the one transaction all is there, or nothing.
            assert eventually(lambda: not restoring(elsewhere, database.database), within=60)
            for refused in (("serve",), ("scheduler",), ("run-job", "send-outbox"), ("init",)):
                said, _ = other.start(*refused).communicate(timeout=120)
                assert "was interrupted" in said, (refused, said)
        assert "Restored." in other.run("restore", str(file))
        other.run("check")


def restoring(url: str, name: str | None) -> bool:
    question = "SELECT count(*) FROM pg_stat_activity WHERE datname = :name AND application_name = 'pg_restore'"
    with connected(url) as server:
        return bool(server.execute(text(question), {"name": name}).scalar())


def kill_while(process: Any, condition: Callable[[], bool]) -> None:
    """`kill -9` as soon as the condition holds, which is while the process is at work."""
    deadline = time.monotonic() + 120
    try:
        while not condition():
            assert process.poll() is None, process.stdout.read()
            assert time.monotonic() < deadline
            time.sleep(0.005)
        assert process.poll() is None, "it was quicker than the test"
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
