"""The databases that tests run on: migrated once per run, empty at the start of each test.

SQLite: a migrated file, copied for each test. PostgreSQL: one server per run, a migrated template database, one
database per xdist worker made from it and emptied between tests (2 ms, against 50 ms for TRUNCATE or a new one).
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL

from tests.harness import postgresql

# Rows written by migrations are part of the schema: tables that have some in the template are left alone.
EMPTY_ALL_TABLES = """
DO $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica;  -- neither foreign keys nor triggers: every table goes anyway
    FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
                WHERE schemaname = 'public' AND tablename <> ALL ({kept}) LOOP
        EXECUTE 'DELETE FROM ' || name;
    END LOOP;
    FOR name IN SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences
                WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        EXECUTE 'ALTER SEQUENCE ' || name || ' RESTART';
    END LOOP;
END $$
"""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock file: what is made once per run is made by the first worker, and the others wait for it."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class SqliteTemplate:
    """A migrated file that nobody opens; `copy` gives a test its own."""

    def __init__(self, shared: Path, migrate: Callable[[str], None]) -> None:
        self._file = shared / "template.sqlite"
        with locked(shared / "sqlite.lock"):
            if not self._file.exists():
                unfinished = shared / "unfinished.sqlite"
                migrate(f"sqlite:///{unfinished}")
                unfinished.rename(self._file)

    def copy(self, target: Path) -> str:
        shutil.copyfile(self._file, target)
        return f"sqlite:///{target}"


class PostgresqlDatabase:
    """The database of one xdist worker on the server of the run. `owner` is the process whose end stops the server."""

    def __init__(self, shared: Path, worker: str, owner: int, migrate: Callable[[str], None]) -> None:
        with locked(shared / "postgresql.lock"):
            self.socket = postgresql.start(shared, owner)
            with self._connect("postgres") as server:
                if not (shared / "postgresql.migrated").exists():
                    server.execute("DROP DATABASE IF EXISTS template_migrated")
                    server.execute("CREATE DATABASE template_migrated")
                    migrate(self._url("template_migrated"))
                    (shared / "postgresql.migrated").touch()
                name = f"tests_{worker}"
                server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                server.execute(f"CREATE DATABASE {name} TEMPLATE template_migrated STRATEGY file_copy")
        self.url = self._url(name)
        self._admin = self._connect(name)
        self._empty = EMPTY_ALL_TABLES.format(kept=self._tables_with_rows())

    def empty(self) -> None:
        """Deletes every row and restarts every sequence, whoever is still connected."""
        self._admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        self._admin.execute(self._empty)

    @contextmanager
    def durable(self) -> Iterator[None]:
        """Real writes to disk, for the whole server, while the block runs."""
        for value in ("on", "DEFAULT"):
            for option in ("fsync", "full_page_writes"):
                self._admin.execute(f"ALTER SYSTEM SET {option} = {value}")
            self._admin.execute("SELECT pg_reload_conf()")
            if value == "on":
                yield

    def _tables_with_rows(self) -> str:
        tables = self._admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        kept = [
            f"'{table}'"
            for (table,) in tables
            if self._admin.execute(f'SELECT EXISTS (SELECT FROM "{table}")').fetchone() == (True,)
        ]
        return f"ARRAY[{', '.join(kept)}]::name[]"

    def _connect(self, name: str) -> psycopg.Connection:
        return psycopg.connect(host=self.socket, user="postgres", dbname=name, autocommit=True)

    def _url(self, name: str) -> str:
        return URL.create(
            "postgresql+psycopg", username="postgres", database=name, query={"host": self.socket}
        ).render_as_string(hide_password=False)


def owner_of_the_run() -> int:
    """The process that outlives the run's workers: under xdist the parent of this one, else this one."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
