"""Logging in and out, time-outs, waits after wrong passwords, and the first administrator."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.roles import Role
from queue_app.jobs.registry import run_job
from queue_app.models import AuditEntry, Staff, StaffSession
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.factories import PASSWORD, make_staff
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import Visitor, World, refusals

LOG_IN = "/petugas/masuk"


@pytest.fixture
def officer(world: World) -> Staff:
    staff = make_staff(world.session, world.here, Role.DESK, now=MONDAY_MORNING, username="siti")
    world.session.commit()
    return staff


def log_in(visitor: Visitor, username: str = "siti", password: str = PASSWORD, query: str = "") -> object:
    return visitor.post(LOG_IN + query, {"username": username, "password": password})


def test_the_right_password_opens_the_start_page(visitor: Visitor, officer: Staff) -> None:
    answer = log_in(visitor, " Siti ")
    assert answer.status_code == 303
    page = visitor.get(answer.location)
    assert "/meja/pindai" in page.text
    assert "/admin/" not in page.text


@pytest.mark.parametrize("role", list(Role))
def test_the_start_page_leads_wherever_the_menu_does(visitor: Visitor, world: World, role: Role) -> None:
    page = visitor.sign_in(world, world.staff(role)).get("/petugas/").text
    above, _main, below = page.partition("<main")
    menu = re.search(r"<nav.*?</nav>", above, re.S)
    doors = re.findall(r'href="([^"?]+)"', below)
    assert menu
    assert set(re.findall(r'href="(/(?:meja|loket|admin)/[^"?]*)"', menu.group())) <= set(doors)


def test_the_cookie_is_for_the_server_only(visitor: Visitor, officer: Staff) -> None:
    cookie = next(value for value in log_in(visitor).headers.getlist("Set-Cookie") if value.startswith(STAFF_COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # this installation is reached by plain http


def test_a_session_planted_before_is_worth_nothing(visitor: Visitor, officer: Staff) -> None:
    visitor.client.set_cookie(STAFF_COOKIE, "planted")
    log_in(visitor)
    after = visitor.client.get_cookie(STAFF_COOKIE)
    assert after is not None
    assert after.value != "planted"


def test_logging_in_again_ends_the_session_before(visitor: Visitor, officer: Staff, session: Session) -> None:
    log_in(visitor)
    first = visitor.client.get_cookie(STAFF_COOKIE).value
    log_in(visitor)
    assert visitor.client.get_cookie(STAFF_COOKIE).value != first
    assert len(session.scalars(select(StaffSession).where(StaffSession.ended_at.is_(None))).all()) == 1


@pytest.mark.parametrize(("username", "password"), [("siti", "salah-salah-salah"), ("tidak.ada", PASSWORD)])
def test_a_wrong_password_and_an_unknown_name_sound_the_same(
    visitor: Visitor, officer: Staff, username: str, password: str
) -> None:
    answer = log_in(visitor, username, password)
    assert answer.status_code == 422
    assert refusals(answer) == ["Nama pengguna atau kata sandi salah."]
    assert password not in answer.text


def test_after_logging_in_one_is_back_where_one_was(visitor: Visitor, officer: Staff) -> None:
    answer = visitor.get("/meja/kedatangan?tanggal=2026-11-24")
    assert answer.status_code == 303
    assert log_in(visitor, query=answer.location.removeprefix(LOG_IN)).location == "/meja/kedatangan?tanggal=2026-11-24"


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1"])
def test_nobody_is_led_to_another_site(visitor: Visitor, officer: Staff, target: str) -> None:
    assert log_in(visitor, query=f"?next={target}").location == "/petugas/"


def test_logging_out_ends_the_session_for_good(visitor: Visitor, officer: Staff, session: Session) -> None:
    log_in(visitor)
    token = visitor.client.get_cookie(STAFF_COOKIE).value
    page = visitor.get("/petugas/")
    assert page.headers["Cache-Control"] == "no-store"  # the back button must ask again
    assert visitor.post("/petugas/keluar").location == LOG_IN
    assert visitor.client.get_cookie(STAFF_COOKIE) is None
    visitor.client.set_cookie(STAFF_COOKIE, token)  # somebody kept the cookie
    assert visitor.get("/petugas/").status_code == 303
    assert session.scalars(select(StaffSession.ended_at)).one() is not None


@pytest.mark.parametrize("minutes", [31, 12 * 60 + 1])
def test_a_session_ends_when_idle_or_too_old(visitor: Visitor, officer: Staff, clock: FixedClock, minutes: int) -> None:
    log_in(visitor)
    for _quarter in range(minutes // 20 if minutes > 60 else 0):
        clock.advance(minutes=20)
        visitor.get("/petugas/")
    clock.advance(minutes=31 if minutes < 60 else 21)
    assert visitor.get("/petugas/").status_code == 303
    assert "Sesi berakhir" in visitor.get(LOG_IN).text


def test_a_clock_set_back_a_little_logs_nobody_out(visitor: Visitor, officer: Staff, clock: FixedClock) -> None:
    log_in(visitor)
    clock.advance(minutes=-20)
    for _half_hour in range(24):
        assert visitor.get("/petugas/").status_code == 200
        clock.advance(minutes=29)
    assert visitor.get("/petugas/").status_code == 200  # 11.6 hours
    clock.advance(minutes=29)
    assert visitor.get("/petugas/").status_code == 303, "a day is no longer than before"


def test_a_clock_set_back_by_hours_asks_to_log_in_and_does_not_bring_the_old_one_back(
    visitor: Visitor, officer: Staff, clock: FixedClock, app: Flask
) -> None:
    log_in(visitor)
    clock.advance(hours=-5)
    assert visitor.get("/petugas/").status_code == 303
    assert run_job(app, "end-sessions-ahead") == 1
    clock.advance(hours=5)
    assert visitor.get("/petugas/").status_code == 303


def test_work_keeps_a_session_alive(visitor: Visitor, officer: Staff, clock: FixedClock) -> None:
    log_in(visitor)
    for _hour in range(4):
        clock.advance(minutes=25)
        assert visitor.get("/petugas/").status_code == 200


def test_a_program_is_told_that_the_session_ended(visitor: Visitor, world: World) -> None:
    answer = visitor.post_json("/meja/pindai", {"code": "7KX9-2MQA", "nonce": "n" * 20})
    assert (answer.status_code, answer.json["code"]) == (401, "not_logged_in")


def test_the_office_can_be_changed_to_an_own_one_only(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.DESK, world.here, world.there))
    assert visitor.post("/petugas/kantor", {"office": world.there.id}).status_code == 303
    assert world.there.name in visitor.get("/petugas/").text
    visitor.sign_in(world, world.staff(Role.DESK))
    assert visitor.post("/petugas/kantor", {"office": world.there.id}).status_code == 404
    assert visitor.post("/petugas/kantor", {"office": "x"}).status_code == 404


def first_administrator(client: FlaskClient, token: str, **changes: str) -> object:
    values = {"name": "Ibu Kepala", "username": "kepala", "password": PASSWORD, "repeat": PASSWORD, **changes}
    return Visitor(client).post(f"/petugas/admin-pertama/{token}", values)


def test_the_one_time_link_makes_one_administrator(
    client: FlaskClient, world: World, keyring: FileKeyring, session: Session
) -> None:
    token = keyring.first_administrator_token()
    assert client.get(f"/petugas/admin-pertama/{token}").status_code == 200
    answer = first_administrator(client, token)
    assert (answer.status_code, answer.location) == (303, "/petugas/")
    assert client.get("/petugas/").location == "/petugas/akun/kode-masuk?next=/petugas/", (
        "an administrator enrols first"
    )
    assert client.get(f"/petugas/admin-pertama/{token}").status_code == 404
    assert first_administrator(client, token, username="kedua").status_code == 404
    assert session.scalars(select(Staff.username)).all() == ["kepala"]
    assert session.scalars(select(AuditEntry.action)).all().count("staff.created") == 1


def test_a_wrong_link_makes_nobody(client: FlaskClient, world: World) -> None:
    assert client.get("/petugas/admin-pertama/wrong").status_code == 404
    assert first_administrator(client, "wr\u00f6ng").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "short", "repeat": "short"},
        {"repeat": "something-else-entirely"},
        {"username": "x y"},
        {"name": "1"},
    ],
)
def test_the_first_account_is_checked(
    client: FlaskClient, world: World, keyring: FileKeyring, session: Session, changes: dict[str, str]
) -> None:
    answer = first_administrator(client, keyring.first_administrator_token(), **changes)
    assert answer.status_code == 422
    assert refusals(answer)
    assert session.scalars(select(Staff)).all() == []
