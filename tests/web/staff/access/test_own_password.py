"""Staff change their own password and leave other devices, each time with the present password."""

import pytest
from flask import Flask
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.factories import PASSWORD, make_staff
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import Visitor, World, refusals

NEW = "tiga becak lewat jembatan"
ACCOUNT, CHANGE, OTHERS = "/petugas/akun", "/petugas/akun/kata-sandi", "/petugas/akun/perangkat-lain"


@pytest.fixture
def inside(visitor: Visitor, world: World) -> Visitor:
    make_staff(world.session, world.here, Role.COUNTER, now=MONDAY_MORNING, username="siti")
    world.session.commit()
    visitor.post("/petugas/masuk", {"username": "siti", "password": PASSWORD})
    return visitor


@pytest.fixture
def elsewhere(inside: Visitor, app: Flask) -> Visitor:
    other = Visitor(app.test_client())
    other.post("/petugas/masuk", {"username": "siti", "password": PASSWORD})
    return other


def change(visitor: Visitor, **changes: str) -> object:
    return visitor.post(CHANGE, {"present": PASSWORD, "password": NEW, "repeat": NEW, **changes})


def test_whoever_changes_it_stays_and_everybody_else_is_out(inside: Visitor, elsewhere: Visitor) -> None:
    before = inside.client.get_cookie(STAFF_COOKIE).value
    answer = change(inside)
    assert (answer.status_code, answer.location) == (303, ACCOUNT)
    assert inside.client.get_cookie(STAFF_COOKIE).value != before
    assert "Semua perangkat lain dikeluarkan" in inside.get(ACCOUNT).text
    assert elsewhere.get("/petugas/").status_code == 303
    assert elsewhere.post("/petugas/masuk", {"username": "siti", "password": PASSWORD}).status_code == 422
    assert elsewhere.post("/petugas/masuk", {"username": "siti", "password": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"present": "salah-salah-salah"}, 403),
        ({"present": ""}, 422),
        ({"repeat": "tiga becak lewat jalan"}, 422),
        ({"password": "passwordpassword", "repeat": "passwordpassword"}, 422),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    inside: Visitor, elsewhere: Visitor, changes: dict[str, str], status: int
) -> None:
    answer = change(inside, **changes)
    assert answer.status_code == status
    assert refusals(answer)
    assert NEW not in answer.text
    assert elsewhere.get("/petugas/").status_code == 200


def test_guessing_the_present_one_is_slowed(inside: Visitor) -> None:
    answers = [change(inside, present="salah-salah-salah").status_code for _ in range(11)]
    assert answers == [403] * 10 + [429]


def test_other_devices_are_seen_and_left(inside: Visitor, elsewhere: Visitor) -> None:
    page = inside.get(ACCOUNT).text
    assert page.count("perangkat ini") == 1
    assert page.count('data-label="Terakhir dipakai"') == 2
    assert inside.post(OTHERS, {"present": "salah-salah-salah"}).status_code == 403
    assert elsewhere.get("/petugas/").status_code == 200
    assert inside.post(OTHERS, {"present": PASSWORD}).location == ACCOUNT
    assert elsewhere.get("/petugas/").status_code == 303
    assert inside.get("/petugas/").status_code == 200
    assert "Keluarkan perangkat lain" not in inside.get(ACCOUNT).text


def test_every_page_of_staff_leads_there_and_out(inside: Visitor) -> None:
    for path in ("/petugas/", "/loket/", ACCOUNT, CHANGE):
        page = inside.get(path).text
        assert f'href="{ACCOUNT}"' in page
        assert 'action="/petugas/keluar"' in page


def test_an_administrator_puts_a_colleague_out_of_all_devices(
    world: World, inside: Visitor, elsewhere: Visitor, app: Flask
) -> None:
    head = Visitor(app.test_client()).sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))
    session = world.afresh()
    colleague = session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "staff.logged_in")).first()
    answer = head.post(f"/admin/petugas/{colleague}/keluarkan")
    assert "dikeluarkan dari semua perangkat" in head.get(answer.location).text
    assert [one.get("/petugas/").status_code for one in (inside, elsewhere)] == [303, 303]
    assert inside.post("/petugas/masuk", {"username": "siti", "password": PASSWORD}).status_code == 303
    actions = world.afresh().scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions.count("staff.sessions_ended") == 1


def test_nobody_puts_out_people_of_other_offices(visitor: Visitor, world: World) -> None:
    theirs = world.staff(Role.DESK, world.there)
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert visitor.post(f"/admin/petugas/{theirs.id}/keluarkan").status_code == 404
