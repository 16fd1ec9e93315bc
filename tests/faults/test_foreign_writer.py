"""Somebody else locks the database for seconds: who writes waits or hears "later", who reads is served."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from tests.concurrency.races import assert_sound
from tests.faults.clients import Client
from tests.faults.conftest import Trial
from tests.faults.endless import EndlessRush
from tests.faults.ledger import compare
from tests.faults.product import WORKERS
from tests.harness.foreign_writer import holding_the_lock

HOLD = 9.0  # seconds
CLIENTS, HOURS, PLACES = 24, (8, 9), 2_000
# Seconds for 19 of 20 pages. Alone each takes some hundredths; behind the writers it was five, and no page.
SOON = 2.5


class Reader:
    """Opens pages one after the other until it is told to stop; ``seen``: path, status and seconds of each."""

    def __init__(self, address: str, paths: tuple[str, ...]) -> None:
        self._address, self._paths = address, paths
        self.seen: list[tuple[str, int, float]] = []

    @contextmanager
    def reading(self) -> Iterator[None]:
        over = threading.Event()
        thread = threading.Thread(target=self._read, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(30)

    def _read(self, over: threading.Event) -> None:
        while not over.is_set():
            for path in self._paths:
                began = time.monotonic()
                self.seen.append((path, self._status(path), time.monotonic() - began))
            over.wait(0.05)

    def _status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self._address + path, timeout=20) as response:
                return response.status
        except urllib.error.HTTPError as problem:
            return problem.code

    def slowest_but_few(self, path: str) -> float:
        """The 95th of a hundred."""
        seconds = sorted(seconds for seen, _status, seconds in self.seen if seen == path)
        return seconds[int(len(seconds) * 0.95)]


def hold_and_read(running: Trial, database_url: str, rush: EndlessRush, paths: tuple[str, ...]) -> list[Reader]:
    """The lock is held while people want to book and others look at pages; returns what these met."""
    readers = [Reader(running.server.address, paths) for _ in range(2 * WORKERS)]
    with running.crowd.doing(rush.tasks(), CLIENTS):
        running.server.wait(lambda: rush.count(201) > CLIENTS)
        with holding_the_lock(database_url, "slot"):
            booked = rush.count(201)
            running.server.wait(lambda: rush.count(503) >= CLIENTS)  # whoever writes stands still by now
            readings = [reader.reading() for reader in readers]
            for reading in readings:
                reading.__enter__()
            time.sleep(HOLD)
            for reading in readings:
                reading.__exit__(None, None, None)
            assert rush.count(201) <= booked + CLIENTS, "nothing was locked"
        back = rush.count(201)
        running.server.wait(lambda: rush.count(201) > back + CLIENTS)
        rush.end()
    return readers


def test_pages_are_served_while_writers_stand_before_a_lock(
    opened: Callable[..., list[int]], trial: Any, wish: Any, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("LONGEST_ANSWER", "HANGING"):  # who writes waits for a permit, then for the lock
        monkeypatch.setattr(f"tests.faults.clients.{limit}", 4 * HOLD)
    slots = opened(capacity=PLACES, hours=HOURS)
    rush = EndlessRush(wish, slots, pages=())
    with trial() as running:
        (mine,) = running.crowd.do([partial(Client.insist, wish=wish(slots[0]))], 1)
        paths = ("/", "/healthz", f"/t/{mine.body['token']}", "/display/sragen/now")
        readers = hold_and_read(running, database_url, rush, paths)
    statuses = Counter((path, status) for reader in readers for path, status, _seconds in reader.seen)
    assert statuses.keys() == {(path, 200) for path in paths}, statuses
    slow = {path: max(reader.slowest_but_few(path) for reader in readers) for path in paths}
    assert max(slow.values()) < SOON, slow
    assert {answer.status for answer in rush.answers} == {201, 503}
    compare(running.app, running.crowd.folder)
    assert_sound(running.app)
