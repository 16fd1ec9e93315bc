"""The order in which SQLite is written to."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakSet

from sqlalchemy.exc import OperationalError

from .measures import WRITER_WAIT
from .tally import observe

LOOK_AGAIN = 0.001  # seconds; only one thread of each process does so, and a turn takes longer

log = logging.getLogger(__name__)


class WritersTurn:
    """The order of those who write to one SQLite file.

    The database knows one writer at a time, and lets the others sleep and look again, up to a tenth of a second at
    once, in no order; here they are woken when it is their turn. What keeps them apart is the database's own lock.
    So whatever happens to the file of the turn, nobody is kept from writing for it.

    Threads wait for a lock, processes for a file that is locked; a process that dies lets go of it. The file is opened
    for each turn: one that was deleted or replaced meanwhile would be the turn of this process alone.
    """

    def __init__(self, database: str, *, patience: float) -> None:
        """``patience``: seconds that a writer waits for the others."""
        self._path, self._patience = f"{database}-turn", patience
        self._trouble: str | None = None
        self._let_go()
        _ALL.add(self)

    @contextmanager
    def taken(self, by: object) -> Iterator[None]:
        self.take(by)
        try:
            yield
        finally:
            self.end(by)

    def take(self, by: object, patience: float | None = None) -> None:
        """Wait for the turn; raise OperationalError after so many seconds. ``by``: whoever will end it."""
        patience = self._patience if patience is None else patience
        began = time.monotonic()
        try:
            if not self._lock.acquire(timeout=patience):
                raise _locked()
            try:
                self._lock_file(began + patience)
                self._holder = by
            except BaseException:
                self._leave()
                raise
        finally:
            observe(time.monotonic() - began, WRITER_WAIT)

    def end(self, by: object) -> None:
        """Does nothing for whoever does not have the turn: also in a process that was forked during it."""
        if self._holder is by:
            self._leave()

    def _lock_file(self, until: float) -> None:
        """Looks again and again, because no wait for a file has an end of its own: its holder may be frozen."""
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            while not _flock(self._file):
                if time.monotonic() >= until:
                    raise _locked()
                time.sleep(LOOK_AGAIN)
        except OSError as problem:
            self._report(type(problem).__name__)
        else:
            self._report(None)

    def _report(self, trouble: str | None) -> None:
        if trouble and not self._trouble:
            log.warning("writers of several processes find no order among them, and go on: %s", trouble)
        self._trouble = trouble

    def _leave(self) -> None:
        file, self._file, self._holder = self._file, None, None
        try:
            if file is not None:
                _unlock(file)
        finally:
            self._lock.release()

    def _let_go(self) -> None:
        self._lock, self._file, self._holder = threading.Lock(), None, None

    def begin_in_child(self) -> None:
        """In a process just forked: the turn that somebody had stays theirs, in the process where they are.

        What was inherited is closed and not unlocked, because the lock is of both; and left open, the file would stay
        locked when the other process dies.
        """
        inherited = self._file
        self._let_go()
        if inherited is not None:
            os.close(inherited)

    _lock: threading.Lock
    _file: int | None
    _holder: object


_ALL: WeakSet[WritersTurn] = WeakSet()


def _begin_in_child() -> None:
    for turn in list(_ALL):
        turn.begin_in_child()


os.register_at_fork(after_in_child=_begin_in_child)


def _flock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _unlock(file: int) -> None:
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)  # closing would not do, if a process was forked in between
    finally:
        os.close(file)


def _locked() -> OperationalError:
    return OperationalError(None, None, sqlite3.OperationalError("database is locked"))
