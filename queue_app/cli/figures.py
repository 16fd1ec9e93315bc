"""`queue-app figures`: count the figures of past days again."""

from __future__ import annotations

from datetime import date, datetime

import click
from sqlalchemy import select

from queue_app.db import db
from queue_app.jobs.figures import store_days
from queue_app.models import Office
from queue_app.queries.figures.due import finished_days

from .group import explained, main, opened_app

DAY = click.DateTime(["%Y-%m-%d"])


@main.group("figures")
def group() -> None:
    """Figures of finished days."""


@group.command("rebuild")
@click.option("--office", "slug", help="Office slug; without it every office.")
@click.option("--from", "first", type=DAY, help="First day, for example 2026-11-23.")
@click.option("--to", "last", type=DAY, help="Last day.")
@explained
def rebuild(slug: str | None, first: datetime | None, last: datetime | None) -> None:
    """Count every finished day again from what is stored of it; running it twice does no harm.

    A day of which tickets are gone keeps the figures that it has.
    """
    app = opened_app()
    with app.app_context():
        if slug is not None and db.session.scalar(select(Office.id).where(Office.slug == slug)) is None:
            raise click.ClickException(f"No such office: {slug}.")
        within = {"first": first.date() if first else date.min, "last": last.date() if last else date.max}
        days = finished_days(db.session(), now=app.extensions["clock"].now(), slug=slug, **within)
        stored = store_days(days)
    click.echo(f"{stored} days counted, {len(days) - stored} keep their figures: tickets of them are gone.")
