"""Anchors as lines of a file: added and never changed, signed, and told apart from what others wrote there."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from queue_app.adapters.anchor_file import AnchorFolder
from queue_app.adapters.key_file import create_keyring, load_keyring
from queue_app.domain.anchors import Anchor, read_anchor

NEW_YEARS_EVE = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
FIRST = Anchor(NEW_YEARS_EVE, 7, bytes(range(32)))
SECOND = Anchor(NEW_YEARS_EVE + timedelta(hours=1), 9, bytes(32))


def folder_at(place: Path) -> AnchorFolder:
    create_keyring(place / "keys.json")
    return AnchorFolder(place / "anchors", load_keyring(place / "keys.json"))


@pytest.fixture
def folder(tmp_path: Path) -> AnchorFolder:
    folder = folder_at(tmp_path)
    folder.append(FIRST)
    folder.append(SECOND)
    return folder


@pytest.fixture
def file(folder: AnchorFolder, tmp_path: Path) -> Path:
    return tmp_path / "anchors" / "2026.txt"


def test_what_is_written_is_read_again(folder: AnchorFolder, file: Path) -> None:
    assert folder.read() == ([FIRST, SECOND], [])
    assert folder.newest() == SECOND
    assert [path.name for path in sorted(file.parent.iterdir())] == ["2026.txt", "2027.txt"], "a file for each year"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent)] == [0o600, 0o700]


def test_nothing_is_written_over(folder: AnchorFolder, file: Path) -> None:
    before = file.read_bytes()
    folder.append(Anchor(NEW_YEARS_EVE, 8, bytes(32)))
    assert file.read_bytes().startswith(before)
    assert len(file.read_bytes().splitlines()) == 2


def test_without_anchors_there_is_nothing_to_compare(tmp_path: Path) -> None:
    empty = folder_at(tmp_path)
    assert (empty.read(), empty.newest()) == (([], []), None)


@pytest.mark.parametrize(
    "alter", [("7", "6"), ("00", "01"), ("2026-", "2025-"), ("\n", "0\n"), ("\n", "\n\n"), ("0", "ü")]
)
def test_a_line_that_was_altered_is_named(folder: AnchorFolder, file: Path, alter: tuple[str, str]) -> None:
    file.write_text(file.read_text().replace(*alter, 1))
    anchors, problems = folder.read()
    assert anchors[-1] == SECOND
    assert len(problems) == 1
    assert problems[0].startswith("2026.txt, line ")


def test_a_line_of_another_key_is_named(folder: AnchorFolder, file: Path, tmp_path: Path) -> None:
    other = folder_at(tmp_path / "other")
    other.append(FIRST)
    file.write_text((tmp_path / "other" / "anchors" / "2026.txt").read_text())
    assert folder.read()[1] == ["2026.txt, line 1: was altered, or signed with another key"]


def test_a_full_disk_leaves_no_half_of_a_line(
    folder: AnchorFolder, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, write = file.read_bytes(), os.write
    with monkeypatch.context() as patch:
        patch.setattr("queue_app.adapters.anchor_file.os.write", lambda file, line: write(file, line[:20]))
        with pytest.raises(OSError, match="cut off"):
            folder.append(FIRST)
    assert file.read_bytes() == before


@pytest.mark.parametrize("text", ["", "x", "2026-12-31 7 00", "2026-12-31T23:30:00+00:00 07 00", f"{FIRST.text} "])
def test_only_the_form_of_an_anchor_is_read(text: str) -> None:
    assert read_anchor(FIRST.text) == FIRST
    with pytest.raises(ValueError, match=r"."):
        read_anchor(text)
