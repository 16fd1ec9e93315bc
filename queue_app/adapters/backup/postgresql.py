"""PostgreSQL's own programs: `pg_dump` writes the whole database of one snapshot, `pg_restore` reads it back."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, make_url, text

from queue_app.adapters.poolers import is_pooled

from .manifest import BackupFailed, ProgramsMissing

LOOK = 0.1  # seconds between looks at a program that runs
_MAJOR = re.compile(r"\(PostgreSQL\) (\d+)")
NULL = "/dev/null"


@dataclass(frozen=True)
class Programs:
    """Where they are (None: wherever PATH says), and the environment they are given."""

    folder: Path | None
    environment: Mapping[str, str]

    def dump(self, server: Connection, url: str, target: Path, *, stop: Callable[[], bool]) -> None:
        """Write the snapshot of the transaction that ``server`` has open. Raises BackupFailed, ProgramsMissing."""
        self.require("pg_dump", server)
        snapshot = server.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        own = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
        self._run("pg_dump", [*own, f"--dbname={_without_password(url)}"], url, stop=stop)

    def load(self, server: Connection, url: str, dump: Path) -> None:
        """Into an empty database, all or nothing. Raises BackupFailed, ProgramsMissing."""
        self.require("pg_restore", server)
        own = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        self._run("pg_restore", [*own, f"--dbname={_without_password(url)}", str(dump)], url)

    def examine(self, dump: Path) -> None:
        """Read every byte of it, into nothing. Raises BackupFailed, ProgramsMissing."""
        self._run("pg_restore", [f"--file={NULL}", str(dump)], "")

    def require(self, name: str, server: Connection) -> None:
        """Raises ProgramsMissing where it is not there or older than the server, BackupFailed behind a pooler."""
        if is_pooled(server.connection.driver_connection):
            # It empties the search path of its session, which goes on to others when it has ended.
            raise BackupFailed(
                f"A pooler stands before this database, and {name} would leave its settings to everybody behind it: "
                "name the address without the pooler in QUEUE_APP_DIRECT_DATABASE_URL."
            )
        said = _MAJOR.search(self._output([self._path(name), "--version"]))
        own = int(said.group(1)) if said else 0
        theirs = int(server.execute(text("SHOW server_version_num")).scalar_one()) // 10000
        if own < theirs:
            raise ProgramsMissing(
                f"{name} {own} is older than the PostgreSQL server ({theirs}) and refuses it: install the programs of "
                f"version {theirs}, and name their folder in QUEUE_APP_POSTGRESQL_PROGRAMS if PATH has others."
            )

    def _path(self, name: str) -> str:
        where = str(self.folder) if self.folder else self.environment.get("PATH")
        found = shutil.which(name, path=where)
        if found is None:
            place = self.folder or "PATH"
            raise ProgramsMissing(
                f"{name} is not in {place}: install PostgreSQL's client programs, or name their folder in "
                "QUEUE_APP_POSTGRESQL_PROGRAMS."
            )
        return found

    def _output(self, command: list[str]) -> str:
        return subprocess.run(
            command, env=dict(self.environment), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        ).stdout

    def _run(self, name: str, arguments: list[str], url: str, *, stop: Callable[[], bool] = lambda: False) -> None:
        password = _password(url)
        secret = {"PGPASSWORD": password} if password else {}  # a command line can be read by everybody on the machine
        process = subprocess.Popen(
            [self._path(name), "--no-password", *arguments] if url else [self._path(name), *arguments],
            env={**self.environment, **secret, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                said = _wait(process, stop)
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            lines = [line.removeprefix(f"{name}: ") for line in said.splitlines() if line.strip()]
            raise BackupFailed(f"{name} failed: {lines[0] if lines else process.returncode}")


def _wait(process: subprocess.Popen[str], stop: Callable[[], bool]) -> str:
    while True:
        try:
            return process.communicate(timeout=LOOK)[1]
        except subprocess.TimeoutExpired:
            if stop():
                raise BackupFailed("The process was told to end before the backup was finished.") from None


def _without_password(url: str) -> str:
    """As libpq reads it."""
    parts = make_url(url).difference_update_query(["password"])
    place = {"host": parts.host, "port": parts.port, "database": parts.database, "query": parts.query}
    return URL.create("postgresql", username=parts.username, **place).render_as_string()  # type: ignore[arg-type]


def _password(url: str) -> str:
    if not url:
        return ""
    parts = make_url(url)
    return str(parts.password or parts.query.get("password") or "")
