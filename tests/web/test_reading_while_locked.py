"""What a reader only leaves behind (when they were seen, days that were missing) never makes them wait for writers."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.db import db, note, unit_of_work
from queue_app.models import OfficeService, ServiceDay, StaffSession
from tests.harness.fakes import FixedClock
from tests.harness.foreign_writer import holding_the_lock
from tests.harness.office import Visitor, World

PAGE = "/meja/kedatangan"


def test_staff_open_a_page_though_nobody_can_write(
    desk: Visitor, world: World, clock: FixedClock, database_url: str
) -> None:
    later = clock.advance(minutes=10)
    seen = select(StaffSession.last_seen_at)
    before = world.afresh().scalar(seen)
    world.session.rollback()
    with holding_the_lock(database_url, "staff_session"):
        assert desk.get(PAGE).status_code == 200
    assert world.afresh().scalar(seen) == before
    world.session.rollback()
    desk.get(PAGE)
    assert world.afresh().scalar(seen) >= later, "the next one notes it"


def test_days_are_shown_though_nobody_can_make_the_missing_ones(
    client: FlaskClient, session: Session, offering: OfficeService, clock: FixedClock, database_url: str
) -> None:
    path = f"/api/v1/availability?office={offering.office.slug}&service={offering.service.code}"
    count = select(func.count()).select_from(ServiceDay)
    before = session.scalar(count)
    session.rollback()
    clock.advance(days=7)
    with holding_the_lock(database_url, "office_service", "service_day"):
        assert client.get(path).status_code == 200
    assert session.scalar(count) == before
    session.rollback()
    client.get(path)
    assert session.scalar(count) > before


def test_other_faults_of_a_note_are_not_kept_quiet(app: Flask) -> None:
    def break_down(_session: Session) -> None:
        raise ZeroDivisionError

    with app.app_context(), pytest.raises(ZeroDivisionError):
        note(break_down)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_writer_that_is_interrupted_gives_its_turn_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLAlchemy gives up the connection of a statement that was interrupted: its end must still be noticed."""

    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    def write(*, interrupted: bool = False) -> None:
        with unit_of_work() as session:
            if interrupted:
                patch.setattr(db.engine.dialect, "do_execute", interrupt)
            session.scalar(select(func.count()).select_from(ServiceDay))

    with app.app_context():
        write()
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            write(interrupted=True)
        write()
