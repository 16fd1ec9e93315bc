"""The `queue-app` command itself, and how its failures are told."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from sqlalchemy.exc import OperationalError

from queue_app.adapters.keyring import KeyringMissing
from queue_app.adapters.log_lines import start_logging
from queue_app.config import log_as_json

P = ParamSpec("P")
R = TypeVar("R")


PROCESSES = {"serve": "web", "scheduler": "scheduler"}  # what a process is called in the log; all others: command


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Appointments, QR tickets and check-in for civil-registry offices."""
    os.umask(0o077)  # keys, database and outbox are nobody else's
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
        except (KeyringMissing, ValueError) as problem:
            raise click.ClickException(str(problem)) from None
        except OperationalError as problem:
            reason = str(problem.orig).strip().splitlines()[0]
            raise click.ClickException(f"The database does not answer: {reason}") from None

    return run
