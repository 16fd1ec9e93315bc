"""The data of every released version is brought up to date: nothing is lost, everything opens, all is served."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from queue_app.config import Settings
from queue_app.db import db, unit_of_work
from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import Share
from queue_app.domain.keyring import bound_to
from queue_app.domain.roles import Role
from queue_app.models import Booking, Office, OfficeService, Service, Staff, StaffAssignment, Ticket
from queue_app.queries.records.invariants import verify
from queue_app.services.access.staff import start_session
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.backups import Installation, empty_place
from tests.harness.factories import enrol, make_applicant, make_booking, slots_of
from tests.harness.fakes import FRIDAY, FixedClock
from tests.upgrades.conftest import NOON
from tests.upgrades.office_life import live
from tests.upgrades.stored import Rows, Stored, rows_in, schema_of
from tests.upgrades.week import NAMES
from tests.web.found_forms import without_ids

AppOn = Callable[[Installation], Flask]
# Tables that a version had and its data set lacks, each with the reason.
EMPTY: dict[str, set[str]] = {}
# Columns that a migration fills or changes on purpose, by the table: the rest stays as it was, to the byte.
CHANGED: dict[str, set[str]] = {"alembic_version": {"version_num"}}
# Kinds of pages that each role finds from its first one: fewer would mean that a list was empty.
FEWEST_PAGES = {Role.ADMINISTRATOR: 40, Role.DESK: 15, Role.COUNTER: 6, Role.VILLAGE: 2, Role.AUDITOR: 2}


def test_every_table_of_a_released_version_has_rows(stored: Stored, before: Rows) -> None:
    assert {table for table, rows in before.items() if not rows} == EMPTY.get(stored.version, set())
    assert all(row["nik"] is None or b"3314" not in row["nik"] for row in before["ticket"])  # sealed


def test_an_updated_database_is_built_like_a_new_one(
    released: Installation, settings: Settings, tmp_path: Path
) -> None:
    released.run("init")
    with empty_place(settings, tmp_path) as new:
        new.run("init")
        assert schema_of(released.url) == schema_of(new.url)


def test_every_row_is_kept(released: Installation, before: Rows) -> None:
    released.run("init")
    after = rows_in(released.url)
    for table, rows in before.items():
        same = [name for name in rows[0] if name not in CHANGED.get(table, set())] if rows else []
        assert cut(after[table], same) == cut(rows, same), table


def cut(rows: list[dict[str, object]], columns: list[str]) -> list[dict[str, object]]:
    return sorted(({name: row[name] for name in columns} for row in rows), key=repr)


def test_what_is_sealed_opens_and_the_check_finds_nothing(released: Installation, app_on: AppOn) -> None:
    with time_machine.travel(NOON, tick=True):
        released.run("init")
        said = released.run("check")
    assert re.findall(r"^(I\d+) +0 breaches", said, re.MULTILINE)
    assert not re.search(r"[1-9]\d* breaches", said)
    app = app_on(released)
    keyring = app.extensions["keyring"]
    with app.app_context():
        people = [ticket for ticket in db.session.scalars(select(Ticket)) if ticket.name]
        assert len(people) > 50
        for one in people:
            code, position = one.booking.code, one.position
            assert keyring.open(one.name, bound_to=bound_to(code, "name", position)) in NAMES
            assert keyring.open(one.nik, bound_to=bound_to(code, "nik", position)).startswith("331499")


def test_tickets_the_desk_and_the_administration_are_served(released: Installation, app_on: AppOn) -> None:
    released.run("init")
    app = app_on(released)
    with app.app_context():
        tokens = {
            ticket.state: app.extensions["keyring"].ticket_token(ticket.id)
            for ticket in db.session.scalars(select(Ticket).order_by(Ticket.id))
        }
        roles = select(Staff.id, StaffAssignment.role).join(Staff.assignments).order_by(Staff.id)
        with unit_of_work() as session:
            for one in session.scalars(select(Staff)).all():
                enrol(session, one, app.extensions["keyring"], now=NOON)  # what they do first after this update
            sessions = {row.role: start_session(session, row.id, now=NOON) for row in session.execute(roles).all()}
    assert set(tokens) >= {TicketState.BOOKED, TicketState.CANCELLED, TicketState.CHECKED_IN, TicketState.RESCHEDULED}
    for state, token in tokens.items():
        assert app.test_client().get(f"/t/{token}").status_code in (200, 303), state
    for role, session_token in sessions.items():
        client = app.test_client()
        client.set_cookie(STAFF_COOKIE, session_token)
        seen, waiting = set[str](), ["/petugas/"]
        while waiting:
            page = waiting.pop()
            kind = without_ids(page)
            if kind in seen:
                continue
            seen.add(kind)
            answer = client.get(page)
            assert answer.status_code in (200, 302, 303), (role, page)
            if answer.mimetype == "text/html":  # and no file to take away
                waiting += re.findall(r'<a [^>]*href="(/(?:petugas|meja|loket|admin)[^"#?]*)', answer.text)
        assert len(seen) >= FEWEST_PAGES[role], (role, sorted(seen))


def test_people_book_again(released: Installation, app_on: AppOn) -> None:
    """On, with ids and numbers that nobody had."""
    released.run("init")
    app = app_on(released)
    with app.app_context():
        highest = db.session.scalars(select(Ticket.id).order_by(Ticket.id.desc())).first()
        with unit_of_work() as session:
            offering = session.scalars(
                select(OfficeService).join(Office).join(Service).where(Office.slug == "gemolong")
            ).one()
            slot = next(one for one in slots_of(session, offering, FRIDAY) if one.share is Share.PUBLIC)
            made = make_booking(session, slot.id, make_applicant(9000), keyring=app.extensions["keyring"], now=NOON)
            (ticket,) = made.tickets
            assert ticket.id > (highest or 0)
            token = app.extensions["keyring"].ticket_token(ticket.id)
        assert db.session.scalar(select(Booking.id).where(Booking.id == made.id))
    assert app.test_client().get(f"/t/{token}").status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_life_to_store_is_lived_by_the_present_program_too(
    app: Flask, clock: FixedClock, database_url: str
) -> None:
    """With rows in every table, else the next release could not store its own."""
    live(app, clock)
    assert {table for table, rows in rows_in(database_url).items() if not rows} == set()
    with app.app_context():
        found = verify(db.session(), keyring=app.extensions["keyring"], now=clock.now())
    assert [finding for finding in found if finding.breaches] == []
