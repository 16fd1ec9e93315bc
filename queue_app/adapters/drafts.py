"""Work in progress beside the file that it will become, and gone when its maker is, however that ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = ".queue-app-draft-"
RESERVE = 32 * 1024**2  # bytes that stay free on the disk whatever is made: the database itself has to go on


@contextmanager
def draft_folder(parent: Path) -> Iterator[Path]:
    """A folder of its own in ``parent``, removed at the end. One whose maker was killed is removed by the next.

    The lock on it is the maker's life: the system lets go of it even at a `kill -9`.
    """
    remove_abandoned(parent)
    folder = parent / f"{PREFIX}{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # somebody else's, at work, or removed by another one just now
            lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(lock)


def room_on(folder: Path) -> int:
    """Bytes that may be written there without taking the reserve."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize - RESERVE


def publish(draft: Path, target: Path, *, replace: bool) -> None:
    """Give a finished draft its name, when it is on the disk for sure. Raises FileExistsError unless ``replace``."""
    _sync(draft)
    draft.chmod(0o600)
    if replace:
        draft.replace(target)
    else:
        os.link(draft, target)  # unlike a rename, never over another one
        draft.unlink()
    _sync(target.parent)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
