"""A backup restored into a place that is gone afterwards, to see what is in it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from queue_app import create_app
from queue_app.adapters.backup import Archive, BackupFailed, Programs
from queue_app.adapters.backup.making import compare, connected, is_sqlite
from queue_app.adapters.backup.manifest import SQLITE, facts_of
from queue_app.adapters.drafts import draft_folder
from queue_app.config import Settings
from queue_app.db import db
from queue_app.migrating import upgrade
from queue_app.queries.records import invariants
from queue_app.queries.records.key_samples import keys_fit

PREFIX = "queue_app_verify_"


def findings_in(
    archive: Archive, settings: Settings, scratch: Path, programs: Programs
) -> tuple[invariants.Finding, ...] | None:
    """The invariants as of the backup's instant. None where there is no place to restore it into.

    Raises BackupFailed for another content than the manifest says, and for keys that do not belong to it.
    """
    with draft_folder(scratch) as draft:
        dump = draft / "queue.db"
        archive.take_out(dump)
        if archive.manifest.kind == SQLITE:
            return _findings(archive, settings, f"sqlite:///{dump}")
        if is_sqlite(settings.database_url):
            return None
        with _scratch_database(settings.dumped_url) as url:
            if url is None:
                return None
            with connected(url) as server:
                programs.load(server, url, dump)
            with connected(url) as server:
                compare(archive.manifest, facts_of(server))
            return _findings(archive, settings, url)


def require_keys(app: Flask) -> None:
    """Raises BackupFailed."""
    app.extensions["keys"].follow_backup(db.session())
    if not keys_fit(db.session(), app.extensions["keyring"]):
        file = app.extensions["settings"].keys_file
        raise BackupFailed(
            f"The keys in {file} are not those of this backup: they do not open what is sealed in it. Put the "
            "keys.json there that was kept with this database. A backup of before `queue-app rotate-keys` needs the "
            "key file of its own time."
        )
    db.session.remove()


@contextmanager
def opened(settings: Settings, url: str) -> Iterator[Flask]:
    """The program on another database than its own, with no connection left at the end."""
    app = create_app(replace(settings, database_url=url, run_scheduler=False))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def _findings(archive: Archive, settings: Settings, url: str) -> tuple[invariants.Finding, ...]:
    with opened(settings, url) as app:
        require_keys(app)
        upgrade(app)
        return invariants.verify(db.session(), keyring=app.extensions["keyring"], now=archive.manifest.made_at)


@contextmanager
def _scratch_database(url: str) -> Iterator[str | None]:
    """None where this account may make none. What a killed one has left goes first."""
    name = f"{PREFIX}{secrets.token_hex(6)}"
    with connected(url, isolation_level="AUTOCOMMIT") as server:
        left = text(
            "SELECT datname FROM pg_database d WHERE datname LIKE :like"
            " AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)"
        )
        try:
            for old in server.execute(left, {"like": f"{PREFIX}%"}).scalars().all():
                server.exec_driver_sql(f'DROP DATABASE IF EXISTS "{old}"')
            server.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
        except DBAPIError:
            yield None
            return
        try:
            yield make_url(url).set(database=name).render_as_string(hide_password=False)
        finally:
            server.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
