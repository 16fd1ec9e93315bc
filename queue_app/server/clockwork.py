"""The scheduler beside the workers: a process of its own, started anew when it ends."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time

log = logging.getLogger(__name__)

SHORT_LIFE = 5.0  # seconds: one that ends younger, because something is wrong here, is followed no sooner
GRACE = 10.0  # seconds from the order to end until it is killed


class Clockwork:
    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._started = -SHORT_LIFE

    def keep_up(self) -> None:
        """Start it, the first time and whenever it has ended. Called again and again; never waits."""
        if self._process is not None:
            status = self._process.poll()
            if status is None:
                return
            log.warning("the scheduler ended (status %s) and is started anew", status)
            self._process = None
        if time.monotonic() >= self._started + SHORT_LIFE:
            self._started = time.monotonic()
            # In a group of its own: Ctrl-C reaches this process, which then ends the other one in order.
            command = [sys.executable, "-m", "queue_app", "scheduler", "--parent", str(os.getpid())]
            self._process = subprocess.Popen(command, start_new_session=True)

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
