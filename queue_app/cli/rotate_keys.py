"""Replace the keys while the program serves."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy.exc import OperationalError

from queue_app.adapters.key_content import DATA, KeyFile
from queue_app.adapters.key_file import load_key_file, replace_key_file, replacing
from queue_app.db import unit_of_work
from queue_app.jobs import keys
from queue_app.jobs.context import keyring
from queue_app.services.records.key_change import BROWSERS_HOLD
from queue_app.services.records.key_checks import adopt_keys

from .group import explained, main, opened_app

KEYS = {"data": DATA, "person-index": "person_index", "ticket": "ticket", "session": "cookie"}  # by what they are for
SAID = {key: name for name, key in KEYS.items()}
TRIES, PAUSE = 60, 2.0  # seconds between two
Done = TypeVar("Done")


@main.command("rotate-keys")
@click.option("--only", type=click.Choice(list(KEYS)), multiple=True, help="Not all keys, but this one; repeatable.")
@click.option("--prepare", is_flag=True, help="Several machines: only add the new keys to this machine's file.")
@explained
def rotate_keys(only: Sequence[str], prepare: bool) -> None:
    """Replace the keys for personal data, the person index, tickets and sessions, while the program serves.

    Killed anywhere, run it again: it goes on. The key of the audit log stays, because its chain hangs on it.
    """
    app = opened_app()
    path = app.extensions["settings"].keys_file
    try:
        with app.app_context(), replacing(path):
            with unit_of_work() as session:  # a database that was never served knows none yet
                adopt_keys(session, keyring(), file=path)
            _rotate(path, [KEYS[name] for name in only or KEYS], prepare=prepare)
    except BlockingIOError:
        raise click.ClickException("Another rotate-keys, or the job finish-key-change, is at work here.") from None


def _rotate(path: Path, wanted: Sequence[str], *, prepare: bool) -> None:
    file = load_key_file(path)
    waiting = file.waiting(keyring())
    begun = [row.name for row in keys.former_keys() if row.settled_at is None]
    if waiting:
        then = "No others are made" if prepare else "They are put in force now, and no others made"
        click.echo(f"New keys wait in {path}: {_names(waiting)}. {then}.")
    elif begun:
        click.echo(f"An earlier rotation was interrupted; it is finished now, and no new one begun ({_list(begun)}).")
    else:
        click.echo("Backups of before this open with the key file of before it only: keep a copy of that for them.")
        file = _add(path, file, wanted)
        waiting = frozenset(wanted)
    if prepare:
        click.echo("Copy the file to every other machine (mode 600), then: queue-app rotate-keys")
        return
    if waiting:
        changed = _patiently(lambda: keys.change_to(file))
        click.echo(f"In force from now on, in every process: {_list(changed)}.")
    keys.settle(lambda what, last, of: click.echo(f"  {what}: {last} of {of}"))
    click.echo("Everything stored is under the new keys.")
    _patiently(keys.forget)
    keys.tidy_file()
    _tell_what_is_left()


def _add(path: Path, file: KeyFile, wanted: Sequence[str]) -> KeyFile:
    added = file.with_new(wanted)
    replace_key_file(path, added)
    click.echo(f"New keys are in {path}, and not in force yet: {_names(wanted)}.")
    return added


def _patiently(change: Callable[[], Done]) -> Done:
    """It wants the table of keys for itself, and a backup may be reading it. Raises OperationalError in the end."""
    for _ in range(TRIES):
        try:
            return change()
        except OperationalError:
            click.echo("Somebody does not let go of the database (a backup?): tried again in a moment.")
            time.sleep(PAUSE)
    return change()


def _tell_what_is_left() -> None:
    left = keys.former_keys()
    for row in left:
        if row.name == "ticket":
            click.echo("The former ticket key goes on for the tickets given under it, until the last day of theirs.")
        else:
            hours = BROWSERS_HOLD.total_seconds() / 3600
            click.echo(f"The former key {row.name} opens what browsers hold, for {hours:.0f} hours.")
    if left:
        click.echo("After that the job finish-key-change takes them out. Then the file can be copied once more.")


def _names(chosen: Sequence[str] | frozenset[str]) -> str:
    return ", ".join(name for key, name in SAID.items() if key in chosen)


def _list(names: Sequence[str]) -> str:
    return ", ".join(SAID.get(name, name) for name in names)
