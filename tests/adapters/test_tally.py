"""Counting in one process, and what a worker leaves behind for the one that replaces it."""

import os
import threading
from collections.abc import Callable, Iterator

import pytest

from queue_app.adapters import tally as counting
from queue_app.adapters.measures import BUCKETS
from queue_app.adapters.tally import HALF, HEADER, Tallies, Tally, count, observe, own


@pytest.fixture(autouse=True)
def counted_before() -> Iterator[None]:
    """Of the process that runs the tests, put back."""
    counts, waits = own.copy()
    own.clear()
    yield
    own.clear()
    own.add(counts, waits)


@pytest.fixture
def in_a_fork() -> Callable[[Callable[[], None]], None]:
    def run(work: Callable[[], None]) -> None:
        if (pid := os.fork()) == 0:
            try:
                work()
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(pid, 0)[1] == 0

    return run


def test_threads_that_count_at_once_lose_nothing() -> None:
    tally = Tally()
    threads = [threading.Thread(target=lambda: [tally.count("asked", "page") for _ in range(2_000)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.counts == {("asked", "page"): 16_000}


@pytest.mark.parametrize(
    ("seconds", "bucket"), [(0.0, 0), (0.001, 0), (0.0011, 1), (10.0, len(BUCKETS) - 1), (11.0, -2)]
)
def test_a_wait_falls_into_the_first_bucket_that_holds_it(seconds: float, bucket: int) -> None:
    tally = Tally()
    tally.observe(seconds, "waited")
    wait = tally.waits[("waited",)]
    assert wait[bucket] == 1
    assert (sum(wait[:-1]), wait[-1]) == (1, seconds)


def test_a_worker_speaks_for_all_and_a_new_one_counts_on(in_a_fork: Callable[[Callable[[], None]], None]) -> None:
    tallies = Tallies(2)

    def first() -> None:
        tallies.take(1)
        count("asked", "page")
        observe(0.2, "waited")
        tallies.publish()
        count("asked", "page")  # and is killed before it has written that down

    in_a_fork(first)
    in_a_fork(first)
    tallies.take(0)
    count("asked", "page")
    found = tallies.together()
    assert found.tally.counts == {("asked", "page"): 3}
    assert found.tally.waits[("waited",)][-1] == pytest.approx(0.4)
    assert set(found.began) == {"master", "worker-1", "worker-2"}
    assert tallies.together().tally.counts == {("asked", "page"): 3}, "looking must count nothing twice"


@pytest.mark.parametrize("torn_at", [0, HEADER.size // 2, HEADER.size + 3])
def test_a_torn_snapshot_is_noticed_and_the_one_before_stands(torn_at: int) -> None:
    tallies = Tallies(1)
    tallies.take(0)
    for _ in range(2):
        count("asked", "page")
        tallies.publish()
    newest = tallies._start(0, 2)
    tallies._memory[newest + torn_at] ^= 0xFF
    left = tallies._read(0)
    assert left is not None
    assert (left[0], left[1]["counts"]) == (1, [[["asked", "page"], 1]])


def test_without_a_checksum_a_torn_snapshot_would_be_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""
    monkeypatch.setattr(counting, "_checksum", lambda _turn, _told: 7)
    tallies = Tallies(1)
    tallies.take(0)
    for _ in range(2):
        count("asked", "page")
        tallies.publish()
    position = tallies._memory.find(b"page", tallies._start(0, 2))
    tallies._memory[position] ^= 0x01
    left = tallies._read(0)
    assert left is not None
    assert left[1]["counts"] == [[["asked", "qage"], 2]]


def test_what_does_not_fit_is_said_once_and_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    tallies = Tallies(1)
    tallies.take(0)
    count("asked", "page")
    tallies.publish()
    count("asked", "x" * HALF)
    for _ in range(3):
        assert tallies.together().tally.counts == {("asked", "page"): 1}, "what was known before stands"
    assert len(caplog.records) == 1
