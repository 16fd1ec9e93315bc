"""Set an installation up: keys, tables, the demo."""

from __future__ import annotations

from contextlib import suppress

import click
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.exc import OperationalError

from queue_app import create_app
from queue_app.adapters.keyring import KeyringMissing, create_keyring
from queue_app.config import Settings, settings_from
from queue_app.db import db, unit_of_work
from queue_app.migrating import refuse_half_restored, upgrade, with_migrations
from queue_app.models import Booking

from .group import explained, main


def prepare(settings: Settings) -> Flask:
    """Make what is missing: folder, keys, tables. Changes nothing that is there."""
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh_keys = create_keyring(settings.keys_file)
    app = open_installation(settings)
    with app.app_context():
        if fresh_keys and inspect(db.engine).has_table("booking") and db.session.scalar(select(Booking.id).limit(1)):
            settings.keys_file.unlink()
            raise KeyringMissing(
                f"The database holds bookings, but their key file {settings.keys_file} is missing: "
                "put it back from the backup."
            )
        db.session.remove()
    upgrade(app)
    return app


def open_installation(settings: Settings) -> Flask:
    """The application on what is there. Raises KeyringMissing, HalfRestored."""
    app = create_app(settings)
    # A scheduler whose database is away waits for it.
    with app.app_context(), suppress(OperationalError), db.engine.connect() as connection:
        refuse_half_restored(connection)
    return app


def create_app_with_migrations() -> Flask:
    """For Flask-Migrate's commands: `flask --app queue_app.cli:create_app_with_migrations db ...`."""
    return with_migrations(create_app())


def load_demo(app: Flask, *, citizens: bool) -> int | None:
    """None when there are offices already, else the number of synthetic bookings made."""
    from queue_app.demo import citizens as demo_citizens
    from queue_app.demo import every_day, sragen

    now = app.extensions["clock"].now()
    with app.app_context(), unit_of_work() as session:
        if not sragen.is_empty(session):
            return None
        if not citizens:
            sragen.load_offices(session, now=now)
            return 0
        every_day.load_offices_to_try(session, now=now)
        return demo_citizens.load_citizens(session, keyring=app.extensions["keyring"], now=now)


@main.command()
@explained
def init() -> None:
    """Create the key file and the database, or bring the database up to date."""
    settings = settings_from()
    prepare(settings)
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
