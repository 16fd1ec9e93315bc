"""The product in a trial of faults: `queue-app serve` with several workers, started, struck and ended from outside."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from queue_app.config import Settings
from tests.harness.fakes import MONITORING
from tests.harness.serving import eventually
from tests.harness.source import ROOT

PATIENCE = 15  # seconds; a machine that runs many tests at once is slow
START_WITHIN = 60  # seconds: processes that begin need the processor more than any other
WORKERS = 2


class Product:
    """One installation: its folder and its port, on a database that is migrated and has an office."""

    def __init__(self, settings: Settings) -> None:
        self.address = settings.public_url
        self.log = settings.instance.parent / "serve.log"
        ours = {name: value for name, value in os.environ.items() if not name.startswith("QUEUE_APP_")}
        self.environment = {
            **ours,
            "PYTHONPATH": str(ROOT),
            "PORT": str(settings.port),
            "QUEUE_APP_INSTANCE": str(settings.instance),
            "QUEUE_APP_DATABASE_URL": settings.database_url,
            "QUEUE_APP_RUN_SCHEDULER": "no",
            "QUEUE_APP_WORKERS": str(WORKERS),
            "QUEUE_APP_METRICS_TOKEN": MONITORING,
        }

    @contextmanager
    def serving(self, program: str = "queue_app") -> Iterator[Server]:
        """`queue-app serve` until the block ends; ``program`` is the module that a control runs in its place."""
        with self.log.open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", program, "serve"], env=self.environment, stdout=log, stderr=log
            )
        server = Server(self.address, process, self.log)
        try:
            server.wait_until_ready()
            yield server
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=PATIENCE) is not None
        finally:
            left = [*server.children(), process.pid]
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()

    @contextmanager
    def scheduling(self, program: str = "queue_app") -> Iterator[subprocess.Popen[bytes]]:
        """`queue-app scheduler` until the block ends."""
        process = self.start_scheduler(program)
        try:
            yield process
            assert eventually(lambda: _catches(process.pid, signal.SIGTERM), within=4 * PATIENCE)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=PATIENCE) == 0
        finally:
            process.kill()
            process.wait()

    def start_scheduler(self, program: str = "queue_app") -> subprocess.Popen[bytes]:
        """Whoever starts it ends it."""
        with self.log.open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", program, "scheduler"], env=self.environment, stdout=log, stderr=log
            )


class Server:
    """A running `queue-app serve`: its first process and the workers below it."""

    def __init__(self, address: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.address = address
        self._process = process
        self._log = log

    def wait_until_ready(self) -> None:
        """Until it serves and all workers are there: a test that strikes one of them needs the others."""
        self.wait(lambda: self._answers() and len(self.workers()) >= WORKERS, START_WITHIN)

    def wait(self, condition: Callable[[], bool], patience: float = PATIENCE) -> float:
        """Wait until it holds, at most ``patience`` seconds; return the seconds it took."""
        begun = time.monotonic()
        while not condition():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < begun + patience, self._log.read_text()
            time.sleep(0.05)
        return time.monotonic() - begun

    def workers(self) -> list[int]:
        """The processes that serve; none at all in the moment after all of them were killed."""
        return [pid for pid in self.children() if b"resource_tracker" not in _read(pid, "cmdline")]

    def children(self) -> list[int]:
        listed = _read(self._process.pid, f"task/{self._process.pid}/children").split()
        return [int(pid) for pid in listed if not _is_dead(int(pid))]

    def kill(self, *workers: int) -> None:
        """`kill -9`: nothing is ended in order."""
        for pid in workers:
            with contextlib.suppress(ProcessLookupError):  # it may just have been replaced
                os.kill(pid, signal.SIGKILL)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=2) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _is_dead(pid: int) -> bool:
    """Gone, or ended and not yet buried by its parent."""
    stat = _read(pid, "stat")
    return not stat or stat.rsplit(b")", 1)[1].split()[0] in {b"Z", b"X"}


def _catches(pid: int, number: signal.Signals) -> bool:
    """Whether it has come so far as to handle the signal: a busy machine takes seconds to load the program."""
    (caught,) = [line.split()[1] for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "SigCgt" in line]
    return bool(int(caught, 16) >> (number - 1) & 1)
