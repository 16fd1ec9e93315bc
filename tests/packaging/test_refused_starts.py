"""Nothing starts on keys or tables that are not the program's: a sentence says what to do, and nothing was touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from queue_app.adapters.key_file import create_keyring
from queue_app.cli import main
from queue_app.cli.setup import prepare
from queue_app.config import Settings
from queue_app.db import db
from queue_app.migrating import newest
from tests.harness.ports import free_port
from tests.harness.source import ROOT

COMMANDS = {
    "init": ["init"],
    "serve": ["serve"],
    "scheduler": ["scheduler"],
    "run-job": ["run-job", "make-days"],
    "check": ["check"],
    "api-key": ["api-key", "list"],
    "create-staff": ["create-staff", "--username=budi", "--name=Budi", "--role=desk", "--password=rahasia-sekali-1"],
}
SECONDS = 30
Run = Callable[[str], Result]


@pytest.fixture
def installed(settings: Settings) -> Settings:
    """As `queue-app init` leaves it."""
    app = prepare(settings)
    with app.app_context():
        db.engine.dispose()
    return settings


@pytest.fixture
def environment(installed: Settings) -> dict[str, str]:
    return {
        "QUEUE_APP_INSTANCE": str(installed.instance),
        "QUEUE_APP_DATABASE_URL": installed.database_url,
        "QUEUE_APP_RUN_SCHEDULER": "no",
        "QUEUE_APP_WORKERS": "1",
        "PORT": str(free_port()),
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Each as a process of its own: one that starts in spite of all is ended, and its answer is none."""

    def run(command: str) -> Result:
        process = subprocess.Popen(
            [sys.executable, "-m", "queue_app", *COMMANDS[command]],
            env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            pytest.fail(f"{command} works: {output}", pytrace=False)
        runner = CliRunner()
        return Result(runner, output.encode(), b"", output.encode(), None, process.returncode, None)

    return run


def stored(url: str) -> dict[str, int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            table: connection.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("key_check", "audit_entry", "job_lease", "job_run", "staff", "service_day")
        }
    engine.dispose()
    return found


def replace_keys(installed: Settings) -> None:
    installed.keys_file.unlink()
    create_keyring(installed.keys_file)


@pytest.fixture
def migrated_to(installed: Settings) -> Iterator[Callable[[str], None]]:
    """Says of the database that this was its last migration. Put right at the end: the version is no row that the
    next test finds emptied.
    """
    engine = create_engine(installed.database_url)

    def say(version: str) -> None:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})

    yield say
    (version,) = newest()
    say(version)
    engine.dispose()


@pytest.mark.parametrize("command", COMMANDS)
def test_with_other_keys_nothing_works(installed: Settings, run: Run, command: str) -> None:
    before = stored(installed.database_url)
    assert before["key_check"] == 6
    replace_keys(installed)
    answer = run(command)
    assert answer.exit_code == 1
    sentence = f"Error: {installed.keys_file} is not the key file of this database"
    assert answer.output.startswith(sentence), answer.output
    assert answer.output.count("\n") == 1
    assert stored(installed.database_url) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_on_a_newer_database_nothing_works(
    installed: Settings, run: Run, migrated_to: Callable[[str], None], command: str
) -> None:
    before = stored(installed.database_url)
    migrated_to("9042")
    answer = run(command)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: The database was made by a newer version of this program (migration 9042;")
    assert answer.output.count("\n") == 1
    assert stored(installed.database_url) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", ["run-job", "check", "api-key", "create-staff"])
def test_on_an_empty_database_commands_say_what_to_do_first(
    environment: dict[str, str], tmp_path: Path, command: str
) -> None:
    environment["QUEUE_APP_DATABASE_URL"] = f"sqlite:///{tmp_path / 'empty.db'}"
    answer = CliRunner().invoke(main, COMMANDS[command], env=environment)
    assert (answer.exit_code, answer.output) == (
        1,
        "Error: The database is older than this program, or empty: run `queue-app init` first.\n",
    )


@pytest.mark.parametrize("command", ["init", "serve"])
def test_without_its_keys_a_database_gets_no_others(installed: Settings, run: Run, command: str) -> None:
    """Not even one in which nobody has booked yet."""
    installed.keys_file.unlink()
    answer = run(command)
    assert answer.exit_code == 1
    assert "is missing: put it back from the backup" in answer.output
    assert not list(installed.instance.glob("*keys.json*"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_key_file_that_others_may_read_is_refused(
    environment: dict[str, str], installed: Settings, command: str
) -> None:
    installed.keys_file.chmod(0o644)
    answer = CliRunner().invoke(main, COMMANDS[command], env=environment)
    assert answer.exit_code == 1
    assert f"chmod 600 {installed.keys_file}" in answer.output


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_instance_folder_that_cannot_be_made_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    environment["QUEUE_APP_INSTANCE"] = str(tmp_path / "file" / "below")
    answer = CliRunner().invoke(main, ["init"], env=environment)
    assert (answer.exit_code, answer.output.count("\n")) == (1, 1), answer.output
    assert "keys.json" in answer.output


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_scheduler_waits_for_the_migrations_and_then_looks_at_the_keys(
    environment: dict[str, str], installed: Settings, migrated_to: Callable[[str], None], tmp_path: Path
) -> None:
    """Both units of a machine start at once: the one that serves brings the database up to date."""
    replace_keys(installed)
    migrated_to("0001")
    log = tmp_path / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "queue_app", "scheduler"],
            env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
            stderr=output,
        )
    try:
        _wait(lambda: "its tables are older than this program" in log.read_text())
        assert process.poll() is None
        migrated_to(*newest())
        assert process.wait(timeout=SECONDS) == 1
        assert "is not the key file of this database" in log.read_text()
    finally:
        process.kill()
        process.wait()


def _wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
