"""The key file: the keys outside the database, readable by nobody but their owner.

Losing it loses the personal data: it belongs into the backup, apart from the database.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .drafts import publish
from .key_content import KeyFile, KeyringMissing, Misshapen, fresh_key, parsed
from .keyring import PURPOSES, FileKeyring

Identity = tuple[int, int, int]  # of a file: another one in its place has another


def create_keyring(path: Path) -> bool:
    """Make the key file with fresh keys, readable by its owner only. False when there is one: it is never replaced.

    Raises KeyringMissing where it cannot be written.
    """
    if path.exists():  # nothing is written then: a full disk must not keep a program with keys from starting
        return False
    fresh = KeyFile(1, {1: fresh_key()}, {purpose: (fresh_key(),) for purpose in PURPOSES})
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _write_whole(path, fresh.text(), over=False)
    except OSError as problem:
        raise KeyringMissing(f"The key file {path} cannot be made: {problem.strerror}.") from None


def replace_key_file(path: Path, file: KeyFile) -> None:
    """Put another one in its place, at once and on the disk for sure. Raises KeyringMissing; then the old one stays."""
    try:
        _write_whole(path, file.text(), over=True)
    except OSError as problem:
        raise KeyringMissing(f"The key file {path} cannot be replaced: {problem.strerror}.") from None


@contextmanager
def replacing(path: Path) -> Iterator[None]:
    """Nobody else on this machine replaces the file meanwhile. Raises BlockingIOError when somebody does."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the system lets go of it even at a `kill -9`
        for draft in path.parent.glob(f".{path.name}.*"):  # of one that was killed
            draft.unlink(missing_ok=True)
        yield
    finally:
        os.close(folder)


def _write_whole(path: Path, text: str, *, over: bool) -> bool:
    """The file appears whole or not at all, and never over another one unless it shall."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(text)
        publish(draft, path, replace=over)  # data sealed under a key that a power cut ate would be lost
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def identity(path: Path) -> Identity | None:
    """None where there is no such file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def load_keyring(path: Path) -> FileKeyring:
    """Its newest keys. Raises KeyringMissing with what to do."""
    return load_key_file(path).keyring()


def load_key_file(path: Path) -> KeyFile:
    """Raises KeyringMissing with what to do."""
    text = _read(path)
    try:
        return parsed(json.loads(text))
    except (ValueError, RecursionError) as problem:
        reason = str(problem) if isinstance(problem, Misshapen) else "it is no JSON"
        raise KeyringMissing(
            f"{path} is not a key file of this program ({reason}): put it back from the backup."
        ) from None


def _read(path: Path) -> str:
    """The text of a file that nobody but its owner may read. Raises KeyringMissing."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise KeyringMissing(f"{path} is not a file: put the key file back from the backup.")
        if status.st_mode & 0o077:
            raise KeyringMissing(
                f"Others than its owner may read or change the key file {path}: close it by `chmod 600 {path}`, and "
                "think about who may have copied it."
            )
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        raise KeyringMissing(f"No key file at {path}: run `queue-app init`, or put it back from the backup.") from None
    except OSError as problem:
        raise KeyringMissing(
            f"The key file {path} cannot be read ({problem.strerror}): it must belong to the account that the "
            "program runs under."
        ) from None
