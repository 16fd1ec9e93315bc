"""Whether the disk takes what is written to it."""

from __future__ import annotations

import errno
import os
import tempfile
import threading
import time
from enum import StrEnum
from pathlib import Path

TRIAL = 64 * 1024  # bytes: several times what a booking adds to a database
LOOK_EVERY = 5.0  # seconds


class WritingTrouble(StrEnum):
    """Why nothing can be written."""

    FULL = "disk"
    READ_ONLY = "read-only"


class RoomWatch:
    """Tries, at most every few seconds, to write beside a file. Nothing is left behind by it."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, threading.Lock()
        self._looked_at = -LOOK_EVERY
        self._found: WritingTrouble | None = None
        self.now = time.monotonic

    def trouble(self) -> WritingTrouble | None:
        """As it was a few seconds ago at most."""
        with self._lock:
            if self.now() - self._looked_at >= LOOK_EVERY:
                self._found, self._looked_at = writing_trouble(self._file), self.now()
            return self._found


def writing_trouble(file: Path) -> WritingTrouble | None:
    """None when the file may be written to, and its folder has room for more."""
    if file.exists() and not os.access(file, os.W_OK):
        return WritingTrouble.READ_ONLY
    try:
        with tempfile.TemporaryFile(dir=file.parent, buffering=0) as trial:
            trial.write(bytes(TRIAL))
            os.fsync(trial.fileno())  # some disks say only then that they are full
    except OSError as problem:
        full = problem.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        return WritingTrouble.FULL if full else WritingTrouble.READ_ONLY
    return None
