"""Databases for the run: SQLite files, or a PostgreSQL server that is started for it and really writes to disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import URL, make_url

ROOT = Path(__file__).resolve().parents[2]
# The tests' server leaves out the syncs, and has one table at a time. Here both are what an office would have.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "autovacuum": "on"}
START_WITHIN = 60  # seconds


class Databases(Protocol):
    """Where the databases of the run come from."""

    kind: str
    given: bool  # there is only one

    def fresh(self, name: str) -> str:
        """The URL of a new, empty database."""

    def drop(self, url: str) -> None:
        """Remove a database that `fresh` has made."""

    def processes(self) -> list[int]:
        """The first process of a database server of ours; none when the database runs inside the product."""


class Sqlite:
    kind = "sqlite"
    given = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fresh(self, name: str) -> str:
        return f"sqlite:///{self._folder / name}.db"

    def drop(self, url: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{make_url(url).database}{suffix}").unlink(missing_ok=True)

    def processes(self) -> list[int]:
        return []


class Postgresql:
    kind = "postgresql"
    given = False

    def __init__(self, socket: str, first_process: int) -> None:
        self._socket = socket
        self._first_process = first_process

    def fresh(self, name: str, like: str = "template1") -> str:
        """``like``: a database that it begins as a copy of, and that nobody is connected to."""
        with self._connect("postgres") as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        url = URL.create("postgresql+psycopg", username="postgres", database=name, query={"host": self._socket})
        return url.render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        with self._connect("postgres") as server:
            server.execute(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    def processes(self) -> list[int]:
        return [self._first_process]

    def make_durable(self) -> None:
        with self._connect("postgres") as server:
            for option, value in DURABLE.items():
                server.execute(f"ALTER SYSTEM SET {option} = {value}")
            server.execute("SELECT pg_reload_conf()")

    def _connect(self, name: str) -> psycopg.Connection:
        return psycopg.connect(host=self._socket, user="postgres", dbname=name, autocommit=True)


class Given:
    """The one database that QUEUE_APP_DATABASE_URL names: empty, and filled by the run."""

    given = True

    def __init__(self, url: str) -> None:
        self.kind = make_url(url).get_backend_name()
        self._url = url

    def fresh(self, name: str) -> str:
        if name != "rush":
            raise LookupError(f"'{name}' needs a database of its own; leave QUEUE_APP_DATABASE_URL unset for that")
        return self._url

    def drop(self, url: str) -> None:
        """Whose it is keeps it."""

    def processes(self) -> list[int]:
        return []


@contextmanager
def postgresql(folder: Path) -> Iterator[Postgresql]:
    """The tests' server with every sync switched on, for the length of the block."""
    # As a program: it outlives nobody, and cleans up after a run that was killed.
    guard = subprocess.Popen(
        [sys.executable, ROOT / "tests" / "harness" / "postgresql.py", folder, str(os.getpid())],
        stdout=subprocess.DEVNULL,
        stderr=(folder / "postgresql.log").open("wb"),
    )
    try:
        state = folder / "server.json"
        until = time.monotonic() + START_WITHIN
        while not state.exists():
            if guard.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"PostgreSQL did not start: {(folder / 'postgresql.log').read_text().strip()}")
            time.sleep(0.05)
        socket = json.loads(state.read_text())["socket"]
        first_process = int((Path(socket).parent / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        server = Postgresql(socket, first_process)
        server.make_durable()
        yield server
    finally:
        guard.terminate()
        guard.wait()


def driver_url(url: str) -> str:
    """The URL as psycopg wants it, without SQLAlchemy's name of the driver."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def kind_of_disk(folder: Path) -> str:
    """The file system below ``folder``: a durable write to tmpfs says nothing."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    fitting = [(point, kind) for point, kind in mounts if folder.resolve().is_relative_to(point)]
    return max(fitting, key=lambda mount: len(mount[0]))[1] if fitting else "unknown"
