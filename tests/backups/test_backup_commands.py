"""`queue-app backup`, `verify-backup` and `restore` as an operator runs them, on either database."""

from __future__ import annotations

import base64
import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.adapters.key_file import create_keyring
from queue_app.config import Settings
from queue_app.db import db
from queue_app.migrating import with_migrations
from queue_app.models import AuditEntry, Booking, OutboxMessage, Restoration, Ticket
from tests.harness.backups import Installation

Booked = Callable[..., list[Booking]]


@pytest.fixture
def file(installation: Installation, booked: Booked, tmp_path: Path) -> Path:
    """A backup of three bookings."""
    booked(3)
    installation.run("backup", str(tmp_path / "kept.zip"))
    return tmp_path / "kept.zip"


def test_a_backup_says_what_it_is_and_holds_no_key(file: Path, settings: Settings, session: Session) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.glob(".queue-app-draft-*")] == []
    with zipfile.ZipFile(file) as archive:
        assert sorted(archive.namelist()) == ["database", "manifest.json"]
        manifest, dump = json.loads(archive.read("manifest.json")), archive.read("database")
    kind = session.get_bind().dialect.name
    assert (manifest["kind"], manifest["facts"]["migration"], manifest["size"]) == (kind, "0041", len(dump))
    assert manifest["facts"]["rows"]["booking"] == 3
    assert manifest["facts"]["audit"] == session.scalar(select(func.max(AuditEntry.id)))
    keys = json.loads(settings.keys_file.read_text())
    for key in (*keys.pop("data").values(), *(key for key in keys.values() if isinstance(key, str))):
        assert key.encode() not in dump
        assert base64.b64decode(key) not in dump


def test_a_whole_backup_is_verified_with_its_age_and_invariants(file: Path, installation: Installation) -> None:
    installation.run("run-job", "seal-audit")
    installation.run("backup", str(file.with_name("sealed.zip")))
    said = installation.run("verify-backup", str(file.with_name("sealed.zip")))
    assert "3 bookings" in said
    assert "0 hours and " in said
    assert "I13     0 breaches" in said


def test_an_existing_file_is_never_written_over(file: Path, installation: Installation) -> None:
    before = file.read_bytes()
    assert "there already" in installation.run("backup", str(file), fails=True)
    assert "no folder" in installation.run("backup", str(file.parent / "none" / "b.zip"), fails=True)
    assert file.read_bytes() == before


@pytest.mark.parametrize("harm", ["cut", "bytes", "manifest", "other"])
def test_a_damaged_backup_is_told_from_a_whole_one(file: Path, installation: Installation, harm: str) -> None:
    whole = file.read_bytes()
    damaged = file.with_name("damaged.zip")
    if harm == "cut":
        damaged.write_bytes(whole[: len(whole) // 2])
    elif harm == "bytes":
        middle = len(whole) // 2
        damaged.write_bytes(whole[:middle] + bytes(64) + whole[middle + 64 :])
    elif harm == "other":
        damaged.write_bytes(b"not an archive")
    else:
        with zipfile.ZipFile(file) as archive, zipfile.ZipFile(damaged, "w") as copy:
            copy.writestr("manifest.json", archive.read("manifest.json").replace(b'"booking": 3', b'"booking": 4'))
            copy.writestr("database", archive.read("database"))
    said = installation.run("verify-backup", str(damaged), fails=True)
    assert said.startswith("Error: ") or "\nError: " in said


def test_a_restored_database_is_whole_and_says_from_when_it_lacks_data(
    file: Path, other: Installation, app_of: Callable[..., object]
) -> None:
    said = other.run("restore", str(file))
    assert "What was booked or changed after" in said
    assert "not yet acknowledged" in other.run("check")
    app = app_of(other)
    with app.app_context():
        session = db.session()
        row = session.scalars(select(Restoration)).one()
        assert row.backup_at < row.restored_at
        assert "@" in row.restored_by
        assert session.scalar(select(func.count()).select_from(Ticket)) == 3
        assert set(session.scalars(select(OutboxMessage.state))) == {"held"}


def test_only_an_empty_place_is_restored_into(file: Path, installation: Installation, other: Installation) -> None:
    said = installation.run("restore", str(file), fails=True)
    assert "already" in said or "other connections" in said
    other.run("restore", str(file))
    assert "already" in other.run("restore", str(file), fails=True)


def test_keys_of_another_installation_are_refused(file: Path, other: Installation) -> None:
    (other.instance / "keys.json").unlink()
    assert "keys.json that belongs to this backup" in other.run("restore", str(file), fails=True)
    create_keyring(other.instance / "keys.json")
    assert "not those of this backup" in other.run("restore", str(file), fails=True)


def test_after_a_rotation_an_older_backup_needs_the_older_key_file(
    file: Path, installation: Installation, other: Installation, tmp_path: Path
) -> None:
    shutil.copy(installation.instance / "keys.json", other.instance / "keys.json")
    assert "under the new keys" in installation.run("rotate-keys")
    assert "the key file of its own time" in installation.run("verify-backup", str(file), fails=True)
    installation.run("backup", str(tmp_path / "later.zip"))
    installation.run("verify-backup", str(tmp_path / "later.zip"))
    assert "not those of this backup" in other.run("restore", str(tmp_path / "later.zip"), fails=True)
    other.run("restore", str(file))
    other.run("check")


def test_after_a_refusal_the_place_is_as_empty_as_before(
    file: Path, installation: Installation, other: Installation
) -> None:
    (other.instance / "keys.json").unlink()
    create_keyring(other.instance / "keys.json")
    other.run("restore", str(file), fails=True)
    shutil.copy(installation.instance / "keys.json", other.instance / "keys.json")
    other.run("restore", str(file))


def test_a_backup_of_a_newer_program_is_refused_with_words(file: Path, other: Installation, tmp_path: Path) -> None:
    newer = tmp_path / "newer.zip"
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(newer, "w") as copy:
        manifest = archive.read("manifest.json").replace(b'"migration": "0041"', b'"migration": "9999"')
        copy.writestr("manifest.json", manifest)
        copy.writestr("database", archive.read("database"))
    assert "newer version of the program" in other.run("restore", str(newer), fails=True)


def test_a_backup_of_an_older_program_is_brought_up_to_date(
    app: Flask, installation: Installation, other: Installation, booked: Booked, tmp_path: Path
) -> None:
    booked(2)
    with with_migrations(app).app_context():
        try:
            flask_migrate.downgrade(revision="0022")
            installation.run("backup", str(tmp_path / "old.zip"))
        finally:
            flask_migrate.upgrade()  # other tests use this database after us
    assert "migration 0022" in other.run("restore", str(tmp_path / "old.zip"))
    assert "not yet acknowledged" in other.run("check")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_log_that_was_left_behind_is_not_played_into_the_restored_database(file: Path, other: Installation) -> None:
    (other.instance / "queue.db-wal").write_bytes(b"of the lost database")
    assert "queue.db-wal is there already" in other.run("restore", str(file), fails=True)
    assert not (other.instance / "queue.db").exists()
