"""Set an installation up: keys, tables, the demo."""

from __future__ import annotations

from functools import partial

import click
from flask import Flask
from sqlalchemy import inspect, select

from queue_app import create_app
from queue_app.adapters.backup import BackupFailed, make_backup
from queue_app.adapters.key_file import KeyringMissing, create_keyring
from queue_app.config import Settings, settings_from
from queue_app.db import db, unit_of_work
from queue_app.domain.clock import SystemClock
from queue_app.jobs.backup import programs_of
from queue_app.migrating import newest, refuse_half_restored, upgrade, with_migrations
from queue_app.models import Booking, KeyCheck
from queue_app.queries.calendar.offices import any_office
from queue_app.queries.records.key_checks import has_key_checks
from queue_app.services.records.key_checks import adopt_keys, require_keys
from queue_app.services.setup.site import update_site

from .group import explained, main


def prepare(settings: Settings, *, backup: bool = True) -> Flask:
    """Make what is missing: folder, keys, tables. Changes nothing that is there, but for bringing tables up to date.

    ``backup``: keep a copy before that, unless the settings want none. Raises KeyringMissing, KeysDoNotFit,
    DatabaseUnfit, BackupFailed.
    """
    fresh_keys = create_keyring(settings.keys_file)
    app = create_app(settings)
    with app.app_context():
        with db.engine.connect() as connection:
            refuse_half_restored(connection)
        if fresh_keys and _has_keys_of_its_own():
            settings.keys_file.unlink()
            raise KeyringMissing(
                f"The database holds bookings, or knows its keys, but the key file {settings.keys_file} is missing: "
                "put it back from the backup."
            )
    upgrade(app, before=partial(keep_copy, settings) if backup and settings.backup else None)
    with app.app_context():
        keyring, file = app.extensions["keys"].follow(db.session()), settings.keys_file
        if has_key_checks(db.session()):  # without writing: a full disk must not keep the program from starting
            require_keys(db.session(), keyring, file=file)
        else:
            with unit_of_work() as session:
                adopt_keys(session, keyring, file=file)
        db.session.remove()
    return app


def keep_copy(settings: Settings, migration: str) -> None:
    """A backup of the database as it was before an update. Raises BackupFailed, with the way to go on without one.

    An update that was interrupted and comes again replaces its copy: the database had not changed.
    """
    folder = settings.backup_folder
    target = folder / f"before-update-{migration}-to-{'-'.join(sorted(newest()))}.zip"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_backup(settings.dumped_url, target, clock=SystemClock(), programs=programs_of(settings), replace=True)
    except (BackupFailed, OSError) as problem:
        raise BackupFailed(
            f"{problem} So the database was not brought up to date, and nothing was changed. Mend that; or make a copy "
            "by your own means, and then run `queue-app init --without-backup`."
        ) from None
    click.echo(f"The database as it was before the update: {target}")


def _has_keys_of_its_own() -> bool:
    """Of any age: one of before the key check values has bookings."""
    stored = inspect(db.engine)
    for row in (KeyCheck.name, Booking.id):
        if stored.has_table(row.class_.__tablename__) and db.session.scalars(select(row).limit(1)).first() is not None:
            return True
    return False


def create_app_with_migrations() -> Flask:
    """For Flask-Migrate's commands: `flask --app queue_app.cli:create_app_with_migrations db ...`."""
    return with_migrations(create_app())


def load_demo(app: Flask, *, citizens: bool) -> int | None:
    """None when there are offices already, else the number of synthetic bookings made."""
    from queue_app.demo import citizens as demo_citizens
    from queue_app.demo import every_day, sragen

    now = app.extensions["clock"].now()
    with app.app_context():
        full = any_office(db.session())  # first without writing: that a full disk allows
        db.session.remove()
    if full:
        return None
    with app.app_context(), unit_of_work() as session:
        if any_office(session):
            return None
        if not settings_from().office_subtitle:
            update_site(session, sragen.HEAD, actor=sragen.ACTOR, now=now)
        if not citizens:
            sragen.load_offices(session, now=now)
            return 0
        every_day.load_offices_to_try(session, now=now)
        return demo_citizens.load_citizens(session, keyring=app.extensions["keyring"], now=now)


@main.command()
@click.option("--without-backup", is_flag=True, help="Keep no copy of a database that is brought up to date.")
@explained
def init(without_backup: bool) -> None:
    """Create the key file and the database, or bring the database up to date."""
    settings = settings_from()
    prepare(settings, backup=not without_backup)
    click.echo(f"Ready in {settings.instance}")


@main.command()
@click.option("--without-citizens", is_flag=True, help="Only offices, services, schedules and holidays.")
@explained
def demo(without_citizens: bool) -> None:
    """Load the Sragen offices, and synthetic citizens, into an empty database."""
    made = load_demo(prepare(settings_from()), citizens=not without_citizens)
    if made is None:
        raise click.ClickException("There are offices already; the demo is only for an empty database.")
    click.echo(f"Sragen is loaded, with {made} synthetic bookings.")
