"""Keys are replaced while everybody books, and by a command that is struck down at every step."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from queue_app.config import Settings
from queue_app.db import db
from tests.concurrency.races import assert_sound
from tests.faults.clients import Client
from tests.faults.endless import EndlessRush
from tests.faults.killed_rotation import STEPS
from tests.faults.ledger import compare
from tests.harness.backups import Installation
from tests.harness.serving import eventually, is_ready
from tests.harness.source import ROOT

PLACES, CLIENTS, HOURS, ROTATIONS = 2_000, 6, (8, 9, 10, 11), 3
Opened = Callable[..., list[int]]


def test_keys_are_replaced_in_a_rush(opened: Opened, trial: Any, wish: Any, settings: Settings, tmp_path: Path) -> None:
    rush, here = EndlessRush(wish, opened(capacity=PLACES, hours=HOURS)), Installation.of(settings)
    former = tmp_path / "former.json"
    shutil.copy(settings.keys_file, former)
    with trial() as running:
        with running.crowd.doing(rush.tasks(), CLIENTS):
            for turn in range(ROTATIONS):
                seen = rush.count(201)
                running.server.wait(lambda seen=seen: rush.count(201) > seen + CLIENTS, 60)
                assert "under the new keys" in here.run("rotate-keys"), turn
            seen = rush.count(201)
            running.server.wait(lambda: rush.count(201) > seen + 2 * CLIENTS, 60)
            rush.end()
        errors = [answer for answer in rush.answers if not (answer.status == 201 or answer.foreseen)]
        assert not errors, errors[:3]
        assert {answer.status for answer in rush.answers} <= {201, 503}
        assert all(view.status == 200 or view.foreseen for view in rush.views)
        assert_no_old_file(here, running.server.address, settings, former)
    follow(running.app)
    account, stored = compare(running.app, running.crowd.folder)
    assert not account.refused
    assert len(stored) == len(account.acknowledged)
    assert_sound(running.app)


def assert_no_old_file(here: Installation, address: str, settings: Settings, former: Path) -> None:
    """Put back by mistake it is refused at each start, and those who serve do not, until the right one is back."""
    right = settings.keys_file.read_bytes()
    shutil.copy(former, settings.keys_file)
    assert "is not the key file of this database" in here.run("check", fails=True)
    assert eventually(lambda: asked(f"{address}/readyz") == 503)
    assert eventually(lambda: asked(f"{address}/") == 503 or asked(f"{address}/tiket-saya") == 503)
    settings.keys_file.write_bytes(right)
    assert eventually(lambda: is_ready(f"{address}/readyz"))
    assert eventually(lambda: asked(f"{address}/tiket-saya") == 200)


def test_a_rotation_that_is_killed_anywhere_is_finished_by_the_next_run(
    opened: Opened, trial: Any, wish: Any, settings: Settings
) -> None:
    (slot,), here = opened(capacity=PLACES), Installation.of(settings)
    with trial() as running:
        running.crowd.do([lambda client: client.insist(wish(slot)) for _ in range(5)], 2)
        for step in STEPS:
            killed = subprocess.run(
                [sys.executable, "-m", "tests.faults.killed_rotation", step, "rotate-keys"],
                env=here.environment,
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=180,
            )
            assert killed.returncode == -signal.SIGKILL, (step, killed.stdout, killed.stderr)
            wanted = wish(slot)
            (answer,) = running.crowd.do([lambda client, wanted=wanted: Client.insist(client, wanted)], 1)
            assert answer.status == 201, step
            said = here.run("rotate-keys")
            assert "under the new keys" in said, (step, said)
            assert [one.name for one in settings.instance.iterdir() if "keys" in one.name] == ["keys.json"], step
            assert settings.keys_file.stat().st_mode & 0o777 == 0o600
            follow(running.app)
            assert_sound(running.app)
    account, stored = compare(running.app, running.crowd.folder)
    assert len(stored) == len(account.acknowledged) == 5 + len(STEPS)


def follow(app: Flask) -> None:
    with app.app_context():
        app.extensions["keys"].follow(db.session())
        db.session.remove()


def asked(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code
