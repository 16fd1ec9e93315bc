"""The keys that this process works with: those of its file that the database has in force, whenever it looks.

Nobody restarts a process when keys are changed. It looks at the beginning of each transaction that writes
(`db.unit_of_work`), and at the beginning of a request when there may be something to see. The claim of a place shows
its keys by itself (`services/booking/claim.py`). See docs/decisions/0028-key-rotation.md.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from queue_app.domain.keyring import KeysDoNotFit, differing
from queue_app.queries.records.key_checks import keys_in_force, stored_epoch

from .key_file import KeyringMissing, identity, load_key_file
from .keyring import FileKeyring

LOOK_EVERY = 1.0  # seconds in which a machine whose file is an old one notices that
log = logging.getLogger(__name__)


class KeysInUse:
    """``use``: told of each keyring that this process is to work with from now on, the first one included."""

    def __init__(self, path: Path, use: Callable[[FileKeyring], None]) -> None:
        self._path, self._use, self._lock = path, use, threading.RLock()
        self._seen, self._looked_at = identity(path), -LOOK_EVERY
        self._file = load_key_file(path)
        self._keyring, self._compared = self._file.keyring(), False
        self.now = time.monotonic
        self._said: str | None = None
        self.trouble: str | None = None  # in words: the database has others in force than the file has
        use(self._keyring)

    @property
    def unfit(self) -> bool:
        return self.trouble is not None

    def follow(self, session: Session) -> FileKeyring:
        """The keys in force, as the transaction of ``session`` sees them. On PostgreSQL they stay so until it ends: who
        changes them wants this table for themselves.

        Raises KeysDoNotFit when the file has not got them.
        """
        epoch = stored_epoch(session)
        if epoch is None or (epoch == self._keyring.epoch and self._compared):
            return self._keyring
        with self._lock:
            try:
                self._read_again()
            except KeyringMissing as problem:
                raise KeysDoNotFit(str(problem)) from None
            known = keys_in_force(session)
            keyring = self._file.keyring(known)
            names = differing(keyring.check_values, known.values)
            if names:
                self.trouble = (
                    f"{self._path} is not the key file of this database: it lacks keys that are in force "
                    f"({', '.join(names)}). Copy it from the machine on which `queue-app rotate-keys` ran, or put the "
                    "file back that belongs to the database."
                )
                raise KeysDoNotFit(self.trouble)
            # In this order: who sees here that nothing has changed goes on without the lock, and by what was used.
            self._use(keyring)
            self.trouble, self._said, self._compared = None, None, True
            self._keyring = keyring
        return keyring

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """No other thread changes over meanwhile: for who reads without writing, from before the first look on."""
        with self._lock:
            yield

    def follow_backup(self, session: Session) -> None:
        """As far as the file has what the backup knows; it may be of before there was anything to know."""
        tables = inspect(session.connection()).get_table_names()
        if {"key_check", "former_key"} <= set(tables):
            self._keyring = self._file.keyring(keys_in_force(session))
            self._use(self._keyring)

    def look(self, session: Callable[[], Session]) -> None:
        """What a request does first of all. Costs a look at the file, and a read of the database when the file is
        another one than before, while it holds a key that is not in force yet, and once a second.

        Changes nothing where file or database cannot be read: whoever needs them will hear.
        """
        moment = self.now()
        changed = identity(self._path) != self._seen
        must = bool(changed or self.trouble or self._file.waiting(self._keyring))
        if not must and moment - self._looked_at < LOOK_EVERY:
            return
        # Held from before the reading on, so that who read earlier has not the last word. Nobody waits here for another
        # one who looks, unless there is a new file: the database may be away, and who writes looks again.
        if not self._lock.acquire(blocking=changed):
            return
        self._looked_at = moment
        try:
            if changed:
                self._read_again()
            self.follow(session())
            session().commit()  # of what has only read (`db.end_reading`)
        except (KeysDoNotFit, KeyringMissing) as problem:
            self._say(str(problem))
        except SQLAlchemyError as problem:
            log.warning("which keys are in force cannot be seen: %s", type(problem).__name__)
        finally:
            self._lock.release()
            with contextlib.suppress(SQLAlchemyError):
                session().rollback()  # nothing is held while a page is made

    def _say(self, trouble: str) -> None:
        """Once: every request finds it anew."""
        if trouble != self._said:
            self._said = trouble
            log.error("%s", trouble)

    def _read_again(self) -> None:
        """Raises KeyringMissing."""
        seen = identity(self._path)
        if seen != self._seen:
            # An old file in its place is told before a start meets it, though the keys in memory are the right ones.
            self._file, self._seen, self._compared = load_key_file(self._path), seen, False
