"""Servers under test as processes of their own: the product as an office starts it, and its bare peers."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from scripts.benchmarks.databases import ROOT
from scripts.benchmarks.machine import Memory, cpu_seconds, family, memory

START_WITHIN = 60  # seconds
END_WITHIN = 15


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class Server:
    """A server that is started with the block and ended with it."""

    def __init__(
        self,
        command: list[str],
        environment: Mapping[str, str],
        port: int,
        output: Path,
        ready: str,
        *,
        tree: Path = ROOT,
    ) -> None:
        self.port = port
        self._output = output
        self._ready = ready
        with output.open("wb") as file:
            began = time.perf_counter()
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=tree,
                env={**clean_environment(), **environment},
                stdout=file,
                stderr=file,
            )
        try:
            self.started_after = self._wait_until_ready(began)
        except BaseException:
            self.end()
            raise

    def _wait_until_ready(self, began: float) -> float:
        """Seconds until the first page came."""
        while not self._answers():
            if self.process.poll() is not None or time.perf_counter() > began + START_WITHIN:
                raise SystemExit(f"a server did not start:\n{self._output.read_text(errors='replace')[-2000:]}")
            time.sleep(0.01)
        return time.perf_counter() - began

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", self._ready)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def cpu(self) -> float:
        """Seconds of processor time so far, of all its processes."""
        return cpu_seconds(family(self.process.pid))

    def worker_memory(self) -> Memory:
        """The biggest of those that answer; without any below the first process, that one."""
        pids = family(self.process.pid)
        return max((memory(pid) for pid in pids[1:] or pids), key=lambda each: each.resident)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=END_WITHIN)
        except subprocess.TimeoutExpired:
            for pid in family(self.process.pid):
                os.kill(pid, signal.SIGKILL)
            self.process.wait()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


def bare(kind: str, workers: int, folder: Path) -> Server:
    """`flask`: one route and nothing else; `wsgi`: a callable. Served by the same software in the same way."""
    port = free_port()
    command = ["-m", "scripts.benchmarks.bare", kind]
    environment = {"PORT": str(port), "QUEUE_APP_WORKERS": str(workers), "QUEUE_APP_INSTANCE": str(folder / kind)}
    return Server(command, environment, port, folder / f"{kind}.log", "/")


def clean_environment() -> dict[str, str]:
    """Without what the caller's shell says about an installation of its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("QUEUE_APP_")}
