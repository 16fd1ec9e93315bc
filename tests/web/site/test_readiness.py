"""`/readyz` says what is missing for a booking; a running process may find another database in the place of its own."""

import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text, update
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.adapters.room import RoomWatch, WritingTrouble, writing_trouble
from queue_app.config import Settings
from queue_app.db import db
from queue_app.migrating import newest
from queue_app.models import KeyCheck
from queue_app.services.records.key_checks import adopt_keys


def missing(client: FlaskClient) -> str | None:
    answer = client.get("/readyz")
    found: str | None = answer.json.get("missing")
    assert answer.status_code == (503 if found else 200)
    assert client.get("/healthz").status_code == 200
    return found


@pytest.fixture
def adopted(session: Session, keyring: FileKeyring, settings: Settings) -> None:
    adopt_keys(session, keyring, file=settings.keys_file)
    session.commit()


@pytest.mark.usefixtures("adopted")
def test_other_keys_in_the_database_are_noticed_while_it_serves(client: FlaskClient, session: Session) -> None:
    assert missing(client) is None
    for name in session.scalars(select(KeyCheck.name)).all():
        kept = session.scalars(select(KeyCheck.value).where(KeyCheck.name == name)).one()
        session.execute(update(KeyCheck).where(KeyCheck.name == name).values(value=bytes(32)))
        session.commit()
        assert missing(client) == "keys", name
        session.execute(update(KeyCheck).where(KeyCheck.name == name).values(value=kept))
        session.commit()
    assert missing(client) is None


@pytest.mark.parametrize(("version", "said"), [("9042", "newer-program"), ("0001", "migrations")])
def test_older_and_newer_tables_are_told_apart(client: FlaskClient, session: Session, version: str, said: str) -> None:
    change = text("UPDATE alembic_version SET version_num = :version")
    session.execute(change, {"version": version})
    session.commit()
    try:
        assert missing(client) == said
    finally:
        session.execute(change, {"version": next(iter(newest()))})
        session.commit()
    assert missing(client) is None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_that_only_reads_takes_no_bookings(app: Flask, client: FlaskClient, session: Session) -> None:
    """As of a standby, or of a server that its keeper has set so because its disk is nearly full."""
    name = session.scalar(text("SELECT current_database()"))
    session.commit()
    engine = create_engine(session.get_bind().url, isolation_level="AUTOCOMMIT")
    with engine.connect() as keeper:
        keeper.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        try:
            with app.app_context():
                db.engine.dispose()  # for sessions that begin from now on
            assert missing(client) == "read-only"
        finally:
            keeper.execute(text("SET default_transaction_read_only = off"))
            keeper.execute(text(f"ALTER DATABASE {name} RESET default_transaction_read_only"))
    with app.app_context():
        db.engine.dispose()
    engine.dispose()
    assert missing(client) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_may_not_be_written_takes_no_bookings(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write everything; so it is the question that is answered otherwise here."""
    assert missing(client) is None
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    app.extensions["room_watch"].now = lambda: 1e9
    assert missing(client) == "read-only"


def test_nothing_is_left_of_a_trial(tmp_path: Path) -> None:
    file = tmp_path / "queue.db"
    file.write_bytes(b"")
    assert writing_trouble(file) is None
    assert list(tmp_path.iterdir()) == [file]
    assert writing_trouble(tmp_path / "gone" / "queue.db") is WritingTrouble.READ_ONLY


def test_a_disk_is_tried_at_most_every_few_seconds(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    watch, times = RoomWatch(folder / "queue.db"), iter((100.0, 100.0, 104.9, 105.1, 105.1))
    watch.now = times.__next__
    assert watch.trouble() is None
    folder.rmdir()
    assert watch.trouble() is None
    assert watch.trouble() is WritingTrouble.READ_ONLY
