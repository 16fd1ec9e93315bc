"""The stored data sets, loaded; and what a database holds, for comparing."""

from __future__ import annotations

import lzma
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import MetaData, create_engine, make_url, select

from queue_app.migrating import newest
from tests.harness.backups import postgresql_programs

RELEASED = Path(__file__).parent / "released"
VERSIONS = sorted(folder.name for folder in RELEASED.iterdir() if folder.is_dir())
CASTS = r"::(character varying|text)(\[\])?|[()]"
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Stored:
    """The data set of one released version."""

    version: str

    @property
    def folder(self) -> Path:
        return RELEASED / self.version

    def put_keys(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(self.folder / "keys.json", file)
        file.chmod(0o600)  # which Git does not keep

    def load(self, url: str) -> None:
        """Into an empty database, as the version left it."""
        kind = make_url(url).get_backend_name()
        script = lzma.decompress((self.folder / f"{kind}.sql.xz").read_bytes()).decode()
        if kind == "sqlite":
            with closing(sqlite3.connect(str(make_url(url).database))) as connection:
                connection.executescript(script)
                connection.execute("PRAGMA journal_mode = WAL")
        else:
            with connected(url) as server:
                server.execute(script.encode())


def _migration_of(version: str) -> str:
    script = lzma.decompress((RELEASED / version / "sqlite.sql.xz").read_bytes()).decode()
    found = re.search(r"INSERT INTO \"?alembic_version\"? VALUES\('(\w+)'\)", script)
    assert found is not None
    return found[1]


# Those that an update changes: right after a release its own tables are still the present ones.
OLDER = [version for version in VERSIONS if _migration_of(version) not in newest()]


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection]:
    place = make_url(url)
    host, name = str(place.query["host"]), place.database
    with psycopg.connect(host=host, user=place.username, dbname=name, autocommit=True) as server:
        yield server


def rows_in(url: str) -> Rows:
    """Everything, table by table, whatever version wrote it."""
    engine = create_engine(url)
    try:
        stored = MetaData()
        stored.reflect(engine)
        with engine.connect() as connection:
            return {
                table.name: sorted((dict(row) for row in connection.execute(select(table)).mappings()), key=repr)
                for table in stored.sorted_tables
            }
    finally:
        engine.dispose()


def schema_of(url: str) -> list[str]:
    """Tables, columns, constraints and indexes as the database itself writes them, each by its table.

    The order of a table's constraints says nothing: on SQLite it changes when a table is made anew. Nor do PostgreSQL's
    brackets and types within a condition, which it writes otherwise after a dump was loaded.
    """
    if make_url(url).get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(make_url(url).database))) as connection:
            made = connection.execute("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        return sorted(f"{table}: {line.strip(' ,')}" for table, sql in made for line in re.split(r"\n\t?", sql))
    place = make_url(url)
    programs = postgresql_programs()
    assert programs is not None
    command = [programs / "pg_dump", "--schema-only", "--no-owner", "--no-privileges"]
    where = ["--host", str(place.query["host"]), "--username", str(place.username), str(place.database)]
    written = subprocess.run([*command, *where], check=True, capture_output=True, text=True).stdout
    statements = re.split(r";\n", re.sub(r"^(--|\\).*\n", "", written, flags=re.MULTILINE))
    return sorted(
        f"{statement.split(maxsplit=3)[:3]}: {re.sub(CASTS, '', line).strip(' ,')}"
        for statement in statements
        for line in statement.splitlines()
        if line and not line.startswith("SET ")
    )
