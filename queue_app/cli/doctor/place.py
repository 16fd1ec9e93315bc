"""The machine and the folders: clock, zones, disks, owners, permissions, the key file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from pwd import getpwuid
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from queue_app.adapters.kernel_clock import Kept, kept
from queue_app.adapters.key_file import KeyringMissing, load_keyring
from queue_app.config import Settings

from .findings import Finding, good, look, wrong

OFFSETS = {"Asia/Jakarta": 7, "Asia/Pontianak": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}  # hours (Keppres 41/1987)
LEAST_ROOM = 64 * 1024**2  # bytes: as much as the log of a SQLite database grows to in a rush
LEAST_FILES = 100  # that still fit on a disk
LEAST_SHARE = 0.1  # of a disk; the alert of Prometheus has the same
MOST_FILES = 5_000  # of a folder are looked at
OTHERS = 0o077


def kernel_clock() -> Iterator[Finding]:
    mend = "Install chrony, or switch systemd-timesyncd on; `timedatectl` says how it stands."
    match kept():
        case Kept.BY_A_SERVER:
            yield good("clock", "A time server keeps the machine's clock, as the kernel says.")
        case Kept.BY_NOBODY:
            yield look("clock", "No time server keeps the machine's clock, as the kernel says.", mend)
        case Kept.UNKNOWN:
            yield look("clock", "The kernel does not say whether a time server keeps the machine's clock.", mend)


def zones() -> Iterator[Finding]:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    missing, other = [], []
    for name, hours in OFFSETS.items():
        try:
            offset = moment.astimezone(ZoneInfo(name)).utcoffset()
        except (ZoneInfoNotFoundError, OSError, ValueError):
            missing.append(name)
        else:
            if offset is None or offset.total_seconds() != hours * 3600:
                other.append(name)
    if missing or other:
        names = ", ".join(missing + other)
        yield wrong("zones", f"The time zone data is missing or not right for {names}.", "pip install --upgrade tzdata")
    else:
        yield good("zones", f"WIB, WITA and WIT are known ({', '.join(OFFSETS)}).")


def disks(settings: Settings) -> Iterator[Finding]:
    for name, folder in _folders(settings).items():
        yield from _disk(name, folder)


def _folders(settings: Settings) -> dict[str, Path]:
    folders = {"instance folder": settings.instance}
    if settings.sqlite_file:
        folders["folder of the database"] = settings.sqlite_file.absolute().parent
    if settings.backup:
        folders["backup folder"] = settings.backup_folder
    seen: dict[Path, str] = {}
    return {name: folder for name, folder in folders.items() if seen.setdefault(folder, name) == name}


def _disk(name: str, folder: Path) -> Iterator[Finding]:
    if not folder.is_dir():
        if name == "backup folder":
            remedy = "If it is on another disk, mount that; else the first backup makes it."
            yield look("disk", f"The {name} {folder} is not there.", remedy)
        else:
            yield wrong(
                "disk", f"The {name} {folder} is not there.", "queue-app init, or set QUEUE_APP_INSTANCE right."
            )
        return
    disk = os.statvfs(folder)
    free, size = disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize
    room = f"{free / 1024**3:.1f} GB of {size / 1024**3:.1f} GB are free"
    if disk.f_flag & os.ST_RDONLY:
        yield wrong("disk", f"The {name} {folder} is on a disk that is mounted read-only.", "See `dmesg`: it may fail.")
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        sentence = f"{_account(os.geteuid())} may not write to the {name} {folder}."
        yield wrong("disk", sentence, _leave(folder))
    elif free < LEAST_ROOM or (disk.f_files and disk.f_favail < LEAST_FILES):
        files = "" if free < LEAST_ROOM else ", but no further files fit"
        yield wrong("disk", f"The {name} {folder} is full: {room}{files}.", "Make room: without it nobody can book.")
    elif free < LEAST_SHARE * size:
        yield look("disk", f"The {name} {folder} gets full: {room}.", "Make room.")
    else:
        yield good("disk", f"The {name} {folder} takes what is written: {room}.")


def _leave(path: Path) -> str:
    owner = path.stat().st_uid
    if owner == os.geteuid():
        return f"chmod u+rw{'x' if path.is_dir() else ''} {path}"
    return f"It belongs to {_account(owner)}: run this as that account, or give it to the one that serves."


def database_file(file: Path) -> Iterator[Finding]:
    """Of SQLite, with its log: a copy that was put back by another account is often theirs."""
    for path in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        if path.is_file() and not os.access(path, os.R_OK | os.W_OK):
            yield wrong("database", f"{_account(os.geteuid())} may not write to {path}: nobody can book.", _leave(path))


def owners(settings: Settings) -> Iterator[Finding]:
    """Of the instance folder and what is in it: all is the program's own account's, and closed to others."""
    folder = settings.instance
    if not folder.is_dir():
        return
    owner = folder.stat().st_uid
    if os.geteuid() != owner:
        sentence = f"This runs as {_account(os.geteuid())}, and {folder} belongs to {_account(owner)}."
        yield look(
            "folders", sentence, f"Run it as {_account(owner)} (docs/operators.md): then it sees what the program does."
        )
    files = [path for path in _inside(settings) if path.exists() and not path.is_symlink()]
    strangers = [path for path in files if path.stat().st_uid != owner]
    open_ones = [path for path in (folder, *files) if path.stat().st_mode & OTHERS and path != settings.keys_file]
    if strangers:
        sentence = f"{_some(strangers)} in {folder} belong to another account than the folder."
        yield wrong("folders", sentence, f"chown -R {_account(owner)} {folder}")
    if open_ones:
        yield look("folders", f"Others may read {_some(open_ones)} in {folder}.", f"chmod -R go= {folder}")
    if not strangers and not open_ones:
        yield good("folders", f"{folder} and its files belong to {_account(owner)}, and are closed to others.")


def _inside(settings: Settings) -> Iterator[Path]:
    folders = (settings.instance, settings.anchors_folder, settings.outbox_folder, settings.backup_folder)
    for folder in folders:
        if folder.is_dir() and folder.is_relative_to(settings.instance):
            yield from islice(folder.iterdir(), MOST_FILES)


def _some(paths: list[Path]) -> str:
    """Names of files, which are never those of people; the recipients of messages stand inside."""
    names = ", ".join(sorted(path.name for path in paths)[:3])
    return names if len(paths) <= 3 else f"{names} and {len(paths) - 3} more"


def _account(uid: int) -> str:
    try:
        return getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def key_file(settings: Settings) -> Iterator[Finding]:
    file = settings.keys_file
    try:
        keyring = load_keyring(file)
    except KeyringMissing as problem:
        yield wrong("keys", str(problem))
        return
    mode, owner = stat.S_IMODE(file.stat().st_mode), file.stat().st_uid
    if owner != settings.instance.stat().st_uid:
        sentence = f"The key file belongs to {_account(owner)}, and its folder to another account."
        yield wrong("keys", sentence, f"chown {_account(settings.instance.stat().st_uid)} {file}")
    else:
        yield good("keys", f"{file} is whole ({len(keyring.data)} data keys) and its owner's only ({mode:o}).")
