"""The worker processes: forked from one that has loaded everything, and replaced when they die."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
LOOK_EVERY = 0.1  # seconds between looks at the workers
SHORT_LIFE = 0.5  # seconds: who dies younger is replaced no sooner, or a broken worker would keep a core busy
GRACE = 8.0  # seconds from the order to end until a worker is killed; it gives its requests less


class Workers:
    """``work`` runs in each child and never comes back before the worker has to end. It is told its place, from 0 on:
    no two that live have the same, and who replaces a dead one has that one's.

    The process that forks has no other thread: a lock that one held at that moment would stay shut in the child.
    """

    def __init__(self, count: int, work: Callable[[int], None]) -> None:
        self._count, self._work = count, work
        self._started: dict[int, tuple[float, int]] = {}  # process id -> when, and its place
        self._not_before = 0.0

    def complete(self) -> None:
        """Start as many as are missing."""
        while len(self._started) < self._count and time.monotonic() >= self._not_before:
            self._start()

    def keep_up(self, *, until: threading.Event, also: Callable[[], None] | None = None) -> None:
        """Replace those that end, until the event is set; see each time to what there is ``also`` to see to."""
        while not until.is_set():
            self._reap()
            self.complete()
            if also:
                also()
            until.wait(LOOK_EVERY)

    def stop(self) -> None:
        """Let each end what it has begun; kill those that take too long."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while self._started and time.monotonic() < deadline:
            self._collect()
            time.sleep(0.02)
        self._signal(signal.SIGKILL)
        while self._started:
            self._collect()
            time.sleep(0.02)

    def _start(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        place = min(set(range(self._count)) - {place for _, place in self._started.values()})
        # Blocked until the child has handlers of its own: an order to end must not get lost in between.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            pid = os.fork()
            if pid == 0:
                self._be_a_worker(place)
            self._started[pid] = time.monotonic(), place
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def _be_a_worker(self, place: int) -> None:
        """Never returns: what the parent would do next is none of the child's business."""
        status = 1
        try:
            self._work(place)
            status = 0
        except BaseException:
            log.exception("a worker broke down")
        finally:
            logging.shutdown()
            os._exit(status)

    def _reap(self) -> None:
        for pid, (age, status) in self._collect().items():
            log.warning("worker %s ended (%s) and is replaced", pid, _reason(status))
            if age < SHORT_LIFE:
                self._not_before = time.monotonic() + SHORT_LIFE

    def _collect(self) -> dict[int, tuple[float, int]]:
        """Those that have ended: process id -> (age in seconds, wait status)."""
        ended = {}
        for pid in list(self._started):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                ended[pid] = (time.monotonic() - self._started.pop(pid)[0], status)
        return ended

    def _signal(self, number: int) -> None:
        for pid in self._started:
            os.kill(pid, number)


def _reason(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return signal.Signals(-code).name if code < 0 else f"status {code}"
