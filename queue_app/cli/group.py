"""The `queue-app` command itself, and how its failures are told."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask import Flask
from sqlalchemy.exc import OperationalError

from queue_app import create_app
from queue_app.adapters.backup import BackupFailed
from queue_app.adapters.key_file import KeyringMissing
from queue_app.adapters.log_lines import start_logging
from queue_app.config import log_as_json, settings_from
from queue_app.db import db
from queue_app.domain.keyring import KeysDoNotFit
from queue_app.migrating import DatabaseUnfit, require_current
from queue_app.services.records.key_checks import require_keys

P = ParamSpec("P")
R = TypeVar("R")


PROCESSES = {"serve": "web", "scheduler": "scheduler"}  # what a process is called in the log; all others: command
TELLS_ITSELF = "doctor"  # what is wrong with the settings, too


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Appointments, QR tickets and check-in for civil-registry offices."""
    os.umask(0o077)  # keys, database and outbox are nobody else's
    if context.invoked_subcommand == TELLS_ITSELF:
        return
    try:
        start_logging(PROCESSES.get(context.invoked_subcommand or "", "command"), as_json=log_as_json())
    except ValueError as problem:
        raise click.ClickException(str(problem)) from None


def explained(command: Callable[P, R]) -> Callable[P, R]:
    """Failures that an operator can mend end with a sentence, not with a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (BackupFailed, DatabaseUnfit, KeyringMissing, KeysDoNotFit, ValueError) as problem:
            raise click.ClickException(str(problem)) from None
        except OperationalError as problem:
            reason = str(problem.orig).strip().splitlines()[0]
            raise click.ClickException(f"The database does not answer: {reason}") from None

    return run


def opened_app() -> Flask:
    """The application as the environment sets it, on a database that is as new as the program and has these keys.

    Raises ValueError, KeyringMissing, DatabaseUnfit, KeysDoNotFit.
    """
    settings = settings_from()
    app = create_app(settings)
    with app.app_context():
        with db.engine.connect() as connection:
            require_current(connection)
        app.extensions["keys"].follow(db.session())
        require_keys(db.session(), app.extensions["keyring"], file=settings.keys_file)
        db.session.remove()
    return app
