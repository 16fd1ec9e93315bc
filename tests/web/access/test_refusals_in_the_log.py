"""Whoever was refused at a door stands in the log, and nothing that was typed."""

import logging

import pytest
from flask.testing import FlaskClient

from queue_app.domain.roles import Role
from tests.harness.factories import make_staff
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import Visitor, World

TYPED = "rahasia-yang-diketik"


@pytest.fixture(autouse=True)
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING)
    return caplog


def test_wrong_passwords(visitor: Visitor, world: World, said: pytest.LogCaptureFixture) -> None:
    siti = make_staff(world.session, world.here, Role.DESK, now=MONDAY_MORNING, username="siti")
    world.session.commit()
    for username, password in (("siti", TYPED), (TYPED, "salah-salah-salah")):
        visitor.post("/petugas/masuk", {"username": username, "password": password})
    assert [line for line in said.messages if "password" in line] == [
        f"password refused (wrong_credentials) for staff:{siti.id}",
        "password refused (wrong_credentials) for no account",
    ]
    for _ in range(5):
        visitor.post("/petugas/masuk", {"username": "siti", "password": TYPED})
    assert f"password refused (too_many_attempts) for staff:{siti.id}" in said.messages
    assert TYPED not in said.text


def test_doors_of_others(visitor: Visitor, world: World, said: pytest.LogCaptureFixture) -> None:
    auditor = world.staff(Role.AUDITOR)
    assert visitor.sign_in(world, auditor).get("/admin/petugas").status_code == 403
    assert f"staff:{auditor.id} may not open admin.staff" in said.messages


def test_unknown_keys_of_programs(client: FlaskClient, world: World, said: pytest.LogCaptureFixture) -> None:
    client.get("/api/v1/bookings/00000000", headers={"Authorization": f"Bearer {TYPED}"})
    assert "an API key that is not known, or withdrawn, was refused" in said.messages
    assert TYPED not in said.text


def test_forms_of_another_site(client: FlaskClient, world: World, said: pytest.LogCaptureFixture) -> None:
    client.post("/petugas/masuk", data={"username": TYPED, "password": TYPED})
    assert "a form for staff.log_in without a token of this session was refused" in said.messages
    assert TYPED not in said.text
