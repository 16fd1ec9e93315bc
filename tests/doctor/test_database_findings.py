"""What the doctor says of the database and of what its tables tell, on both kinds."""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text, update
from sqlalchemy.orm import Session

from queue_app.adapters.key_file import create_keyring
from queue_app.config import Settings
from queue_app.domain.clock import SystemClock
from queue_app.domain.clock_trust import WAITS
from queue_app.migrating import HALF_RESTORED, newest
from queue_app.models import AuditSeal, Backup, ClockTrust, JobLease, JobRun, Restoration
from tests.conftest import unavailable
from tests.doctor.conftest import Doctor
from tests.harness.backups import Installation
from tests.harness.pgbouncer import MISSING, find_pgbouncer, pgbouncer
from tests.harness.ports import free_port

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
NOW = SystemClock().now


@pytest.mark.parametrize(("version", "words"), [("9042", "newer version of this program"), ("0001", "queue-app init")])
def test_older_and_newer_tables(doctor: Doctor, session: Session, version: str, words: str) -> None:
    change = text("UPDATE alembic_version SET version_num = :version")
    session.execute(change, {"version": version})
    session.commit()
    try:
        report = doctor()
    finally:
        session.execute(change, {"version": next(iter(newest()))})
        session.commit()
    assert report.says("database", "wrong", words)
    assert not report.about("scheduler"), "its tables are another version's"


def test_a_half_restored_one(doctor: Doctor, session: Session) -> None:
    session.execute(text(f"CREATE TABLE {HALF_RESTORED} (begun_at text)"))
    session.commit()
    try:
        assert doctor().says("database", "wrong", "was interrupted")
    finally:
        session.execute(text(f"DROP TABLE {HALF_RESTORED}"))
        session.commit()


@pytest.mark.usefixtures("well")
def test_keys_of_another_database(doctor: Doctor, settings: Settings) -> None:
    assert doctor().says("keys", "good", "sealed with")
    settings.keys_file.unlink()
    create_keyring(settings.keys_file)
    assert doctor().says("keys", "wrong", "is not the key file of this database")


@pytest.mark.usefixtures("well")
def test_no_scheduler_late_failed_and_waiting_jobs(doctor: Doctor, session: Session) -> None:
    session.execute(update(JobLease).values(until=NOW() - timedelta(hours=3)))
    for name, change in {
        "purge": {"finished_at": NOW() - timedelta(days=3)},
        "send-outbox": {"error": "ChannelClosed: mail server not reached"},
        "end-days": {"error": f"{WAITS} (unseen)"},
        "make-days": {"finished_at": None, "started_at": NOW() - timedelta(days=3)},
        "lapse-offers": {"finished_at": None},  # its first run goes on just now
    }.items():
        session.execute(update(JobRun).where(JobRun.name == name).values(**change))
    session.commit()
    report = doctor()
    assert report.says("scheduler", "wrong", "No scheduler works since")
    assert report.says("jobs", "wrong", "make-days not yet, purge 3 d ago")
    assert report.says("jobs", "wrong", "send-outbox failed the last time (ChannelClosed: mail server not reached)")
    assert report.says("jobs", "wrong", "Waiting for a clock in doubt, and last ended well: end-days")
    (well,) = report.about("jobs", "good")
    assert not [name for name in ("purge", "send-outbox", "end-days", "make-days") if name in well]


@pytest.mark.usefixtures("well")
def test_backups_that_are_old_gone_or_not_made(
    doctor: Doctor, session: Session, settings: Settings, tmp_path: Path
) -> None:
    assert doctor().says("backup", "good", "9 h old")
    file = Path(session.query(Backup.file).scalar())
    file.unlink()
    assert doctor().says("backup", "wrong", f"{file} is gone")
    session.execute(update(Backup).values(host="another", made_at=NOW() - timedelta(hours=40)))
    session.commit()
    assert doctor().says("backup", "wrong", "is 40 h old")
    assert doctor(QUEUE_APP_BACKUP="no").says("backup", "look", "makes no backups")
    session.execute(text("DELETE FROM backup"))
    session.add(Restoration(backup_at=NOW() - timedelta(hours=5), restored_at=NOW(), restored_by="x"))
    session.commit()
    report = doctor()
    assert report.says("backup", "wrong", "There is no backup yet")
    assert report.says("backup", "look", "After a restore there is no data from")


@pytest.mark.usefixtures("well")
def test_anchors_that_do_not_fit(doctor: Doctor, session: Session, settings: Settings) -> None:
    installation = Installation.of(settings)
    assert doctor().says("anchors", "good", "no seals yet")
    installation.run("clock", "--confirm")
    installation.run("run-job", "seal-audit")
    assert doctor().says("anchors", "look", "no anchors of the audit log on this machine")
    installation.run("run-job", "anchor-audit")
    assert doctor().says("anchors", "good", "1 anchors of the audit log fit")
    session.execute(update(AuditSeal).values(hash=bytes(32)))
    session.commit()
    assert doctor().says("anchors", "wrong", "1 anchors of the audit log do not fit")


@pytest.mark.usefixtures("well")
def test_a_clock_that_is_doubted_and_nothing_noted_of_it(doctor: Doctor, session: Session) -> None:
    assert doctor().says("clock", "good", "which follows from the last time known")
    session.execute(update(ClockTrust).values(at=NOW() - timedelta(hours=9)))
    session.commit()
    assert doctor().says("clock", "wrong", "The jobs wait. → queue-app clock")
    assert session.get_one(ClockTrust, 1, populate_existing=True).doubt is None


@ON_SQLITE
def test_a_sqlite_file_that_is_not_there_or_is_none(doctor: Doctor, tmp_path: Path) -> None:
    assert doctor(QUEUE_APP_DATABASE_URL=f"sqlite:///{tmp_path / 'no.db'}").says("database", "wrong", "no database")
    assert not (tmp_path / "no.db").exists()
    (tmp_path / "not.db").write_bytes(os.urandom(9000))
    assert doctor(QUEUE_APP_DATABASE_URL=f"sqlite:///{tmp_path / 'not.db'}").says("database", "wrong", "not")


@ON_SQLITE
@pytest.mark.usefixtures("well")
def test_sqlite_is_read_while_it_is_written_to_and_while_it_rests(
    doctor: Doctor, session: Session, settings: Settings
) -> None:
    log = Path(f"{make_url(settings.database_url).database}-wal")
    session.execute(update(JobLease).values(holder="fresh:1:ab"))
    session.commit()
    assert log.stat().st_size, "what was written last stands in the log"
    session.execute(update(JobLease).values(holder="not-yet:1:ab"))  # and somebody is about to write
    assert doctor().says("scheduler", "good", "on fresh")
    session.rollback()
    assert doctor().says("database", "good", "with a write-ahead log")


@ON_POSTGRESQL
def test_a_postgresql_that_is_away_refuses_us_or_says_nothing(doctor: Doctor) -> None:
    def at(port: int) -> dict[str, str]:
        return {"QUEUE_APP_DATABASE_URL": f"postgresql://queue:geheim-sekali@127.0.0.1:{port}/queue"}

    report = doctor(**at(free_port()))
    assert report.says("database", "wrong", "The database queue at 127.0.0.1 does not answer")
    assert "geheim" not in report.text
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert doctor(**at(silent.getsockname()[1])).says("database", "wrong", "does not answer")


@ON_POSTGRESQL
@pytest.mark.usefixtures("well")
def test_settings_of_postgresql_that_lose_bookings(doctor: Doctor, settings: Settings) -> None:
    """The server of the tests writes nothing to disk, which is faster and what the doctor has to notice."""
    report = doctor()
    assert report.says("database", "wrong", "fsync is off: a power cut loses bookings")
    assert report.says("database", "look", "lock_timeout is not set")
    url = make_url(settings.database_url)
    with psycopg.connect(host=str(url.query["host"]), user="postgres", dbname="postgres", autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{url.database}" SET default_transaction_read_only = on')  # type: ignore[call-overload]
        try:
            assert doctor().says("database", "wrong", "takes no writes")
        finally:
            server.execute(f'ALTER DATABASE "{url.database}" RESET default_transaction_read_only')  # type: ignore[call-overload]


@ON_POSTGRESQL
@pytest.mark.usefixtures("well")
def test_too_old_a_postgresql_and_a_pooler(doctor: Doctor, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queue_app.cli.doctor.database.LEAST_POSTGRESQL", 99)
    assert doctor().says("database", "wrong", "is too old: 99 at least")
    program = find_pgbouncer() or unavailable(MISSING)
    with pgbouncer(str(program), settings.database_url, pool_size=2) as behind:
        report = doctor(QUEUE_APP_DATABASE_URL=behind)
    assert report.says("database", "good", "behind a pooler")
    assert report.says("scheduler", "good", "A scheduler works, on this-machine")


@ON_POSTGRESQL
@pytest.mark.usefixtures("well")
def test_a_clock_of_the_database_that_tells_another_time(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor().says("clock", "good", "of the database are 0 seconds apart")
    ahead = timedelta(minutes=7)
    monkeypatch.setattr("queue_app.cli.doctor.work.database_time", lambda _session: NOW() + ahead)
    assert doctor().says("clock", "wrong", "of the database are 420 seconds apart: the jobs wait")
