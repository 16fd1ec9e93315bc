"""`queue-app api-key`: keys for programs of partners."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from queue_app.db import db, unit_of_work
from queue_app.domain.api_keys import LIMIT_MAX, Scope
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Actor
from queue_app.models import ApiKey
from queue_app.services.access import api_keys

from .group import opened_app

OPERATOR = Actor.system("command-line")
SCOPES = ", ".join(Scope)
REFUSALS: dict[str, Callable[[DomainError], str]] = {
    "unknown_scope": lambda refusal: (
        f"No such scope: {', '.join(refusal.details['unknown']) or '(none given)'}. There are: {SCOPES}."
    ),
    "invalid_key_name": lambda refusal: "A name has 1 to 60 letters, digits, spaces and . ( ) / & - only.",
    "key_name_taken": lambda refusal: "A key of this name is in force. Revoke it first, or choose another name.",
    "not_found": lambda refusal: "No key of this name is in force; `queue-app api-key list` shows them.",
}


def add_api_key_commands(main: click.Group, explained: Callable[[Any], Any]) -> None:
    """Hang the commands into ``main``. ``explained`` turns failures that an operator can mend into a sentence."""

    @main.group("api-key")
    def group() -> None:
        """Keys for programs of partners."""

    @group.command("create")
    @click.option("--name", required=True, help="Whose program it is.")
    @click.option("--scope", "scopes", required=True, multiple=True, help=f"Of {SCOPES}; several with commas.")
    @click.option("--limit", type=click.IntRange(1, LIMIT_MAX), help="Requests a minute; without it: no limit.")
    @explained
    def create(name: str, scopes: tuple[str, ...], limit: int | None) -> None:
        """Make a key. It stands alone on the last line and is never shown again."""
        app = opened_app()
        try:
            with app.app_context(), unit_of_work() as session:
                key = api_keys.create(
                    session,
                    name=name,
                    scopes=[scope for group in scopes for scope in group.split(",")],
                    limit_per_minute=limit,
                    actor=OPERATOR,
                    now=app.extensions["clock"].now(),
                )
        except DomainError as refusal:
            raise click.ClickException(REFUSALS[refusal.code](refusal)) from None
        click.echo("Keep this key in a safe place: it is not stored here and cannot be shown again.")
        click.echo(key)

    @group.command("list")
    @explained
    def show_all() -> None:
        """List the keys, by name, beginning, scopes and limit."""
        with opened_app().app_context():
            for row in api_keys.all_keys(db.session()):
                click.echo(describe(row))

    @group.command("revoke")
    @click.argument("name")
    @explained
    def revoke(name: str) -> None:
        """Withdraw the key of this NAME; within 5 seconds it opens nothing any more."""
        app = opened_app()
        try:
            with app.app_context(), unit_of_work() as session:
                api_keys.revoke(session, name, actor=OPERATOR, now=app.extensions["clock"].now())
        except DomainError as refusal:
            raise click.ClickException(REFUSALS[refusal.code](refusal)) from None
        click.echo(f"The key of {name} is revoked.")


def describe(row: ApiKey) -> str:
    """One line of the list."""
    limit = f"{row.limit_per_minute} a minute" if row.limit_per_minute else "no limit"
    until = f", revoked {row.revoked_at:%Y-%m-%d}" if row.revoked_at else ""
    return f"{row.id:>3}  {row.name}  {row.shown}…  {row.scopes}  {limit}, made {row.created_at:%Y-%m-%d}{until}"
