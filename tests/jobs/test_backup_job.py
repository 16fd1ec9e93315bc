"""The nightly backup: made and looked at, the oldest removed, and visible when it fails."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters import drafts
from queue_app.adapters.backup import making
from queue_app.adapters.backup.sqlite import copy_database
from queue_app.config import Settings
from queue_app.domain.backups import read_backup_name
from queue_app.jobs.registry import JobFailed
from queue_app.models import Backup, JobRun
from tests.harness.backups import Installation, postgresql_programs
from tests.harness.fakes import FixedClock

Run = Callable[[str], int]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def folder(app: Flask, settings: Settings, tmp_path: Path) -> Path:
    """Where the job keeps backups, once it is switched on."""
    changes = {"backup": True, "backups": tmp_path / "kept", "backup_days": 3, "backup_weeks": 1}
    app.extensions["settings"] = replace(settings, **changes, postgresql_programs=postgresql_programs())
    return tmp_path / "kept"


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def last_error(session: Session) -> str | None:
    session.rollback()
    return session.scalar(select(JobRun.error).where(JobRun.name == "backup"))


def test_it_is_off_when_it_is_switched_off(run: Run, settings: Settings) -> None:
    assert run("backup") == 0
    assert not settings.backup_folder.exists()


def test_one_a_night_is_made_and_written_down(
    folder: Path, run: Run, session: Session, clock: FixedClock, settings: Settings
) -> None:
    assert run("backup") == 1
    assert run("backup") == 0, "not twice a day"
    (row,) = session.scalars(select(Backup))
    assert (row.made_at, row.host, row.bytes) == (clock.now(), socket.gethostname(), Path(row.file).stat().st_size)
    assert kept(folder) == [Path(row.file).name]
    Installation.of(settings).run("verify-backup", row.file)


def test_it_is_made_anew_when_its_file_is_gone(folder: Path, run: Run) -> None:
    run("backup")
    for path in folder.iterdir():
        path.unlink()
    assert run("backup") == 1


def test_the_oldest_go_and_what_is_not_ours_stays(folder: Path, run: Run, clock: FixedClock) -> None:
    folder.mkdir()
    (folder / "notes.txt").write_text("somebody's")
    for _ in range(6):
        assert run("backup") == 1
        clock.advance(days=1)
    names = kept(folder)
    assert "notes.txt" in names
    made = [at for name in names if (at := read_backup_name(name))]
    assert [clock.now() - at for at in made] == [timedelta(days=days) for days in (3, 2, 1)]


def test_a_bad_one_does_not_drive_out_the_last_good(
    folder: Path, run: Run, clock: FixedClock, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        run("backup")
        clock.advance(days=1)
    good = kept(folder)
    real = making.write_archive

    def torn(dump: Path, manifest: object, target: Path) -> None:
        """A disk that loses what it was given."""
        real(dump, manifest, target)  # type: ignore[arg-type]
        os.truncate(target, target.stat().st_size // 2)

    monkeypatch.setattr(making, "write_archive", torn)
    with pytest.raises(JobFailed):
        run("backup")
    assert kept(folder) == good
    assert "backup" in str(last_error(session)).lower()


def test_a_disk_that_would_get_full_is_left_alone(
    folder: Path, run: Run, clock: FixedClock, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup")
    good = kept(folder)
    clock.advance(days=1)
    disk = os.statvfs(folder)
    monkeypatch.setattr(drafts, "RESERVE", 2 * disk.f_bavail * disk.f_frsize)
    with pytest.raises(JobFailed, match="too little room"):
        run("backup")
    assert kept(folder) == good
    assert "too little room" in str(last_error(session))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """40 MB, of which 32 are the reserve."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=40M", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_disk_that_runs_full_in_the_middle_leaves_nothing_behind(
    folder: Path, app: Flask, run: Run, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], backups=small_disk)
    monkeypatch.setattr(making, "require_room", lambda *_: None)  # somebody else fills it after the look
    ballast = small_disk / "ballast"
    with ballast.open("wb") as file:
        file.write(bytes(40 * 1024**2 - 20 * 1024))
    with pytest.raises(JobFailed):
        run("backup")
    assert kept(small_disk) == ["ballast"]
    ballast.unlink()
    assert run("backup") == 1


@POSTGRESQL
@pytest.mark.parametrize("programs", ["missing", "older"])
def test_missing_programs_are_said_once_and_stay_visible(
    app: Flask,
    folder: Path,
    run: Run,
    session: Session,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    programs: str,
) -> None:
    place = tmp_path / "programs"
    place.mkdir()
    if programs == "older":
        (place / "pg_dump").write_text('#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6"\n')
        (place / "pg_dump").chmod(0o755)
    app.extensions["settings"] = replace(app.extensions["settings"], postgresql_programs=place)
    for _ in range(3):
        with pytest.raises(JobFailed, match="QUEUE_APP_POSTGRESQL_PROGRAMS"):
            run("backup")
    assert len([record for record in caplog.records if "pg_dump" in record.getMessage()]) == 1
    assert "QUEUE_APP_POSTGRESQL_PROGRAMS" in str(last_error(session))
    assert not kept(folder)


@POSTGRESQL
def test_a_password_stands_on_no_command_line(app: Flask, folder: Path, run: Run, tmp_path: Path) -> None:
    """Everybody on a machine can read those. The server here asks for none, so any will do."""
    real, place, seen = postgresql_programs(), tmp_path / "programs", tmp_path / "seen"
    assert real is not None
    place.mkdir()
    for name in ("pg_dump", "pg_restore"):
        (place / name).write_text(f'#!/bin/sh\necho "$@" >> {seen}\nexec {real / name} "$@"\n')
        (place / name).chmod(0o755)
    url = app.extensions["settings"].database_url.replace("postgres@", "postgres:rahasia%40x@")
    app.extensions["settings"] = replace(app.extensions["settings"], database_url=url, postgresql_programs=place)
    assert run("backup") == 1
    assert "--dbname=postgresql://postgres@" in seen.read_text()
    assert "rahasia" not in seen.read_text()


WRITER = """
    import sqlite3, sys
    connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
    for _line in sys.stdin:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE rush SET x = x + 1 WHERE id IN (1, 30000)")
        connection.execute("COMMIT")
        print(flush=True)
"""


@SQLITE
@pytest.mark.parametrize("guarded", [True, False])
def test_a_copy_ends_while_another_process_writes(database_url: str, tmp_path: Path, guarded: bool) -> None:
    """And is of one instant. Without the transaction around it, it begins anew with each write and does not end."""
    source = tmp_path / "rush.db"
    connection = sqlite3.connect(source, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE rush (id INTEGER PRIMARY KEY, x INTEGER, filler BLOB)")
    rows = ((0, bytes(400)) for _ in range(30_000))
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO rush (x, filler) VALUES (?, ?)", rows)
    connection.execute("COMMIT")
    writer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(source)], stdin=PIPE, stdout=PIPE, text=True
    )

    def one_write() -> bool:
        assert writer.stdin
        assert writer.stdout
        print(file=writer.stdin, flush=True)
        return not writer.stdout.readline()

    try:
        if guarded:
            copy_database(source, tmp_path / "copy.db", stop=one_write)
            copied = sqlite3.connect(tmp_path / "copy.db")
            assert len(set(copied.execute("SELECT x FROM rush WHERE id IN (1, 30000)").fetchall())) == 1
            assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        else:
            left: list[int] = []

            def between(_status: int, remaining: int, _total: int) -> None:
                one_write()
                left.append(remaining)
                if len(left) > 100:
                    raise InterruptedError

            with pytest.raises(InterruptedError):
                connection.backup(sqlite3.connect(tmp_path / "copy.db"), pages=500, progress=between, sleep=0)
            assert min(left) > 0
    finally:
        writer.kill()
        writer.communicate()
