"""Verify the invariants over the whole database."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from operator import itemgetter
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import URL, select
from sqlalchemy.orm import Session

from queue_app.adapters.anchor_file import AnchorFolder
from queue_app.adapters.raw_file import personal_numbers_in
from queue_app.db import db
from queue_app.domain.anchors import in_force
from queue_app.jobs.anchors import write_anchor
from queue_app.models import Office
from queue_app.queries.records import invariants
from queue_app.queries.records.anchored import unlike_anchors
from queue_app.queries.records.kept_too_long import verify_retention
from queue_app.queries.records.restorations import restorations

from .group import explained, main, opened_app


@main.command()
@explained
def check() -> None:
    """Verify the invariants over the whole database; exit with 1 when one is broken."""
    app = opened_app()
    with app.app_context():
        now, session = app.extensions["clock"].now(), db.session()
        if db.engine.dialect.name == "postgresql":  # one moment for all, as on SQLite: people book meanwhile
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        findings = invariants.verify(session, keyring=app.extensions["keyring"], now=now)
        findings += (verify_retention(session, retention=app.extensions["settings"].retention, now=now),)
        anchored = _anchored(app, session)
        findings += (anchored, _raw_database(db.engine.url, set(session.scalars(select(Office.phone)))))
        restored = restorations(session)
        for row in reversed(restored):
            seen = "" if row.acknowledged_at else ", not yet acknowledged by an administrator"
            click.echo(
                f"Restored: no data from {row.backup_at:%Y-%m-%d %H:%M} to {row.restored_at:%Y-%m-%d %H:%M} UTC{seen}"
            )
        if not any(finding.breaches for finding in findings):
            write_anchor()
    if not tell(findings):
        if anchored.breaches and restored:
            click.echo(_after_a_restore(app.extensions["settings"].anchors_folder))
        sys.exit(1)


def tell(findings: Iterable[invariants.Finding]) -> bool:
    """Print what was checked; True when nothing is broken."""
    for finding in findings:
        click.echo(f"{finding.code}  {len(finding.breaches):>4} breaches  {finding.rule}")
        for breach in finding.breaches[:20]:
            click.echo(f"      - {breach}")
    return not any(finding.breaches for finding in findings)


def _anchored(app: Flask, session: Session) -> invariants.Finding:
    written, altered = AnchorFolder(app.extensions["settings"].anchors_folder, app.extensions["keyring"]).read()
    anchors = in_force(written)
    lost = f"; {len(written) - len(anchors)} of before a restore are passed over" if len(anchors) < len(written) else ""
    rule = f"the audit chain holds every seal that was written down outside the database ({len(anchors)}{lost})"
    return invariants.Finding("I15", rule, (*altered, *unlike_anchors(session, anchors)))


def _after_a_restore(folder: Path) -> str:
    return (
        f"Anchors (I15) written between a backup and its restore are of entries that are lost. If you know of the "
        f"restore above, and this machine's anchors were not told of it: move the files of {folder} into a new folder "
        f"inside it, such as {folder / 'before-restore'}, and check again."
    )


def _raw_database(url: URL, public_numbers: set[str | None]) -> invariants.Finding:
    """I9 for the bytes of a SQLite database; what an office publishes about itself is no secret."""
    paths = [Path(f"{url.database}{suffix}") for suffix in ("", "-wal")] if url.drivername == "sqlite" else []
    found = [
        f"{path.name} holds a number in the clear: {number[:2]}… of {len(number)} characters at byte {place}"
        for path in paths
        if path.exists()
        for number, place in sorted(set(personal_numbers_in(path)), key=itemgetter(1))
        if number not in public_numbers
    ]
    return invariants.Finding("I9", "no NIK and no mobile number in the raw database file", tuple(found))
