"""Verify the invariants over the whole database."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from sqlalchemy import URL, select

from queue_app import create_app
from queue_app.adapters.raw_file import personal_numbers_in
from queue_app.config import settings_from
from queue_app.db import db
from queue_app.models import Office
from queue_app.queries.records import invariants
from queue_app.queries.records.kept_too_long import verify_retention

from .group import explained, main


@main.command()
@explained
def check() -> None:
    """Verify the invariants over the whole database; exit with 1 when one is broken."""
    app = create_app(settings_from())
    with app.app_context():
        now = app.extensions["clock"].now()
        findings = invariants.verify(db.session(), keyring=app.extensions["keyring"], now=now)
        findings += (verify_retention(db.session(), retention=app.extensions["settings"].retention, now=now),)
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
