"""The clock that the jobs go by: show it, and say that it is right."""

from __future__ import annotations

import sys

import click

from queue_app.db import db, unit_of_work
from queue_app.domain.clock_trust import Doubt
from queue_app.domain.roles import Actor
from queue_app.queries.records.clock_trust import database_time
from queue_app.services.records.clock_trust import confirm_clock, observe

from .group import explained, main, opened_app

DOUBTS = {
    Doubt.JUMPED: "The clock was set by more than an hour.",
    Doubt.UNSEEN: "The clock is more than an hour away from the last time known; the machine was off meanwhile.",
    Doubt.DATABASE: "The database's clock tells another time. Put both right: confirming does not help.",
}
OPERATOR, REASON = Actor.system("command-line"), "Dipastikan oleh pengelola server"
SHOWN = "%Y-%m-%d %H:%M:%S UTC"


@main.command()
@click.option("--confirm", is_flag=True, help="You have compared it with another clock: it is right.")
@explained
def clock(confirm: bool) -> None:
    """Show the clock that the jobs go by; exit with 1 while it is doubted and they wait."""
    app = opened_app()
    with app.app_context():
        told = database_time(db.session())
        click.echo(f"This machine: {app.extensions['clock'].now():{SHOWN}}")
        if told is not None:
            click.echo(f"The database: {told:{SHOWN}}")
        with unit_of_work() as session:
            if confirm:
                by = Actor.system("command-line")
                doubt = confirm_clock(
                    session, app.extensions["clock"], actor=by, reason="Dipastikan oleh pengelola server"
                )
            else:
                doubt = observe(session, app.extensions["clock"])
    if doubt is None:
        click.echo("It is believed: the jobs go on.")
        return
    click.echo(f"{DOUBTS[doubt]} The jobs wait.")
    if doubt is not Doubt.DATABASE:
        click.echo("If this machine's time is right: queue-app clock --confirm")
    sys.exit(1)
