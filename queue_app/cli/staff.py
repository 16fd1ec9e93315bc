"""Accounts of staff, made and let in again by the operator."""

from __future__ import annotations

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.db import unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Actor, Role
from queue_app.models import Office, Staff
from queue_app.services.access import attempts, password_resets, second_factor
from queue_app.services.access import staff as staff_service
from queue_app.services.access.password_rules import PASSWORD_MIN

from .group import explained, main, opened_app

OPERATOR = Actor.system("command-line")
NEW_PASSWORD = "/petugas/kata-sandi-baru/"  # as `web/staff/access/links.py` answers


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
                actor=OPERATOR,
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
        found, keyring, moment = _account(session, username), app.extensions["keyring"], app.extensions["clock"].now()
        attempts.allow_again(session, found.id, keyring=keyring, actor=OPERATOR, now=moment)
    click.echo(f"{username} may try again now.")


@main.group("staff")
def staff_group() -> None:
    """Let somebody in again who cannot come in by themselves."""


@staff_group.command("reset-password")
@click.argument("username")
@explained
def reset_password(username: str) -> None:
    """Print a one-time link (24 hours) with which USERNAME chooses a new password."""
    app = opened_app()
    with app.app_context(), unit_of_work() as session:
        found = _account(session, username)
        if not found.active:
            raise click.ClickException(f"The account {username} is deactivated: an administrator reactivates it.")
        moment = app.extensions["clock"].now()
        token = password_resets.make_link(session, found.id, made_by=None, actor=OPERATOR, now=moment)
    site = app.extensions["settings"].public_url
    click.echo(f"{site}{NEW_PASSWORD}{token}")
    click.echo("It works once, for 24 hours. The second factor, if there is one, stays as it is.")


@staff_group.command("reset-second-factor")
@click.argument("username")
@click.option("--reason", default="HP hilang, diatur ulang oleh operator", help="Stands in the audit log.")
@explained
def reset_second_factor(username: str, reason: str) -> None:
    """Turn off the codes of USERNAME, whose telephone and recovery codes are lost, and end their sessions."""
    app = opened_app()
    with app.app_context(), unit_of_work() as session:
        found, moment = _account(session, username), app.extensions["clock"].now()
        try:
            second_factor.reset(session, found.id, reason=reason, actor=OPERATOR, now=moment)
        except DomainError:
            raise click.ClickException("The reason has 3 to 300 characters and names nobody by a number.") from None
    click.echo(f"{username} logs in with the password alone; administrators and auditors then enrol again.")


def _account(session: Session, username: str) -> Staff:
    found = session.scalars(select(Staff).where(Staff.username == username.strip().lower())).one_or_none()
    if found is None:
        raise click.ClickException(f"There is no account {username}.")
    return found


STAFF_REFUSALS = {
    "weak_password": f"The password needs at least {PASSWORD_MIN} characters and must be hard to guess.",
    "username_taken": "That user name is taken.",
    "invalid_username": "A user name has 3 to 40 characters: a-z, 0-9, dot, dash, underscore.",
    "not_found": "There is no office yet: load one first (queue-app demo --without-citizens).",
}
