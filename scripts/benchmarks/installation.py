"""The product as installed for the run: its instance, its server, and offices to rush at."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from queue_app import create_app
from queue_app.config import Settings
from queue_app.db import db
from scripts.benchmarks.builds import PRESENT, Build
from scripts.benchmarks.exactness import Stored
from scripts.benchmarks.servers import Server, clean_environment, free_port

FIRST_HOUR = 11  # of the first slot, office time
LOCAL_HOUR = 9  # what the clock of the office shows while the benchmark runs
INDONESIA = "Asia/Jakarta"  # the pages know no other zones than Indonesia's
FIXTURES = Path(__file__).with_name("fixtures.py")
NO_RULES: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class Venue:
    """An office of its own with one service and its slots of one day."""

    office_id: int
    office: str
    service: str
    page: str  # the address of the service's page
    day: str  # as 2026-12-24
    slots: tuple[int, ...]
    capacity: int

    @property
    def places(self) -> dict[int, int]:
        return dict.fromkeys(self.slots, self.capacity)


class Installation:
    """``program`` is the module of ``build`` that is run as `queue-app`, with ``more`` in its environment."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        workers: int,
        program: str = "queue_app",
        more: Mapping[str, str] = MappingProxyType({}),
        build: Build = PRESENT,
    ) -> None:
        self.folder = folder
        self.build = build
        self.port = free_port()
        self.settings = Settings(instance=folder, database_url=database_url, port=self.port, run_scheduler=False)
        self._environment = {
            **clean_environment(),
            **build.environment,
            "QUEUE_APP_INSTANCE": str(folder),
            "QUEUE_APP_DATABASE_URL": database_url,
            "QUEUE_APP_RUN_SCHEDULER": "no",
            "QUEUE_APP_WORKERS": str(workers),
            "PORT": str(self.port),
            **more,
        }
        self._program = program
        self._serial = itertools.count(1)
        self._fixtures: subprocess.Popen[str] | None = None

    def start(self) -> Server:
        """`queue-app serve`, from the command to the first page."""
        output = self.folder.with_suffix(".log")
        command = ["-m", self._program, "serve"]
        return Server(command, self._environment, self.port, output, "/", tree=self.build.tree)

    @contextmanager
    def scheduler(self) -> Iterator[subprocess.Popen[bytes]]:
        """`queue-app scheduler` beside the server while the block runs."""
        with self.folder.with_suffix(".scheduler.log").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", self._program, "scheduler"],
                cwd=self.build.tree,
                env=self._environment,
                stdout=output,
                stderr=output,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `queue-app` with these arguments to its end."""
        return subprocess.run(
            [sys.executable, "-m", self._program, *arguments],
            cwd=self.build.tree,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def api_key(self) -> str:
        made = self.command("api-key", "create", "--name", "bench", "--scope", "bookings:write,check-ins:write")
        if made.returncode:
            raise SystemExit(f"no API key could be made: {made.stderr.strip()}")
        return made.stdout.strip().splitlines()[-1].strip()

    def check(self) -> list[str]:
        """What `queue-app check` finds broken; nothing when all invariants hold."""
        sealed = self.command("run-job", "seal-audit")  # no scheduler runs beside the benchmark
        if sealed.returncode:
            return [f"the audit could not be sealed: {sealed.stderr.strip()}"]
        checked = self.command("check")
        if checked.returncode == 0:
            return []
        return [
            f"queue-app check: {line.strip()}" for line in (checked.stdout + checked.stderr).strip().splitlines()[-25:]
        ]

    @contextmanager
    def session(self) -> Iterator[Session]:
        """The tables of the present build, without its server; whatever was opened is closed again."""
        app = create_app(self.settings)
        with app.app_context():
            try:
                yield db.session()
                db.session.commit()
            finally:
                db.session.remove()
                db.engine.dispose()

    def venue(
        self,
        *,
        slots: int,
        capacity: int,
        days_ahead: int = 0,
        first_hour: int = FIRST_HOUR,
        zone: str | None = None,
        rules: Mapping[str, int] = NO_RULES,
        closed: bool = False,
    ) -> Venue:
        """In a zone where it is morning just now, unless ``zone`` names another. See `fixtures.venue`."""
        made = self.ask(
            "venue",
            slug=f"b{os.getpid()}-{next(self._serial)}",
            zone=zone or _zone(datetime.now(UTC)),
            first_hour=first_hour,
            slots=slots,
            capacity=capacity,
            days_ahead=days_ahead,
            rules=dict(rules),
            closed=closed,
        )
        return Venue(**{**made, "slots": tuple(made["slots"])}, capacity=capacity)

    def stored(self, slots: Iterable[int]) -> list[Stored]:
        """The tickets that hold a place in these slots."""
        return [Stored(*each) for each in self.ask("stored", slots=list(slots))]

    def tickets(self, slots: Iterable[int], niks: Sequence[str]) -> list[str]:
        """The tokens of tickets for these people."""
        tokens: list[str] = self.ask("tickets", slots=list(slots), niks=list(niks))
        return tokens

    def desk(self, office_id: int, username: str) -> str:
        """The cookie of somebody at the desk of the office."""
        return str(self.ask("desk", office_id=office_id, username=username))

    def ask(self, deed: str, **arguments: object) -> Any:
        """Something of the tables; see `fixtures.py`, whose process runs as long as it is needed."""
        told = self.folder.with_suffix(".fixtures.log")
        if self._fixtures is None:
            with told.open("w") as errors:
                self._fixtures = subprocess.Popen(
                    [sys.executable, "-P", FIXTURES],
                    cwd=self.build.tree,
                    env=self._environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                )
        process = self._fixtures
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            print(json.dumps([deed, arguments]), file=process.stdin, flush=True)
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise SystemExit(
                f"'{deed}' failed at {self.build.name or 'the present build'}:\n{told.read_text()[-2000:]}"
            )
        return json.loads(answer)

    def close(self) -> None:
        if self._fixtures is not None:
            self._fixtures.communicate()  # the end of what it is asked ends it


def _zone(now: datetime) -> str:
    """A zone where it is morning just now: the figures must not depend on the hour at which they are taken."""
    east = (LOCAL_HOUR - now.hour + 11) % 24 - 11  # hours, -11 to +12
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"
