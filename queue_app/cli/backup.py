"""Make a backup, and see whether one can be relied upon."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from queue_app.adapters.backup import Archive, Manifest, examine, make_backup, open_archive
from queue_app.config import Settings, settings_from
from queue_app.domain.clock import SystemClock
from queue_app.jobs.backup import programs_of
from queue_app.migrating import known

from .check import tell
from .group import explained, main
from .scratch import findings_in

FILE = click.Path(dir_okay=False, path_type=Path)


@main.command()
@click.argument("file", type=FILE)
@explained
def backup(file: Path) -> None:
    """Copy the whole database into FILE while the program runs. The keys are not inside: keep them apart."""
    settings = settings_from()
    made = make_backup(settings.dumped_url, file.absolute(), clock=SystemClock(), programs=programs_of(settings))
    click.echo(f"{file}: {describe(made)}")
    click.echo(f"Without the keys in {settings.keys_file} it opens nothing: keep them too, at another place.")


@main.command("verify-backup")
@click.argument("file", type=FILE)
@explained
def verify_backup(file: Path) -> None:
    """Read all of FILE, restore it into a temporary place, and check the invariants there."""
    settings = settings_from()
    archive = open_archive(file)
    scratch = settings.instance if settings.instance.is_dir() else file.absolute().parent
    examine(file, scratch=scratch, programs=programs_of(settings))
    click.echo(f"{file}: {describe(archive.manifest)}")
    click.echo(f"It is {age(archive.manifest.made_at, SystemClock().now())} old, and whole.")
    if not _check_contents(archive, settings, scratch):
        sys.exit(1)


def _check_contents(archive: Archive, settings: Settings, scratch: Path) -> bool:
    """False when an invariant is broken. Where there are no keys, or no place, it says what it has not looked at."""
    if archive.manifest.facts.migration not in known():
        click.echo("It is of a newer version of the program than this one, so the invariants were not checked.")
        return True
    if not settings.keys_file.exists():
        click.echo(f"There is no key file {settings.keys_file}, so the invariants were not checked.")
        return True
    found = findings_in(archive, settings, scratch, programs_of(settings))
    if found is None:
        click.echo("No database may be made on a PostgreSQL server from here, so the invariants were not checked.")
        return True
    return tell(found)


def describe(made: Manifest) -> str:
    facts = made.facts
    return (
        f"{made.kind}, {made.size / 1024**2:.1f} MB, of {made.made_at:%Y-%m-%d %H:%M:%S} UTC, "
        f"{facts.rows.get('booking', 0)} bookings, {facts.rows.get('ticket', 0)} tickets, "
        f"newest audit entry {facts.audit}, migration {facts.migration}, program {made.program}"
    )


def age(made_at: datetime, now: datetime) -> str:
    minutes = max(0, int((now - made_at).total_seconds() // 60))
    days, hours = minutes // 1440, minutes // 60 % 24
    return f"{days} days and {hours} hours" if days else f"{hours} hours and {minutes % 60} minutes"
