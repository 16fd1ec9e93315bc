"""Store a data set of the version at hand: `python -m tests.upgrades.store`. See released/README.md."""

from __future__ import annotations

import lzma
import os
import sqlite3
import subprocess
import sys
import tempfile
from configparser import ConfigParser
from contextlib import closing
from pathlib import Path

import psycopg

import queue_app
from queue_app import create_app
from queue_app.adapters.key_file import create_keyring
from queue_app.config import Settings
from queue_app.db import db
from queue_app.migrating import upgrade
from tests.harness import postgresql
from tests.harness.backups import postgresql_programs
from tests.harness.fakes import FixedClock
from tests.upgrades.office_life import live

RELEASED = Path(__file__).parent / "released"


def main() -> None:
    checkout = Path(queue_app.__file__).parents[1]
    setup = ConfigParser()
    setup.read(checkout / "setup.cfg")
    folder = RELEASED / setup["metadata"]["version"]
    if folder.exists():
        sys.exit(f"{folder} is there already: what was released does not change.")
    print(f"living with the program in {checkout}")
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        keys = scratch / "keys.json"
        create_keyring(keys)
        sqlite = _of_sqlite(scratch)
        folder.mkdir(parents=True)
        _write(folder / "sqlite.sql.xz", sqlite)
        _write(folder / "postgresql.sql.xz", _of_postgresql(scratch))
        (folder / "keys.json").write_text(keys.read_text())
    for file in sorted(folder.iterdir()):
        print(f"{file.stat().st_size:>8} {file}")


def _of_sqlite(scratch: Path) -> str:
    _live(scratch, f"sqlite:///{scratch / 'queue.db'}")
    with closing(sqlite3.connect(scratch / "queue.db")) as connection:
        return "\n".join(connection.iterdump())


def _of_postgresql(scratch: Path) -> str:
    """As INSERTs, which need no psql to be loaded: the lines for it alone (with a backslash first) are left out."""
    home = scratch / "postgresql"
    home.mkdir()
    socket = postgresql.start(home, os.getpid())
    try:
        with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as server:
            server.execute("CREATE DATABASE released")
        _live(scratch, f"postgresql+psycopg://postgres@/released?host={socket}")
        programs = postgresql_programs()
        assert programs is not None
        wish = ["--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=200"]
        place = ["--host", socket, "--username", "postgres", "released"]
        done = subprocess.run([programs / "pg_dump", *wish, *place], check=True, capture_output=True, text=True)
    finally:
        postgresql.end(socket)
    return "\n".join(line for line in done.stdout.splitlines() if line and not line.startswith(("--", "\\")))


def _live(instance: Path, url: str) -> None:
    clock = FixedClock()
    app = create_app(Settings(instance=instance, database_url=url, testing=True), clock=clock)
    upgrade(app)
    live(app, clock)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _write(file: Path, dump: str) -> None:
    file.write_bytes(lzma.compress(dump.encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main()
