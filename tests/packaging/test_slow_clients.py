"""A thousand clients that neither finish what they send nor read what they get, and the others beside them."""

import http.client
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.harness.serving import Served, serving
from tests.harness.source import ROOT

pytestmark = pytest.mark.slow

STORM = 60.0  # seconds
ORDINARY = (("GET", "/", 200), ("GET", "/petugas/masuk", 200), ("POST", "/petugas/masuk", 400))


def test_nobody_else_notices_a_thousand_slow_clients(installation: Path, tmp_path: Path) -> None:
    took: list[float] = []
    with serving(installation, tmp_path / "output", QUEUE_APP_WORKERS="2", QUEUE_APP_RUN_SCHEDULER="no") as served:
        workers = served.workers
        storm = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.slow_clients", str(served.port), str(STORM)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            while storm.poll() is None:
                for method, path, status in ORDINARY:
                    began = time.monotonic()
                    # A form without its token is refused by Flask itself: it was read, and somebody worked at it.
                    assert _ask(served, method, path) == status
                    took.append(time.monotonic() - began)
                time.sleep(0.05)
        finally:
            storm.kill()
            cut_off, _ = storm.communicate()
        assert int(cut_off) > 0, "nobody was slow enough to be cut off"
        assert served.workers == workers, "no worker had to be replaced"
    assert sorted(took)[int(len(took) * 0.95)] < 1
    assert max(took) < 10


def _ask(served: Served, method: str, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30, source_address=("127.0.0.3", 0))
    try:
        form = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
        connection.request(method, path, "a=12" if form else None, form)
        return connection.getresponse().status
    finally:
        connection.close()
