"""A copy of a SQLite database while others write to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from .manifest import BackupFailed

PAGES = 500  # of a step: 2 MB, after which whoever wants to end is asked


def copy_database(source: Path, target: Path, *, stop: Callable[[], bool]) -> None:
    """Copy what was committed when this began.

    A copy in steps begins anew whenever another process has written between two of them, and under a rush it never
    ends. Within a read transaction it does not: in WAL mode that holds the state of one instant, and keeps no writer
    waiting. All it costs is that the log is not emptied meanwhile. Raises BackupFailed.
    """
    target.touch(mode=0o600)

    def between(_status: int, _left: int, _total: int) -> None:
        if stop():
            raise BackupFailed("The process was told to end before the backup was finished.")

    try:
        address = f"{source.absolute().as_uri()}?mode=rw"  # never make one where there is none
        with (
            closing(sqlite3.connect(address, uri=True, isolation_level=None)) as origin,
            closing(sqlite3.connect(target, isolation_level=None)) as copy,
        ):
            origin.execute("BEGIN")
            origin.execute("SELECT count(*) FROM sqlite_master").fetchone()  # here the transaction takes its instant
            origin.backup(copy, pages=PAGES, progress=between, sleep=0)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    except sqlite3.Error as problem:
        raise BackupFailed(f"The database cannot be copied: {problem}") from None


def examine_database(file: Path) -> None:
    """Raises BackupFailed unless SQLite finds every page, index and reference in order."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
            strays = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as problem:
        raise BackupFailed(f"The copied database is damaged: {problem}") from None
    if found != ["ok"] or strays:
        raise BackupFailed(f"The copied database is damaged: {found[0]}, {len(strays)} rows refer to nothing.")
