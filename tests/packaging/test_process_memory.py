"""What processes keep of memory: threads that work at the same time share one store, and leave none of their own."""

from __future__ import annotations

import re
import shutil
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from queue_app.jobs.registry import JOBS
from queue_app.models import JobRun
from tests.harness.serving import PATIENCE, Served, eventually, serving

pytestmark = pytest.mark.slow
HEAP = 64 * 1024 * 1024  # bytes that glibc sets aside for each further arena, at a multiple of as many
MAPPED = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S+) 0+ 00:00 0\s*$")


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_all_jobs_at_once_share_one_store(installation: Path, tmp_path: Path) -> None:
    shutil.copytree(installation, tmp_path / "data")
    engine = create_engine(f"sqlite:///{tmp_path / 'data' / 'queue.db'}")

    def have_run() -> bool:
        with engine.connect() as connection:
            ended = select(func.count()).select_from(JobRun).where(JobRun.finished_at.is_not(None))
            return connection.execute(ended).scalar_one() == len(JOBS)

    with serving(tmp_path / "data", tmp_path / "output") as served:
        assert eventually(have_run, within=PATIENCE)
        assert further_arenas(scheduler_of(served)) == 0
    engine.dispose()


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_all_threads_of_a_worker_share_one_store(installation: Path, tmp_path: Path) -> None:
    shutil.copytree(installation, tmp_path / "data")
    more = {"QUEUE_APP_RUN_SCHEDULER": "no", "QUEUE_APP_WORKERS": "1"}
    with serving(tmp_path / "data", tmp_path / "output", **more) as served, ThreadPoolExecutor(16) as readers:

        def read(number: int) -> int:
            """A page that nobody has asked for yet, so that a thread has to make it."""
            with urllib.request.urlopen(f"{served.address}/bantuan?page={number}", timeout=PATIENCE) as answer:
                return int(answer.status)

        assert set(readers.map(read, range(200))) == {200}
        (worker,) = served.workers
        assert further_arenas(worker) == 0


def scheduler_of(served: Served) -> int:
    (pid,) = (child for child in served.children if child not in served.workers and _is_scheduler(child))
    return pid


def _is_scheduler(pid: int) -> bool:
    return b"scheduler" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


def further_arenas(pid: int) -> int:
    """Stretches that can be written, begin at such a multiple, and with what is set aside behind them fill it."""
    maps = [MAPPED.match(line) for line in Path(f"/proc/{pid}/maps").read_text().splitlines()]
    return sum(
        1
        for used, spare in zip(maps, maps[1:], strict=False)
        if used and spare and (used[3], spare[3]) == ("rw-p", "---p") and used[2] == spare[1]
        if int(used[1], 16) % HEAP == 0 and int(spare[2], 16) % HEAP == 0
    )
