"""Put a backup into an empty place, and make it fit to go on.

Killed anywhere it can be run again. SQLite: the database is made ready beside its name, and gets the name at the end.
PostgreSQL: a table marks it as half restored until the last transaction, and nothing of this program works on one.
"""

from __future__ import annotations

import getpass
import socket
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import Connection, inspect, text

from queue_app.adapters.anchor_file import AnchorFolder
from queue_app.adapters.backup import Archive, BackupFailed, PlaceTaken, Programs, examine, open_archive
from queue_app.adapters.backup.making import connected, is_sqlite, require_room
from queue_app.adapters.backup.manifest import SQLITE
from queue_app.adapters.drafts import draft_folder, publish
from queue_app.adapters.key_file import load_keyring
from queue_app.config import Settings, settings_from
from queue_app.db import unit_of_work
from queue_app.domain.anchors import Anchor, in_force
from queue_app.domain.clock import SystemClock
from queue_app.jobs.backup import programs_of
from queue_app.migrating import HALF_RESTORED, known, upgrade
from queue_app.queries.records.anchored import newest_seal
from queue_app.queries.records.audit_chain import GENESIS
from queue_app.services.records import audit
from queue_app.services.records.restoration import settle_restored

from .backup import FILE, age, describe
from .group import explained, main
from .scratch import opened, require_keys

NEXT = """Restored. What was booked or changed after {made_at:%Y-%m-%d %H:%M} UTC is missing: {age}.
  1. queue-app check
  2. Withdraw again whoever was withdrawn since: staff, kiosks, keys of partners.
  3. Start the program. An administrator reads the notice on every page, tells the hall, and confirms it.
Messages that may have gone out already are held: see "Pesan keluar"."""


@main.command()
@click.argument("file", type=FILE)
@explained
def restore(file: Path) -> None:
    """Restore FILE into an empty place. The keys that belong to it must lie in the instance folder already."""
    settings, archive = settings_from(), open_archive(file)
    require_fit(archive, settings)
    programs = programs_of(settings)
    examine(file, scratch=settings.instance, programs=programs)
    click.echo(f"{file}: {describe(archive.manifest)}")
    if database := settings.sqlite_file:  # of one kind with the backup: `require_fit` has looked
        kept = restore_sqlite(archive, settings, database)
    else:
        kept = restore_postgresql(archive, settings, programs)
    pass_over_lost_anchors(settings, kept)
    made_at = archive.manifest.made_at
    click.echo(NEXT.format(made_at=made_at, age=age(made_at, SystemClock().now())))


def require_fit(archive: Archive, settings: Settings) -> None:
    """Raises BackupFailed for another kind of database, a newer program, or missing keys."""
    manifest = archive.manifest
    if (manifest.kind == SQLITE) is not is_sqlite(settings.database_url):
        raise BackupFailed(f"This is a backup of {manifest.kind}, and QUEUE_APP_DATABASE_URL names another kind.")
    if manifest.facts.migration not in known():
        raise BackupFailed(
            f"This backup is of a newer version of the program ({manifest.program}, migration "
            f"{manifest.facts.migration}): install that one first."
        )
    if not settings.keys_file.exists():
        raise BackupFailed(
            f"Put the keys.json that belongs to this backup at {settings.keys_file} first: without it no name can be "
            "read, and every ticket that is out is void."
        )


def restore_sqlite(archive: Archive, settings: Settings, database: Path) -> Anchor:
    """Return the end of the audit chain that the backup held."""
    taken = [path for end in ("", "-wal", "-journal") if (path := Path(f"{database}{end}")).exists()]
    if taken:  # a log that is left would be played into the restored database
        raise PlaceTaken(f"{taken[0]} is there already: stop the program and move it away, then restore again.")
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    require_room(database.parent, 2 * archive.manifest.size)
    with draft_folder(database.parent) as draft:
        restored = draft / database.name
        archive.take_out(restored)
        with opened(settings, f"sqlite:///{restored}") as app:
            require_keys(app)
            upgrade(app)
            kept = settle(app, archive)
        with closing(sqlite3.connect(restored)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")  # all of it in the one file that gets the name
        try:
            publish(restored, database, replace=False)
        except FileExistsError:
            raise PlaceTaken(f"{database} has come into being meanwhile: nothing was changed.") from None
    return kept


def restore_postgresql(archive: Archive, settings: Settings, programs: Programs) -> Anchor:
    """Return the end of the audit chain that the backup held."""
    url = settings.dumped_url
    with connected(url, isolation_level="AUTOCOMMIT") as server:
        _require_empty(server)
        server.exec_driver_sql(f"CREATE TABLE {HALF_RESTORED} (begun_at timestamptz DEFAULT now())")
        try:
            with draft_folder(settings.instance) as draft:
                archive.take_out(draft / "dump")
                programs.load(server, url, draft / "dump")
            with opened(settings, url) as app:
                require_keys(app)
                upgrade(app)
                return settle(app, archive, also=f"DROP TABLE {HALF_RESTORED}")
        except BackupFailed:
            _clear(server)
            raise


def settle(app: Flask, archive: Archive, *, also: str = "") -> Anchor:
    moment: datetime = app.extensions["clock"].now()
    by = f"{getpass.getuser()}@{socket.gethostname()}"
    with unit_of_work() as session:
        kept = newest_seal(session, now=moment) or Anchor(moment, 0, GENESIS)
        settle_restored(session, backup_at=archive.manifest.made_at, restored_by=by, now=moment)
        while audit.seal_entries(session, keyring=app.extensions["keyring"], now=moment):
            pass
        if also:
            session.execute(text(also))
    return replace(kept, restored=True)


def pass_over_lost_anchors(settings: Settings, kept: Anchor) -> None:
    """Let the anchors of the time without data say so, beside them. Where there are none nothing is written."""
    folder = AnchorFolder(settings.anchors_folder, load_keyring(settings.keys_file))
    try:
        anchors, _problems = folder.read()
        lost = len(in_force(anchors)) - len([one for one in in_force([*anchors, kept]) if one is not kept])
        if lost:
            folder.append(kept)
            click.echo(
                f"{lost} anchors of the audit log were written after the backup, of entries that are lost: that is "
                f"noted in {settings.anchors_folder}, and the check passes over them."
            )
    except OSError as problem:
        click.echo(
            f"The anchors in {settings.anchors_folder} cannot be told of the restore ({problem.strerror}): move those "
            "files into a new folder inside it, or the check names each that was written after the backup."
        )


def _require_empty(server: Connection) -> None:
    """Raises PlaceTaken. What an earlier restore has left half is cleared."""
    others = server.execute(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    ).scalar_one()
    if others:
        raise PlaceTaken(f"{others} other connections use this database: stop the program everywhere first.")
    names = inspect(server).get_table_names()
    if HALF_RESTORED in names:
        click.echo("An earlier restore was interrupted: what it has left is cleared.")
        _clear(server)
    elif names:
        raise PlaceTaken(
            f"The database holds {len(names)} tables already: a backup is restored into an empty one only. Make a new "
            "database, and name it in QUEUE_APP_DATABASE_URL."
        )


def _clear(server: Connection) -> None:
    """In one transaction, the mark with the rest."""
    names = inspect(server).get_table_names()
    quoted = ", ".join(server.dialect.identifier_preparer.quote(name) for name in names)
    server.exec_driver_sql(f"DROP TABLE IF EXISTS {quoted} CASCADE")
