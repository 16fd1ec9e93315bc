"""Before an update a copy is kept, and with it the older version is where it was (`docs/operators.md`, Go back)."""

from __future__ import annotations

import csv
import io
import sqlite3
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import MetaData, Table, insert, make_url, select

from queue_app.adapters import drafts
from queue_app.adapters.backup import Programs
from queue_app.adapters.backup.making import connected as connected_to
from queue_app.config import Settings, environment_for_programs
from queue_app.db import db, unit_of_work
from queue_app.domain.tickets import show_code
from queue_app.migrating import newest
from queue_app.models import AuditEntry, Booking, Office, OfficeService, Ticket
from queue_app.services.booking.change import cancel
from tests.harness.backups import Installation, empty_place, postgresql_programs
from tests.harness.factories import make_applicant, make_booking, slots_of
from tests.harness.fakes import FRIDAY
from tests.harness.source import ROOT
from tests.upgrades.conftest import NOON
from tests.upgrades.stored import OLDER, Rows, Stored, connected, rows_in, schema_of

pytestmark = pytest.mark.parametrize("stored", OLDER, indirect=True)
MINUTE = timedelta(minutes=1)
KEPT = "database as it was before the update"
WITHOUT = "queue-app init --without-backup"


@pytest.fixture
def other(settings: Settings, released: Installation, tmp_path: Path) -> Iterator[Installation]:
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


def test_what_was_done_since_the_copy_is_listed_to_be_entered_again(
    released: Installation, app_on: Callable[[Installation], Flask], tmp_path: Path
) -> None:
    with time_machine.travel(NOON + MINUTE, tick=True):
        released.run("init")
    (copy,), target, now = copies(released), tmp_path / "since.csv", NOON + 10 * MINUTE
    assert "0 tickets booked, 0 others changed" in released.run("changes-since", str(copy), str(tmp_path / "none.csv"))
    app = app_on(released)
    with app.app_context(), unit_of_work() as session:
        offering = session.scalars(select(OfficeService).join(Office).where(Office.slug == "gemolong")).one()
        slot, applicant = slots_of(session, offering, FRIDAY)[0], make_applicant(9000, name="=Ngadinah")
        new = make_booking(session, slot.id, applicant, keyring=app.extensions["keyring"], now=now)
        old = session.scalars(select(Booking).join(Ticket).where(Ticket.day > FRIDAY, Ticket.state == "booked")).first()
        assert old is not None
        cancel(session, old.id, now=now)
        wanted = {("baru", show_code(new.code)), ("berubah", show_code(old.code))}
    said = released.run("changes-since", str(copy), str(target))
    assert "1 tickets booked" in said
    assert "ticket.cancelled" in said
    assert "is there already" in released.run("changes-since", str(copy), str(target), fails=True)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert {(row["apa"], row["kode"]) for row in rows} == wanted
    (booked,) = [row for row in rows if row["apa"] == "baru"]
    assert (booked["hari"], booked["jam"], booked["keadaan"]) == ("2026-11-27", "08.00", "booked")
    assert booked["nama"] == "'=Ngadinah"  # no spreadsheet calculates it
    assert booked["telepon"] == "'+6281234567890"
    with app.app_context():
        seen = select(AuditEntry.subject_id).where(AuditEntry.action == "booking.contact_shown")
        assert len(db.session.scalars(seen).all()) == len(wanted)


def test_a_copy_put_back_for_a_version_without_a_command_for_it(
    stored: Stored, released: Installation, other: Installation, before: Rows
) -> None:
    """Nothing that waited goes out, and no id of a lost ticket is given to somebody else."""
    released.run("init")
    put_back(copies(released)[0], other)
    run_sql(other.url, ROOT / f"scripts/deploy/back-to-{stored.version}-{kind_of(other.url)}.sql")
    found = rows_in(other.url)
    assert {row["state"] for row in found["outbox_message"]}.isdisjoint({"queued", "sending"})
    assert {name: rows for name, rows in found.items() if name != "outbox_message"} == {
        name: rows for name, rows in before.items() if name != "outbox_message"
    }
    for table in ("booking", "ticket"):
        highest = max(row["id"] for row in before[table])
        assert next_id(other.url, table) > highest + 1_000_000, table


def kind_of(url: str) -> str:
    return make_url(url).get_backend_name()


def run_sql(url: str, file: Path) -> None:
    if kind_of(url) == "sqlite":
        with closing(sqlite3.connect(str(make_url(url).database))) as connection:
            connection.executescript(file.read_text())
    else:
        with connected(url) as server:
            server.execute(file.read_bytes())


def next_id(url: str, table: str) -> int:
    """That a copy of a row gets; nothing is kept."""
    with connected_to(url) as connection:
        stored_table = Table(table, MetaData(), autoload_with=connection)
        row = dict(connection.execute(select(stored_table).limit(1)).mappings().one())
        new = row | {"code": "NEUNEUNE", "request_key": None, "queue_number": 9000, "state": "cancelled"}
        values = {name: value for name, value in new.items() if name in row and name != "id"}
        given = connection.execute(insert(stored_table).values(values)).inserted_primary_key
        connection.rollback()
    assert given is not None
    return int(given[0])
