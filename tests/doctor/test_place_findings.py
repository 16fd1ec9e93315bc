"""What the doctor says of folders, disks and the key file, each of them really broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from queue_app.adapters.kernel_clock import Kept
from queue_app.cli.doctor import place
from queue_app.config import Settings
from tests.conftest import unavailable
from tests.doctor.conftest import Doctor
from tests.faults.small_disk import filled, mounted

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_open_folders_and_foreign_files(doctor: Doctor, settings: Settings) -> None:
    settings.instance.chmod(0o755)
    for path in (settings.instance / "outbox", settings.instance / "outbox" / "1.txt"):
        path.mkdir() if path.suffix == "" else path.touch()
        path.chmod(0o755)
    report = doctor()
    assert report.says("folders", "look", "Others may read 1.txt, instance, outbox")
    assert report.says("folders", "look", f"chmod -R go= {settings.instance}")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_files_that_root_has_left_behind(doctor: Doctor, settings: Settings) -> None:
    os.chown(settings.instance, 65534, 65534)
    report = doctor()
    assert report.says("folders", "wrong", "keys.json")
    assert report.says("folders", "wrong", "chown -R nobody")
    assert report.says("folders", "look", "This runs as root")
    assert report.says("keys", "wrong", "The key file belongs to root")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_database_that_another_account_has_put_back(database_url: str) -> None:
    """Asked by an account that may not: root may everything."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "queue.db"
        file.touch(0o644)
        assert f"nobody may not write to {file}" in as_nobody(file)
        assert not list(place.database_file(file))


def as_nobody(file: Path) -> str:
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.setuid(65534)
            os.write(writing, "\n".join(found.sentence for found in place.database_file(file)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with open(reading, encoding="utf-8") as answer:
        return answer.read()


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda file: file.unlink(), "No key file"),
        (lambda file: file.chmod(0o640), "chmod 600"),
        (lambda file: file.write_text("{"), "it is no JSON"),
    ],
    ids=["missing", "open", "damaged"],
)
def test_a_key_file_that_is_none(
    doctor: Doctor, settings: Settings, harm: Callable[[Path], object], words: str
) -> None:
    harm(settings.keys_file)
    assert doctor().says("keys", "wrong", words)


def test_without_an_instance_folder(doctor: Doctor, settings: Settings) -> None:
    shutil.rmtree(settings.instance)
    assert doctor().says("disk", "wrong", f"The instance folder {settings.instance} is not there.")


def test_a_backup_folder_on_a_disk_that_is_not_mounted(doctor: Doctor, tmp_path: Path) -> None:
    assert doctor(QUEUE_APP_BACKUP_FOLDER=str(tmp_path / "usb")).says("disk", "look", "mount that")


def test_a_full_disk_and_one_that_is_read_only(doctor: Doctor, tmp_path: Path) -> None:
    place_ = tmp_path / "usb"
    place_.mkdir()
    with mounted(place_) as done:
        if not done:
            unavailable("this account may not mount a disk")
        with filled(place_):
            report = doctor(QUEUE_APP_BACKUP_FOLDER=str(place_))
            assert report.says("disk", "wrong", f"The backup folder {place_} is full")
        subprocess.run(["mount", "-o", "remount,ro", place_], check=True)
        report = doctor(QUEUE_APP_BACKUP_FOLDER=str(place_))
        assert report.says("disk", "wrong", "mounted read-only")


@pytest.mark.parametrize(
    ("found", "verdict"), [(Kept.BY_A_SERVER, "good"), (Kept.BY_NOBODY, "look"), (Kept.UNKNOWN, "look")]
)
def test_who_keeps_the_clock(doctor: Doctor, monkeypatch: pytest.MonkeyPatch, found: Kept, verdict: str) -> None:
    monkeypatch.setattr(place, "kept", lambda: found)
    assert doctor().says("clock", verdict, "machine's clock")


def test_zones_that_this_machine_does_not_know(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(place.OFFSETS, "Asia/Nowhere", 7)
    monkeypatch.setitem(place.OFFSETS, "Asia/Jayapura", 8)  # as data of 1930 would have it, or so
    assert doctor().says("zones", "wrong", "for Asia/Nowhere, Asia/Jayapura")
