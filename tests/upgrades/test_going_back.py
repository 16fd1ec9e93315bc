"""Before an update a copy is kept, and with it the older version is where it was (`docs/operators.md`, Go back)."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from queue_app.adapters.backup import Programs, drafts
from queue_app.adapters.backup.making import connected as connected_to
from queue_app.config import Settings, environment_for_programs
from queue_app.migrating import newest
from tests.harness.backups import Installation, empty_place, postgresql_programs
from tests.upgrades.stored import Rows, Stored, rows_in, schema_of

KEPT = "database as it was before the update"
WITHOUT = "queue-app init --without-backup"


@pytest.fixture
def other(stored: Stored, settings: Settings, released: Installation, tmp_path: Path) -> Iterator[Installation]:
    with empty_place(settings, tmp_path) as place:
        yield place


def copies(place: Installation) -> list[Path]:
    return sorted((place.instance / "backups").glob("*"))


def test_what_was_there_before_an_update_is_kept(
    stored: Stored, released: Installation, other: Installation, before: Rows
) -> None:
    """Down to the last row and constraint: so the older version serves on it again."""
    old_schema = schema_of(released.url)
    assert KEPT in released.run("init")
    (copy,) = copies(released)
    had = before["alembic_version"][0]["version_num"]
    assert copy.name == f"before-update-{had}-to-{'-'.join(newest())}.zip"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    released.run("create-staff", "--username=baru", "--name=Baru", "--role=desk", "--password=kata-sandi-yang-baru")
    put_back(copy, other)
    assert rows_in(other.url) == before
    assert schema_of(other.url) == old_schema


def put_back(copy: Path, place: Installation) -> None:
    """As the documents say for a version that has no `queue-app restore`."""
    with zipfile.ZipFile(copy) as archive:
        dump = Path(archive.extract("database", place.instance))
    if place.url.startswith("sqlite"):
        dump.rename(place.instance / "queue.db")
        return
    programs = Programs(postgresql_programs(), environment_for_programs())
    with connected_to(place.url) as server:
        programs.load(server, place.url, dump)


def test_the_copy_is_a_backup_like_any_other(released: Installation, other: Installation, before: Rows) -> None:
    released.run("init")
    (copy,) = copies(released)
    assert f"{len(before['booking'])} bookings" in released.run("verify-backup", str(copy))
    other.run("restore", str(copy))
    assert len(rows_in(other.url)["booking"]) == len(before["booking"])


def test_nothing_is_kept_where_nothing_is_changed(released: Installation, other: Installation) -> None:
    released.run("init")
    for file in copies(released):
        file.unlink()
    assert KEPT not in released.run("init")
    assert KEPT not in other.run("init")  # a new one has nothing to lose
    assert copies(released) == copies(other) == []


def test_without_room_for_the_copy_nothing_is_changed(
    released: Installation, before: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(drafts, "RESERVE", 1 << 60)  # as if nearly all of the disk were wanted for others
        said = released.run("init", fails=True)
    assert "too little room" in said
    assert WITHOUT in said
    assert rows_in(released.url) == before
    assert copies(released) == []
    released.run("init")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_programs_for_the_copy_nothing_is_changed(
    released: Installation, before: Rows, tmp_path: Path
) -> None:
    bare = replace(released, more=(("QUEUE_APP_POSTGRESQL_PROGRAMS", str(tmp_path)),))
    said = bare.run("init", fails=True)
    assert "pg_dump is not in" in said
    assert WITHOUT in said
    assert rows_in(released.url) == before


def test_who_has_a_copy_by_other_means_goes_on_without(stored: Stored, released: Installation) -> None:
    assert KEPT not in released.run("init", "--without-backup")
    assert copies(released) == []


def test_who_has_switched_backups_off_gets_none(released: Installation) -> None:
    assert KEPT not in replace(released, more=(("QUEUE_APP_BACKUP", "no"),)).run("init")
    assert copies(released) == []
