"""The disk of a SQLite installation runs full in a rush, and somebody makes room again."""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.concurrency.races import assert_sound, booked_of
from tests.faults.endless import EndlessRush
from tests.faults.ledger import compare
from tests.faults.product import Server
from tests.faults.small_disk import filled
from tests.harness.databases import SqliteTemplate

CLIENTS, HOURS, PLACES = 8, (8, 9, 10, 11), 2_000
FULL_FOR = 1  # seconds
Full = Callable[[Server], AbstractContextManager[None]]


@pytest.fixture
def database_url(disk: Path | None, tmp_path: Path, sqlite_template: SqliteTemplate) -> str:
    return sqlite_template.copy((disk or tmp_path) / "queue.db")


@pytest.fixture
def full(disk: Path | None) -> Full:
    """No file of the database can grow while the block runs."""

    def ballast(_server: Server) -> AbstractContextManager[None]:
        assert disk is not None
        return filled(disk)

    @contextmanager
    def limit(server: Server) -> Iterator[None]:
        workers = server.workers()
        before = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in workers]
        for pid, (_soft, hard) in zip(workers, before, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
        yield
        for pid, limits in zip(workers, before, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)

    return ballast if disk else limit


def test_disk_runs_full_in_a_rush(opened: Callable[..., list[int]], trial: Any, wish: Any, full: Full) -> None:
    slots = opened(capacity=PLACES, hours=HOURS)
    rush = EndlessRush(wish, slots)
    with trial() as running:
        workers = running.server.workers()
        with running.crowd.doing(rush.tasks(), CLIENTS):
            running.server.wait(lambda: rush.count(201) > 5 * CLIENTS)
            with full(running.server):
                running.server.wait(lambda: rush.count(503) >= CLIENTS)
                before = rush.count(201)
                time.sleep(FULL_FOR)
                assert rush.count(201) == before, "the disk was not full"
            running.server.wait(lambda: rush.count(201) > before + 5 * CLIENTS)
            rush.end()
        assert running.server.workers() == workers, "a worker was restarted"
    statuses = Counter(answer.status for answer in rush.answers)
    assert statuses.keys() == {201, 503}, statuses
    not_foreseen = [answer for answer in rush.answers + rush.views if not answer.foreseen]
    assert not not_foreseen, not_foreseen[:5]
    assert {view.status for view in rush.views} == {200}, "reading needs no room"
    account, stored = compare(running.app, running.crowd.folder)
    assert len(stored) == len(account.codes) == sum(booked_of(running.app, slot) for slot in slots)
    assert_sound(running.app)
