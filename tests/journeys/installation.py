"""The product as an office runs it: its own folder, real processes, the real clock, and a power cut when wanted."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness.ports import free_port
from tests.harness.serving import is_alive
from tests.harness.source import ROOT

PATIENCE = 90  # seconds; a machine that runs many tests at once is slow


class Installation:
    """In a folder of its own, on a port of its own, with SQLite."""

    def __init__(self, folder: Path) -> None:
        self.instance = folder / "instance"
        self.log = folder / "serve.log"
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        ours = {name: value for name, value in os.environ.items() if not name.startswith("QUEUE_APP_")}
        self._environment = {
            **ours,
            "PYTHONPATH": str(ROOT),
            "PORT": str(port),
            "QUEUE_APP_INSTANCE": str(self.instance),
        }

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`queue-app ...`, with what it printed."""
        return subprocess.run(
            [sys.executable, "-m", "queue_app", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @contextmanager
    def serving(self, *, scheduler: bool = True) -> Iterator[subprocess.Popen[bytes]]:
        """`queue-app serve`, scheduler and all; ended in order unless the test has killed it."""
        environment = {**self._environment, "QUEUE_APP_RUN_SCHEDULER": "yes" if scheduler else "no"}
        with self.log.open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "queue_app", "serve"], env=environment, stdout=log, stderr=log
            )
        try:
            deadline = time.monotonic() + PATIENCE
            while not self._ready():
                assert process.poll() is None, self.log.read_text()
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.05)
            yield process
            process.terminate()
            process.wait(timeout=20)
        finally:
            process.kill()
            process.wait()

    def cut_the_power(self, process: subprocess.Popen[bytes]) -> None:
        """Nothing is ended in order, and nothing is written any more."""
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.kill()
        process.wait()
        for child in map(int, children):
            os.kill(child, 9)
            while is_alive(child):  # until then its sockets may be open
                time.sleep(0.01)

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=2) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False
