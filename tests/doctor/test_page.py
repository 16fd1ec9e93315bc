"""The page as a whole: its order, its codes, what it never shows, and that it ends whatever is broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from queue_app.cli.doctor.findings import Finding, examine, good
from queue_app.config import Settings, known_names
from tests.doctor.conftest import Doctor, run_doctor
from tests.harness.backups import Installation
from tests.harness.ports import free_port
from tests.harness.source import ROOT

SECRET = "geheim-sekali-4711"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def contents(folder: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for path in [folder, *folder.rglob("*")]:
        if not path.name.endswith("-shm"):  # in which readers of SQLite lock, when it is there
            status = path.stat()
            found[str(path)] = (status.st_mtime_ns, status.st_size)
    return found


@pytest.mark.usefixtures("well")
def test_whoever_is_well_hears_so_and_nothing_is_written(
    doctor: Doctor, settings: Settings, session: Session, tmp_path: Path
) -> None:
    session.close()
    before = contents(tmp_path)
    report = doctor()
    assert contents(tmp_path) == before
    for subject in ("settings", "zones", "disk", "folders", "keys", "database", "scheduler", "jobs", "backup"):
        assert report.about(subject, "good"), subject
        # The PostgreSQL of the tests has fsync off, and there may be no pg_dump here.
        sound = subject not in {"database", "backup"} or "sqlite" in settings.database_url
        assert not (sound and report.about(subject, "wrong")), report.text
    assert "Ended well in time: propose-holidays" in report.about("jobs")[0]


@ON_SQLITE
def test_the_page_begins_with_what_is_wrong(settings: Settings) -> None:
    settings.keys_file.chmod(0o644)
    page = run_doctor(Installation.of(settings), PORT=str(free_port()))
    assert page.code == 1
    lines = page.text.splitlines()
    assert max(map(len, lines)) < 200
    verdicts = [line.split()[0] for line in lines if line.startswith(("wrong", "look", "good"))]
    assert verdicts == sorted(verdicts, key=["wrong", "look", "good"].index)
    assert verdicts[0] == "wrong"
    assert f"chmod 600 {settings.keys_file}" in " ".join(page.text.split())
    assert lines[-1].endswith("good.")


def test_with_nothing_wrong_the_code_is_0(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("queue_app.cli.doctor.examine", lambda _: [good("clock", "It goes.")])
    report = run_doctor(Installation(tmp_path, f"sqlite:///{tmp_path / 'q.db'}"), "--json")
    assert (report.code, json.loads(report.text)["verdict"]) == (0, "good")


def test_everything_broken_at_once(tmp_path: Path) -> None:
    """As a process: no folder, no keys, no database, no network, and settings that cannot be."""
    gone = tmp_path / "gone"
    gone.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "QUEUE_APP_INSTANCE": str(tmp_path / "none"),
        "QUEUE_APP_DATABASE_URL": f"postgresql://queue:{SECRET}@127.0.0.1:{free_port()}/queue",
        "QUEUE_APP_SMTP_HOST": f"user:{SECRET}@mail",
        "QUEUE_APP_SMTP_PASSWORD": SECRET,
        "QUEUE_APP_METRICS_TOKEN": "short",
        "QUEUE_APP_LOG": "xml",
        "QUEUE_APP_WORKERS": "many",
        "QUEUE_APP_RETENTION_DAY": "30",
        "PORT": "0",
    }
    command = [sys.executable, "-m", "queue_app", "doctor", "--json"]
    done = subprocess.run(command, env=environment, cwd=gone, capture_output=True, text=True, timeout=100, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert SECRET not in done.stdout
    told = json.loads(done.stdout)
    said = " ".join(one["sentence"] + one["remedy"] for one in told["findings"])
    for name in ("SMTP_HOST", "SMTP_PASSWORD", "METRICS_TOKEN", "LOG", "WORKERS", "RETENTION_DAYS"):
        assert f"QUEUE_APP_{name}" in said
    assert "PORT must lie between" in said
    assert "The database queue at 127.0.0.1 does not answer" in said
    assert "No key file" in said
    assert not (tmp_path / "none").exists()


def test_without_a_current_folder_there_is_a_sentence(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    code = f"import os, sys; os.rmdir({str(gone)!r}); from queue_app.cli import main; main(['doctor'])"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, cwd=gone, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    assert "The settings cannot be read (FileNotFoundError)" in done.stdout


def test_what_hangs_or_breaks_keeps_nothing_else_from_being_said() -> None:
    over = threading.Event()

    def hang() -> Iterator[Finding]:
        yield good("disk", "The first one is well.")
        over.wait(60)

    def break_down() -> Iterator[Finding]:
        yield good("mail", "So far.")
        raise RuntimeError(SECRET)

    found = examine({"disk": hang, "mail": break_down, "zones": lambda: iter([good("zones", "Known.")])}, patience=1.0)
    over.set()
    assert [(one.about, one.verdict) for one in found] == [
        ("disk", "good"),
        ("disk", "wrong"),
        ("mail", "good"),
        ("mail", "wrong"),
        ("zones", "good"),
    ]
    assert SECRET not in str(found)


@ON_SQLITE
def test_a_misspelt_setting_is_named_with_the_one_that_is_meant(doctor: Doctor) -> None:
    report = doctor(QUEUE_APP_STAF_IDLE_MINUTES="5", QUEUEAPP_INSTANCE="/srv")
    assert report.says("settings", "look", "Is QUEUE_APP_STAFF_IDLE_MINUTES meant?")
    assert report.says("settings", "look", "QUEUEAPP_INSTANCE is no setting")


def test_every_setting_of_the_documents_is_known() -> None:
    """Otherwise the doctor would call one unknown that is read."""
    assert len(known_names()) > 25
    example = (ROOT / "scripts" / "deploy" / "queue-app.env").read_text()
    written = {line.lstrip("# ").partition("=")[0] for line in example.splitlines() if "=" in line}
    assert written <= known_names()
