"""The `queue-app` command itself, and how its failures are told."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from sqlalchemy.exc import OperationalError

from queue_app.adapters.backup import BackupFailed
from queue_app.adapters.keyring import KeyringMissing
from queue_app.migrating import HalfRestored

P = ParamSpec("P")
R = TypeVar("R")


@click.group()
def main() -> None:
    """Appointments, QR tickets and check-in for civil-registry offices."""
    os.umask(0o077)  # keys, database and outbox are nobody else's
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("queue_app").setLevel(logging.INFO)


def explained(command: Callable[P, R]) -> Callable[P, R]:
    """Failures that an operator can mend end with a sentence, not with a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (KeyringMissing, BackupFailed, HalfRestored, ValueError) as problem:
            raise click.ClickException(str(problem)) from None
        except OperationalError as problem:
            reason = str(problem.orig).strip().splitlines()[0]
            raise click.ClickException(f"The database does not answer: {reason}") from None

    return run
