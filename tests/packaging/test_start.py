"""`queue-app serve`: the first start makes everything, the second changes nothing, Ctrl-C ends all of it."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from queue_app.models import Base
from tests.harness.ports import free_port
from tests.harness.source import ROOT

pytestmark = pytest.mark.slow

# Seconds, the promise to people who try it; of processor time, because a test cannot know what else a machine is doing.
SECOND_START = 3
PATIENCE = 60


@dataclass(frozen=True)
class Started:
    address: str
    cpu_seconds: float
    children: list[int]


def test_start_twice_and_end(database_url: str, tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("QUEUE_APP_")},
        "PYTHONPATH": str(ROOT),
        "QUEUE_APP_INSTANCE": str(tmp_path / "data"),
        "QUEUE_APP_DATABASE_URL": database_url,
    }
    output = tmp_path / "output"
    with _serving(environment, output) as first:
        assert first.children, "the scheduler runs beside the web server"
        assert "/admin-pertama/" in output.read_text()
    assert not any(_alive(child) for child in first.children)
    keys = tmp_path / "data" / "keys.json"
    assert keys.stat().st_mode & 0o777 == 0o600
    before = (keys.read_bytes(), _offices_and_bookings(database_url))
    assert all(before[1].values())

    with _serving(environment, output) as again:
        assert again.cpu_seconds < SECOND_START
    assert (keys.read_bytes(), _offices_and_bookings(database_url)) == before


@contextmanager
def _serving(environment: dict[str, str], output: Path) -> Iterator[Started]:
    port = free_port()
    with output.open("w") as file:
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "queue_app", "serve", "--demo-if-empty"],
            cwd=output.parent,
            env={**environment, "PORT": str(port)},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        try:
            while not _ready(f"http://127.0.0.1:{port}/readyz"):
                assert process.poll() is None, output.read_text()
                assert time.monotonic() < started + PATIENCE, output.read_text()
                time.sleep(0.02)
            yield Started(f"http://127.0.0.1:{port}", _cpu_seconds(process.pid), _children(process.pid))
            process.send_signal(signal.SIGINT)  # Ctrl-C
            assert process.wait(timeout=20) == 0, output.read_text()
        finally:
            process.kill()
            process.wait()


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in listed]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _offices_and_bookings(url: str) -> dict[str, int]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return {
                table: connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0
                for table in ("office", "service", "booking", "ticket")
                if table in Base.metadata.tables
            }
    finally:
        engine.dispose()
