"""The nightly backup: made while the program runs, looked at, written down; only then do the oldest ones go."""

from __future__ import annotations

import socket
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from queue_app.adapters.backup import BackupFailed, Programs, examine, make_backup
from queue_app.config import Settings, environment_for_programs
from queue_app.db import unit_of_work
from queue_app.domain.backups import backup_name, backups_to_keep, is_backup_due, read_backup_name
from queue_app.models import Backup
from queue_app.queries.records.restorations import first_zone, last_backup

from .context import now, reading, settings, stop_requested


def back_up() -> int:
    """1 when a backup was made. Raises BackupFailed with what an operator can do."""
    if not settings().backup:
        return 0
    with reading() as session:
        last, zone = _last_good(session), first_zone(session)
    if not is_backup_due(last, zone=zone, now=now()):
        return 0
    folder = settings().backup_folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise BackupFailed(f"The folder {folder} cannot be made: {problem.strerror}.") from None
    file, made_at = _make(folder)
    with unit_of_work() as session:
        session.add(Backup(made_at=made_at, file=str(file), host=socket.gethostname(), bytes=file.stat().st_size))
    remove_old(folder, zone=zone, keep=(settings().backup_days, settings().backup_weeks))
    return 1


def _last_good(session: Session) -> datetime | None:
    """None also when the file of the last one is gone from this machine."""
    row = last_backup(session)
    return None if row is None or is_gone(row) else row.made_at


def is_gone(backup: Backup) -> bool:
    """Whether its file lay on this machine and lies there no more."""
    return backup.host == socket.gethostname() and not Path(backup.file).exists()


def programs_of(settings: Settings) -> Programs:
    return Programs(settings.postgresql_programs, environment_for_programs())


def _make(folder: Path) -> tuple[Path, datetime]:
    file = folder / backup_name(now())
    programs = programs_of(settings())
    url, clock = settings().dumped_url, current_app.extensions["clock"]
    manifest = make_backup(url, file, clock=clock, programs=programs, replace=True, stop=stop_requested)
    try:
        examine(file, scratch=folder, programs=programs)
    except BackupFailed:
        file.unlink(missing_ok=True)
        raise
    return file, manifest.made_at


def remove_old(folder: Path, *, zone: str, keep: tuple[int, int]) -> None:
    """Of the files that this job has named. ``keep``: days and weeks."""
    days, weeks = keep
    made = {instant: path for path in folder.iterdir() if (instant := read_backup_name(path.name)) is not None}
    for instant in made.keys() - backups_to_keep(made, days=days, weeks=weeks, zone=zone):
        made[instant].unlink(missing_ok=True)
