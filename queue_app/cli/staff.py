"""Accounts of staff, made and let in again by the operator."""

from __future__ import annotations

import click
from sqlalchemy import select

from queue_app.db import unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Actor, Role
from queue_app.models import Office, Staff
from queue_app.services.access import attempts
from queue_app.services.access import staff as staff_service
from queue_app.services.access.password_rules import PASSWORD_MIN

from .group import explained, main, opened_app


@main.command("create-staff")
@click.option("--username", required=True)
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--office", "slugs", multiple=True, help="Office slug; repeatable. Without it: all offices.")
@click.password_option(help="Asked for when not given; at least 12 characters.")
@explained
def create_staff(username: str, name: str, role: str, slugs: tuple[str, ...], password: str) -> None:
    """Create a member of staff."""
    app = opened_app()
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


@main.command("allow-attempts")
@click.option("--username", required=True)
@explained
def allow_attempts(username: str) -> None:
    """Let somebody try to log in anew whom wrong passwords make wait."""
    app = opened_app()
    with app.app_context(), unit_of_work() as session:
        found = session.scalars(select(Staff.id).where(Staff.username == username.strip().lower())).one_or_none()
        if found is None:
            raise click.ClickException(f"There is no account {username}.")
        keyring, moment = app.extensions["keyring"], app.extensions["clock"].now()
        attempts.allow_again(session, found, keyring=keyring, actor=Actor.system("command-line"), now=moment)
    click.echo(f"{username} may try again now.")


STAFF_REFUSALS = {
    "weak_password": f"The password needs at least {PASSWORD_MIN} characters and must be hard to guess.",
    "username_taken": "That user name is taken.",
    "invalid_username": "A user name has 3 to 40 characters: a-z, 0-9, dot, dash, underscore.",
    "not_found": "There is no office yet: load one first (queue-app demo --without-citizens).",
}
