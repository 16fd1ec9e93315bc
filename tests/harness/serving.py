"""`queue-app serve` as a process of its own, for tests that need the real server."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.harness.ports import free_port
from tests.harness.source import ROOT

PATIENCE = 60  # seconds until a server must be ready, on the slowest machine


@dataclass(frozen=True)
class Served:
    """A server that is ready; ``output`` is the file it writes to."""

    process: "subprocess.Popen[bytes]"
    port: int
    output: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    @property
    def workers(self) -> list[int]:
        """Those children that answer requests: forks of the master, with its very command line."""
        own = _command(self.process.pid)
        return [child for child in self.children if _command(child) == own]

    @property
    def has_scheduler(self) -> bool:
        """Whether it runs under its own name: just forked it still bears the master's, and could pass for a worker."""
        return any(b"scheduler" in _command(child).split(b"\0") for child in self.children)

    def connect(self, timeout: float = 30) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)


@contextmanager
def serving(instance: Path, output: Path, *arguments: str, **settings: str) -> Iterator[Served]:
    """Complete when the block begins; must end in order by Ctrl-C when the block ends, unless it has ended already.

    Workers may be ready before the master comes to start the scheduler, which is its last child.
    On a free port, unless ``PORT`` names one.
    """
    port = int(settings.get("PORT") or free_port())
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("QUEUE_APP_")},
        "PYTHONPATH": str(ROOT),
        "QUEUE_APP_INSTANCE": str(instance),
        "PORT": str(port),
        **settings,
    }
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "queue_app", "serve", *arguments],
            cwd=output.parent,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    served = Served(process, port, output)
    try:
        deadline = time.monotonic() + PATIENCE
        scheduled = settings.get("QUEUE_APP_RUN_SCHEDULER") != "no"
        while not (is_ready(f"{served.address}/readyz") and served.has_scheduler is scheduled):
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < deadline, output.read_text()
            time.sleep(0.02)
        yield served
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 0, output.read_text()
    finally:
        process.kill()
        process.wait()


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def is_alive(pid: int) -> bool:
    """Whether a thread of it runs, so that its sockets may be open; one that only waits to be asked how it ended does not."""
    try:
        first = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        # The first thread can have ended before the others, which keep the files of all of them open.
        return first != "Z" or len(os.listdir(f"/proc/{pid}/task")) > 1
    except (FileNotFoundError, ProcessLookupError):
        return False


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def eventually(condition: object, within: float = 10) -> bool:
    """Whether the function came to return something true."""
    assert callable(condition)
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""
