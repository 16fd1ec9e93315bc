"""Anchors of the audit log that are younger than the backup: passed over after its restore, and nothing else is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from queue_app.adapters.anchor_file import AnchorFolder
from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.anchors import Anchor, in_force, read_anchor
from queue_app.models import Booking
from tests.harness.backups import Installation
from tests.harness.fakes import MONDAY_MORNING

Booked = Callable[..., list[Booking]]
PASSED_OVER = "of before a restore are passed over"


@pytest.fixture
def lost(installation: Installation, other: Installation, booked: Booked, tmp_path: Path) -> Installation:
    """Where the backup is to be restored lie the old anchors: one of before the backup, one of after it."""
    booked(1)
    installation.run("run-job", "seal-audit")
    installation.run("run-job", "anchor-audit")
    installation.run("backup", str(tmp_path / "kept.zip"))
    booked(1)
    installation.run("run-job", "seal-audit")
    installation.run("run-job", "anchor-audit")
    shutil.copytree(installation.instance / "anchors", other.instance / "anchors")
    return other


def anchors_of(place: Installation, keyring: FileKeyring) -> list[Anchor]:
    anchors, problems = AnchorFolder(place.instance / "anchors", keyring).read()
    assert not problems
    return anchors


def test_the_check_after_a_restore_names_nothing(lost: Installation, keyring: FileKeyring, tmp_path: Path) -> None:
    said = lost.run("restore", str(tmp_path / "kept.zip"))
    assert "1 anchors of the audit log were written after the backup" in said
    assert f"1 {PASSED_OVER}" in lost.run("check")
    before, _gone, mark, new = anchors_of(lost, keyring)
    assert (mark.restored, mark.sequence, mark.hash) == (True, before.sequence, before.hash)
    assert new.sequence > mark.sequence, "the check wrote a new one, though the lost chain had come as far"
    lost.run("check")


def test_an_altered_backup_is_still_found_by_the_older_anchors(
    lost: Installation, keyring: FileKeyring, tmp_path: Path
) -> None:
    lost.run("restore", str(tmp_path / "kept.zip"))
    file = next((lost.instance / "anchors").glob("*.txt"))
    first = file.read_text().splitlines(keepends=True)[0]
    anchor = read_anchor(first.rpartition(" ")[0])
    other = AnchorFolder(tmp_path / "elsewhere", keyring).line(Anchor(anchor.at, anchor.sequence, bytes(32)))
    file.write_text(file.read_text().replace(first, f"{other}\n"))
    said = lost.run("check", fails=True)
    assert "is not the one that was written down" in said


def test_on_a_machine_that_was_not_told_the_check_says_where_to_move_them(lost: Installation, tmp_path: Path) -> None:
    kept_apart = tmp_path / "anchors"
    shutil.move(lost.instance / "anchors", kept_apart)
    assert "anchors" not in lost.run("restore", str(tmp_path / "kept.zip"))
    shutil.move(kept_apart, lost.instance / "anchors")
    said = lost.run("check", fails=True)
    assert "written down at" in said
    target = lost.instance / "anchors" / "before-restore"
    assert f"such as {target}, and check again" in said
    target.mkdir()
    for file in (lost.instance / "anchors").glob("*.txt"):
        file.rename(target / file.name)
    lost.run("check")


def test_what_cannot_be_noted_is_said_and_the_restore_stands(lost: Installation, tmp_path: Path) -> None:
    folder = lost.instance / "anchors"
    (file,) = folder.glob("*.txt")
    file.rename(folder / "0.txt")
    file.symlink_to(folder / "none" / "file")  # whoever one is, nothing can be added to that
    said = lost.run("restore", str(tmp_path / "kept.zip"))
    assert "cannot be told of the restore" in said
    assert "Restored." in said


def test_only_what_was_written_before_a_restore_is_lost() -> None:
    def anchor(hour: int, sequence: int, restored: bool = False) -> Anchor:
        return Anchor(MONDAY_MORNING + timedelta(hours=hour), sequence, bytes(32), restored)

    before, gone, mark, after = anchor(0, 3), anchor(2, 9), anchor(4, 5, restored=True), anchor(5, 9)
    assert in_force([before, gone, mark, after]) == [before, mark, after]
    assert in_force([gone, anchor(4, 0, restored=True)]) == [], "the backup had no chain yet"
    assert read_anchor(mark.text) == mark
    for text in (f"{mark.text} restored", mark.text.replace(" restored", "  restored")):
        with pytest.raises(ValueError, match=r"."):
            read_anchor(text)
