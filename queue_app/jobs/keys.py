"""Change over from former keys to those in force: what is stored under them, the tables that name them, the file.

Each step can be repeated, and whoever runs next finds by the tables what is left to do.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from queue_app.adapters.key_content import KeyFile
from queue_app.adapters.key_file import load_key_file, replace_key_file, replacing
from queue_app.adapters.keys_in_use import KeysInUse
from queue_app.db import unit_of_work
from queue_app.domain.clock import office_date
from queue_app.domain.keyring import is_data_key
from queue_app.models import Booking, FormerKey, Office, Ticket
from queue_app.queries.records.sealed_rows import SEALED
from queue_app.services.records import key_change, resealing

from .context import keyring, now, reading, settings, stop_requested

BATCH = 200  # rows a transaction: nobody who books waits for it
PATIENCE = 2.0  # seconds for which everybody else may have to wait, because somebody does not end
Progress = Callable[[str, int, int], None]  # what is brought under the new keys, up to which id, of how many


def no_progress(_what: str, _done: int, _of: int) -> None: ...


def keys_in_use() -> KeysInUse:
    keys: KeysInUse = current_app.extensions["keys"]
    return keys


def change_to(file: KeyFile) -> tuple[str, ...]:
    """Put the newest keys of the file in force; the names of those that were not. Raises KeysDoNotFit, and
    OperationalError where somebody does not let go of the table of keys."""
    with unit_of_work(PATIENCE, changes_keys=True) as session:
        day = _earliest_day(session)
        changed = key_change.change_keys(session, file.keyring(), file.keyring, today=day, now=now())
    with reading() as session:
        keys_in_use().follow(session)
    return changed


def former_keys() -> list[FormerKey]:
    with reading() as session:
        return key_change.former_keys(session)


def settle(progress: Progress = no_progress) -> int:
    """Bring everything under the keys in force; how many batches that took.

    What is sealed is looked at as long as a former data key is known: somebody may have moved to another hour, with
    what they had read, while it was sealed anew.
    """
    former = former_keys()
    open_yet = {row.name for row in former if row.settled_at is None}
    done = 0
    if "person_index" in open_yet:
        done += _reindex(progress)
    if any(is_data_key(row.name) for row in former):
        done += sum(_reseal(table, progress) for table in SEALED)
    if open_yet and not stop_requested():
        with unit_of_work() as session:
            key_change.settle(session, open_yet, now=now())
    return done


def forget() -> tuple[str, ...]:
    """Forget former keys of which nothing is left. Raises OperationalError as `change_to`."""
    with reading() as session:  # without holding anybody up
        if not key_change.is_any_over(session, keyring(), today=_earliest_day(session), now=now()):
            return ()
    with unit_of_work(PATIENCE, changes_keys=True) as session:
        return key_change.forget_keys(session, keyring(), today=_earliest_day(session), now=now())


def tidy_file() -> bool:
    """Take out of the file what is neither in force nor read nor waiting; whether there was any. The caller is alone at
    it (`key_file.replacing`)."""
    path = settings().keys_file
    with reading() as session:
        in_force = keys_in_use().follow(session)
    file = load_key_file(path)
    tidied = file.without_former(in_force)
    if tidied == file:
        return False
    replace_key_file(path, tidied)
    return True


def finish_key_change() -> int:
    """The job: go on with what was begun and interrupted, and forget what is over."""
    try:
        with replacing(settings().keys_file):
            done = settle()
            with contextlib.suppress(OperationalError):  # a backup reads that table: the next run will do
                done += len(forget())
            return done + tidy_file()
    except BlockingIOError:
        return 0  # somebody is at it


def _reindex(progress: Progress) -> int:
    def reindex(session: Session, after: int) -> int | None:
        return resealing.reindex(session, keyring(), after=after, limit=BATCH)

    def forget_digests(session: Session, after: int) -> int | None:
        return resealing.forget_digests(session, after=after, limit=BATCH)

    done = _in_batches(reindex, "person index", Ticket, progress)
    return done + _in_batches(forget_digests, "requests", Booking, progress)


def _reseal(table: Any, progress: Progress) -> int:
    def reseal(session: Session, after: int) -> int | None:
        return resealing.reseal(session, table, keyring(), after=after, limit=BATCH)

    return _in_batches(reseal, f"sealed in {table.__tablename__}", table, progress)


def _in_batches(sweep: Callable[[Session, int], int | None], what: str, table: Any, progress: Progress) -> int:
    """Sweep over ids until there are no more; how many batches."""
    with reading() as session:
        of = session.scalar(select(func.max(table.id))) or 0
    after, batches = 0, 0
    while not stop_requested():
        with unit_of_work() as session:
            last = sweep(session, after)
        if last is None:
            break
        after, batches = last, batches + 1
        progress(what, after, max(of, after))
    return batches


def _earliest_day(session: Session) -> date:
    """Of all offices now: what is over there is over everywhere."""
    zones = session.scalars(select(Office.time_zone).distinct()).all()
    return min((office_date(now(), zone) for zone in zones), default=now().date())
