"""The `queue-app` command."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from flask import Flask
from sqlalchemy import URL, inspect, select
from sqlalchemy.exc import OperationalError

from queue_app import create_app
from queue_app.adapters.keyring import KeyringMissing, create_keyring
from queue_app.adapters.raw_file import personal_numbers_in
from queue_app.config import Settings, calm_the_allocator, settings_from
from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Actor, Role
from queue_app.migrating import upgrade, with_migrations
from queue_app.models import Booking, Office
from queue_app.queries.records import invariants
from queue_app.services.access import staff as staff_service

from .api_keys import add_api_key_commands
from .printing import add_print_bridge

P = ParamSpec("P")
R = TypeVar("R")


@click.group()
def main() -> None:
    """Appointments, QR tickets and check-in for civil-registry offices."""
    os.umask(0o077)  # keys, database and outbox are nobody else's
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("queue_app").setLevel(logging.INFO)


def explained(command: Callable[P, R]) -> Callable[P, R]:
    """Failures that an operator can mend end with a sentence, not with a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (KeyringMissing, ValueError) as problem:
            raise click.ClickException(str(problem)) from None
        except OperationalError as problem:
            reason = str(problem.orig).strip().splitlines()[0]
            raise click.ClickException(f"The database does not answer: {reason}") from None

    return run


def prepare(settings: Settings) -> Flask:
    """Make what is missing: folder, keys, tables. Changes nothing that is there."""
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh_keys = create_keyring(settings.keys_file)
    app = create_app(settings)
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


def create_app_with_migrations() -> Flask:
    """For Flask-Migrate's commands: `flask --app queue_app.cli:create_app_with_migrations db ...`."""
    return with_migrations(create_app())


def load_demo(app: Flask, *, citizens: bool) -> int | None:
    """None when there are offices already, else the number of synthetic bookings made."""
    from queue_app.demo import citizens as demo_citizens
    from queue_app.demo import sragen

    now = app.extensions["clock"].now()
    with app.app_context(), unit_of_work() as session:
        if not sragen.is_empty(session):
            return None
        sragen.load_offices(session, now=now)
        return demo_citizens.load_citizens(session, keyring=app.extensions["keyring"], now=now) if citizens else 0


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


@main.command()
@click.option("--demo-if-empty", is_flag=True, help="Load the Sragen demo when there is no office yet.")
@explained
def serve(demo_if_empty: bool) -> None:
    """Start the web server, and the scheduler beside it unless QUEUE_APP_RUN_SCHEDULER=no."""
    calm_the_allocator()
    from queue_app.server import run

    settings = settings_from()
    app = prepare(settings)
    if demo_if_empty and (made := load_demo(app, citizens=True)) is not None:
        click.echo(f"The Sragen demo is loaded, with {made} synthetic bookings.")
    run(app)


@main.command()
@click.option("--parent", type=int, help="End when this process ends.")
@explained
def scheduler(parent: int | None) -> None:
    """Run the jobs at their times. Any number may run: one of them works."""
    from queue_app.jobs.scheduler import run_scheduler

    run_scheduler(create_app(settings_from()), parent=parent)


@main.command("create-staff")
@click.option("--username", required=True)
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--office", "slugs", multiple=True, help="Office slug; repeatable. Without it: all offices.")
@click.password_option(help="Asked for when not given; at least 12 characters.")
@explained
def create_staff(username: str, name: str, role: str, slugs: tuple[str, ...], password: str) -> None:
    """Create a member of staff."""
    app = create_app(settings_from())
    with app.app_context(), unit_of_work() as session:
        offices = {office.slug: office.id for office in session.scalars(select(Office))}
        if unknown := set(slugs) - set(offices):
            raise click.ClickException(f"No such office: {', '.join(sorted(unknown))}. There are: {', '.join(offices)}")
        try:
            staff_service.create_staff(
                session,
                username=username,
                name=name,
                password=password,
                role=Role(role),
                office_ids=[offices[slug] for slug in slugs] or offices.values(),
                actor=Actor.system("command-line"),
                now=app.extensions["clock"].now(),
            )
        except DomainError as refusal:
            raise click.ClickException(STAFF_REFUSALS.get(refusal.code, refusal.code)) from None
    click.echo(f"{username} may log in.")


STAFF_REFUSALS = {
    "weak_password": f"The password needs at least {staff_service.PASSWORD_MIN} characters.",
    "username_taken": "That user name is taken.",
    "invalid_username": "A user name has 3 to 40 characters: a-z, 0-9, dot, dash, underscore.",
    "not_found": "There is no office yet: load one first (queue-app demo --without-citizens).",
}


add_api_key_commands(main, explained)
add_print_bridge(main)


@main.command("run-job")
@click.argument("name", required=False)
@click.option("--list", "list_jobs", is_flag=True, help="List the jobs and their times.")
@explained
def run_job(name: str | None, list_jobs: bool) -> None:
    """Run one job now; running it twice does no harm."""
    from queue_app.jobs import registry

    if list_jobs or not name:
        for job in registry.JOBS:
            click.echo(f"{job.name:<16} every {job.every!s:<8} {job.description}")
        return
    try:
        done = registry.run_job(create_app(settings_from()), name)
    except (KeyError, registry.JobFailed) as problem:
        raise click.ClickException(str(problem.args[0])) from None
    click.echo(f"{name}: {done} done")


@main.command()
@explained
def check() -> None:
    """Verify the invariants over the whole database; exit with 1 when one is broken."""
    app = create_app(settings_from())
    with app.app_context():
        now = app.extensions["clock"].now()
        findings = invariants.verify(db.session(), keyring=app.extensions["keyring"], now=now)
        findings += (_raw_database(db.engine.url, set(db.session.scalars(select(Office.phone)))),)
    for finding in findings:
        click.echo(f"{finding.code}  {len(finding.breaches):>4} breaches  {finding.rule}")
        for breach in finding.breaches[:20]:
            click.echo(f"      - {breach}")
    if any(finding.breaches for finding in findings):
        sys.exit(1)


def _raw_database(url: URL, public_numbers: set[str | None]) -> invariants.Finding:
    """I9 for the bytes of a SQLite database; what an office publishes about itself is no secret."""
    paths = [Path(f"{url.database}{suffix}") for suffix in ("", "-wal")] if url.drivername == "sqlite" else []
    found = [
        f"{path.name} holds a number in the clear"
        for path in paths
        if path.exists() and set(personal_numbers_in(path)) - public_numbers
    ]
    return invariants.Finding("I9", "no NIK and no mobile number in the raw database file", tuple(found))
