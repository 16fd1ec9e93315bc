"""Backups: one file that holds the whole database as it was at one instant, and a manifest that says of what.

The file is a ZIP archive of ``manifest.json`` and the dump: of SQLite the copied database, of PostgreSQL what
``pg_dump --format=custom`` wrote. The keys are never inside: whoever finds the file alone can read no name.
"""

from __future__ import annotations

from .archive import Archive, open_archive
from .making import examine, make_backup
from .manifest import BackupFailed, Manifest, PlaceTaken, ProgramsMissing
from .postgresql import Programs

__all__ = [
    "Archive",
    "BackupFailed",
    "Manifest",
    "PlaceTaken",
    "Programs",
    "ProgramsMissing",
    "examine",
    "make_backup",
    "open_archive",
]
