"""After a mistake of the clock: the people of a day did not stay away."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy import select

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Actor
from queue_app.models import Office
from queue_app.services.arrivals.no_shows import take_back_day

from .group import explained, main, opened_app

BATCH = 500  # tickets a transaction


@main.command("take-back-no-shows")
@click.option("--office", "slug", required=True, help="Office slug.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="For example 2026-11-23.")
@click.option("--reason", required=True, help="Stands in the audit log of every ticket.")
@explained
def take_back_no_shows(slug: str, day: datetime, reason: str) -> None:
    """Make every ticket of a day that was marked as missed valid again; running it twice does no harm."""
    app = opened_app()
    taken = left = after = 0
    with app.app_context():
        office_id = db.session.scalar(select(Office.id).where(Office.slug == slug))
        if office_id is None:
            raise click.ClickException(f"No such office: {slug}.")
        try:
            while True:
                with unit_of_work() as session:
                    by = {"actor": Actor.system("command-line"), "now": app.extensions["clock"].now()}
                    done, stayed, last = take_back_day(
                        session, office_id, day.date(), after=after, reason=reason, **by, limit=BATCH
                    )
                taken, left = taken + done, left + stayed
                if not last:
                    break
                after = last
        except DomainError:
            raise click.ClickException("The reason is missing, too long, or holds a number of a person.") from None
    click.echo(f"{taken} valid again, {left} stay as they are (booked again since, or more than a week ago).")
