"""Statements stay prepared on PostgreSQL from one request to the next; and reading stores nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from queue_app.db import db, end_reading
from queue_app.models import Office
from tests.harness.office import World

ENOUGH = 8  # requests: the driver has a statement prepared when it is sent for the sixth time


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_was_prepared_for_a_page_is_not_forgotten(app: Flask, client: FlaskClient, world: World) -> None:
    booking = world.book()
    for _ in range(ENOUGH):
        assert client.get(f"/t/{world.token(booking)}").status_code == 200
    with app.app_context():
        prepared = db.session().connection().exec_driver_sql("SELECT statement FROM pg_prepared_statements").scalars()
        assert any("FROM ticket" in statement for statement in prepared)


@pytest.mark.parametrize("flush", [False, True])
def test_what_is_changed_outside_of_a_unit_of_work_is_dropped(app: Flask, world: World, flush: bool) -> None:
    name = world.here.name
    with app.app_context():
        office = db.session().scalars(select(Office).where(Office.id == world.here.id)).one()
        office.name = "Kantor lain"
        if flush:
            db.session().flush()
    assert world.afresh().get_one(Office, world.here.id).name == name


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_is_lost_while_reading_harms_nobody_after(app: Flask, world: World) -> None:
    """Also where the failure was swallowed, and nobody has rolled back."""
    with app.app_context():
        session = db.session()
        process = session.scalar(text("SELECT pg_backend_pid()"))
        world.session.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
        with pytest.raises(OperationalError):
            session.scalar(select(Office.name))
        end_reading(session)
        assert session.scalar(select(Office.name)) == world.here.name
