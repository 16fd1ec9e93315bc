"""List the tickets that the database holds and a backup does not, for whoever goes back to that backup."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.orm import Session

from queue_app.adapters.backup import open_archive
from queue_app.adapters.table_export import csv_rows
from queue_app.db import unit_of_work
from queue_app.domain.data_rights import ProcessingSuspended
from queue_app.domain.reasons import ContactPurpose
from queue_app.domain.roles import Actor
from queue_app.queries.booking.contacts import Contact
from queue_app.queries.records.changes import ChangedTicket, acts_since, tickets_changed_since
from queue_app.services.booking.contacts import reveal_contact

from .backup import FILE
from .group import explained, main, opened_app

OPERATOR = Actor.system("command-line")
# What was begun before the copy and stored after it is in the list too, and some that the copy has: those do no harm.
COMMITTED_WITHIN = timedelta(minutes=1)
COLUMNS = ["apa", "kode", "kantor", "layanan", "hari", "jam", "nomor", "keadaan", "nama", "telepon", "surel"]


@main.command("changes-since")
@click.argument("backup", type=FILE)
@click.argument("target", metavar="LIST", type=FILE)
@explained
def changes_since(backup: Path, target: Path) -> None:
    """Write every ticket that was made or changed since BACKUP into LIST (CSV), and count what else was done.

    Whose contact stands in the list is in the audit log.
    """
    since = open_archive(backup).manifest.made_at - COMMITTED_WITHIN
    if target.exists():
        raise ValueError(f"{target} is there already: choose another name.")
    app = opened_app()
    with app.app_context(), unit_of_work() as session:
        acts = acts_since(session, since)
        tickets = tickets_changed_since(session, since, keyring=app.extensions["keyring"])
        rows = list(_rows(app, session, tickets))
    _write(target, rows)  # not before it stands in the audit log whose contact was shown
    new = sum(one.is_new for one in tickets)
    click.echo(
        f"Since {since:%Y-%m-%d %H:%M:%S} UTC: {new} tickets booked, {len(tickets) - new} others changed: {target}"
    )
    click.echo("It holds names and telephone numbers: give it to the desk, and delete it when all is entered again.")
    for action, times in acts:
        click.echo(f"{times:>7}  {action}")


def _write(target: Path, rows: Sequence[dict[str, str]]) -> None:
    try:
        opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as problem:
        raise ValueError(f"{target} cannot be written: {problem.strerror}.") from None
    with open(opened, "w", encoding="utf-8", newline="") as file:
        file.writelines(csv_rows(COLUMNS, rows))


def _rows(app: Flask, session: Session, tickets: Sequence[ChangedTicket]) -> Iterator[dict[str, str]]:
    contacts: dict[int, Contact] = {}
    for one in tickets:
        if one.booking_id not in contacts:
            contacts[one.booking_id] = _contact(app, session, one)
        cells = (
            "baru" if one.is_new else "berubah",
            *(one.code, one.office, one.service, f"{one.starts_at:%Y-%m-%d}", f"{one.starts_at:%H.%M}"),
            *(one.number, one.state, one.name or "", *_cells(contacts[one.booking_id])),
        )
        yield dict(zip(COLUMNS, cells, strict=True))


def _cells(contact: Contact) -> tuple[str, str]:
    return contact.phone or "", contact.email or ""


def _contact(app: Flask, session: Session, one: ChangedTicket) -> Contact:
    now: datetime = app.extensions["clock"].now()
    who = {"purpose": ContactPurpose.RESTORE, "keyring": app.extensions["keyring"], "actor": OPERATOR, "now": now}
    try:
        return reveal_contact(session, one.booking_id, office_id=one.office_id, **who)
    except ProcessingSuspended:
        return Contact(None, None)
