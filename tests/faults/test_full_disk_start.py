"""On a full disk the program starts, shows what there is, and says that nobody can book; room makes all well again."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.product import PATIENCE
from tests.faults.small_disk import filled
from tests.harness.databases import SqliteTemplate
from tests.harness.fakes import MONITORING
from tests.harness.ports import free_port
from tests.harness.scraping import of, scraped
from tests.harness.source import ROOT

SMALL = 4096  # bytes: what a file may grow to where no small disk can be mounted


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: SqliteTemplate) -> str:
    """Of an observer: the installation makes its own."""
    return sqlite_template.copy(tmp_path / "queue.db")


@pytest.fixture
def environment(disk: Path | None, tmp_path: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("QUEUE_APP_")},
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "QUEUE_APP_INSTANCE": str((disk or tmp_path) / "data"),
        "QUEUE_APP_RUN_SCHEDULER": "no",
        "QUEUE_APP_METRICS_TOKEN": MONITORING,
        "QUEUE_APP_WORKERS": "1",
        "PORT": str(free_port()),
    }


class Installation:
    """The demo's offices, as their program leaves them when it ends in order: no log lies beside the database."""

    def __init__(self, environment: dict[str, str], disk: Path | None) -> None:
        self.environment, self.disk = environment, disk
        self.folder = Path(environment["QUEUE_APP_INSTANCE"])
        self.started: list[subprocess.Popen[bytes]] = []

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        made = [sys.executable, "-m", "queue_app", *arguments]
        return subprocess.run(made, env=self.environment, check=False, capture_output=True, text=True)

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """While the block runs. What was started in it meets no limit any more afterwards."""
        if self.disk:
            with filled(self.disk):
                yield
            return
        yield
        for process in self.started:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            for pid in (process.pid, *map(int, children)):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def serve(self) -> subprocess.Popen[bytes]:
        limits = (SMALL, resource.RLIM_INFINITY)
        process = subprocess.Popen(
            [sys.executable, "-m", "queue_app", "serve", "--demo-if-empty"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            preexec_fn=None if self.disk else lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits),
        )
        self.started.append(process)
        return process

    def get(self, path: str) -> tuple[int, bytes]:
        """0 where nobody listens yet."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.environment['PORT']}{path}", timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read()
        except (urllib.error.URLError, OSError):
            return 0, b""

    def missing(self) -> str | None:
        found: str | None = json.loads(self.get("/readyz")[1]).get("missing")
        return found


@pytest.fixture
def installation(environment: dict[str, str], disk: Path | None) -> Iterator[Installation]:
    made = Installation(environment, disk)
    assert made.command("demo", "--without-citizens").returncode == 0
    assert not list(made.folder.glob("*-wal"))
    yield made
    for process in made.started:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=PATIENCE)
        finally:
            process.kill()


def test_it_starts_and_shows_what_there_is(installation: Installation) -> None:
    with installation.full_disk():
        process = installation.serve()
        wait(lambda: installation.get("/healthz")[0] == 200, process)
        assert installation.missing() == "disk"
        for path in ("/", "/kontak", "/petugas/masuk"):
            assert installation.get(path)[0] == 200, path
        told = scraped(f"http://127.0.0.1:{installation.environment['PORT']}")
        assert of(told, "queue_app_database_up") == 1
        assert "queue_app_spare_days" in {name for name, _ in told}
    wait(lambda: installation.missing() is None, process)
    assert installation.get("/")[0] == 200
    assert installation.command("run-job", "queue-reminders").returncode == 0
    assert installation.missing() is None
    assert installation.command("check").returncode == 0


def test_a_command_that_has_to_write_ends_in_order(installation: Installation) -> None:
    if installation.disk is None:
        pytest.skip("without a disk of its own nothing limits a command")
    with installation.full_disk():
        answer = installation.command("run-job", "make-days")
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert "Error: make-days: " in answer.stderr


def wait(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 4 * PATIENCE
    while not condition():
        assert process.poll() is None, "it ended"
        assert time.monotonic() < end
        time.sleep(0.05)
