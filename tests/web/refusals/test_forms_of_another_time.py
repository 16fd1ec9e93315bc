"""A form that was open for too long, or was made before a clock was set back, comes back with all that was typed."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from queue_app.domain.roles import Role
from queue_app.models import Staff
from tests.harness.factories import PASSWORD, make_staff, time_code
from tests.harness.fakes import FixedClock
from tests.harness.office import Visitor, World

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TYPED = {"name": 'Siti "Ani" <b>', "service": ["1", "2"], "note": "dua\nbaris"}
AGAIN = "Kirim sekali lagi"
LOG_IN = "/petugas/masuk"


@pytest.fixture
def client(shell: Flask) -> FlaskClient:
    return shell.test_client()


def token_made_at(visitor: Visitor, moment: datetime) -> str:
    with time_machine.travel(moment, tick=False):
        return visitor.form_token()


def send(visitor: Visitor, token: str, path: str = "/probe/post", **options: object) -> TestResponse:
    with time_machine.travel(NOW, tick=False):
        return visitor.client.post(path, data={"csrf_token": token, **TYPED}, **options)


def sent_on(visitor: Visitor, path: str, data: dict[str, str]) -> TestResponse:
    """As a browser does that is told to send a form elsewhere."""
    answer = visitor.client.post(path, data=data)
    assert answer.status_code == 307
    return visitor.client.post(answer.location, data=data)


def fields_of(page: str) -> list[tuple[str, str]]:
    """The hidden fields of the one form, without the token."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return [(name, unescape(value)) for name, value in found if name != "csrf_token"]


def press(visitor: Visitor, page: str) -> TestResponse:
    """The button of the page."""
    (action,) = re.findall(r'<form method="post" action="([^"]*)">', page)
    token = re.findall(r'name="csrf_token" value="([^"]*)"', page)[-1]
    data: dict[str, list[str]] = {"csrf_token": [token]}
    for name, value in fields_of(page):
        data.setdefault(name, []).append(value)
    with time_machine.travel(NOW, tick=False):
        return visitor.client.post(unescape(action), data=data)


@pytest.mark.parametrize("hours", [-3.9, -1, -0.01, 0.01, 3.9])
def test_a_form_is_good_for_four_hours_whichever_way_the_clock_went(visitor: Visitor, hours: float) -> None:
    assert send(visitor, token_made_at(visitor, NOW - timedelta(hours=hours))).status_code == 302


@pytest.mark.parametrize("hours", [-24 * 40, -24, -5, 5, 24])
def test_an_older_one_comes_back_with_everything_and_is_sent_by_one_press(visitor: Visitor, hours: float) -> None:
    answer = send(visitor, token_made_at(visitor, NOW - timedelta(hours=hours)), "/probe/post?hari=2026-11-24")
    if abs(hours) > 24 * 31:  # the session itself is from another time; the browser knows whose page it was
        assert "Formulir ini tidak berlaku lagi" in answer.text
        return
    assert answer.status_code == 400
    assert AGAIN in answer.text
    assert "terlalu lama terbuka" not in answer.text
    assert fields_of(answer.text) == [
        ("name", 'Siti "Ani" <b>'),
        ("service", "1"),
        ("service", "2"),
        ("note", "dua\nbaris"),
    ]
    assert 'action="/probe/post?hari=2026-11-24"' in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert press(visitor, answer.text).status_code == 302


def test_in_english_too(visitor: Visitor) -> None:
    visitor.client.set_cookie("lang", "en")
    answer = send(visitor, token_made_at(visitor, NOW - timedelta(hours=5)))
    assert "Send once more" in answer.text


def test_where_the_session_is_lost_the_browser_says_whose_page_it_was(visitor: Visitor) -> None:
    token = token_made_at(visitor, NOW)
    visitor.client.delete_cookie("queue")
    for site in ("same-origin", "same-site", "cross-site", "none", ""):
        answer = send(visitor, token, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 400
        assert (AGAIN in answer.text) == (site == "same-origin")
        assert ("&lt;b&gt;" in answer.text) == (site == "same-origin")
    assert press(visitor, send(visitor, token, headers={"Sec-Fetch-Site": "same-origin"}).text).status_code == 302


def test_a_forged_form_gets_nothing_back(visitor: Visitor, shell: Flask) -> None:
    stranger = Visitor(shell.test_client())
    visitor.form_token()
    for token in ("", "x", "a.b.c", token_made_at(stranger, NOW - timedelta(hours=5))):
        answer = send(visitor, token)
        assert answer.status_code == 400
        assert AGAIN not in answer.text
        assert "&lt;b&gt;" not in answer.text


def test_a_program_hears_a_code(visitor: Visitor) -> None:
    token = token_made_at(visitor, NOW - timedelta(hours=5))
    answer = send(visitor, token, headers={"Accept": "application/json", "Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.json["code"]) == (400, "stale_form")


def test_a_session_made_before_the_clock_was_set_back_goes_on_and_is_dated_anew(visitor: Visitor) -> None:
    token_made_at(visitor, NOW + timedelta(days=2))
    before = visitor.client.get_cookie("queue").value
    with time_machine.travel(NOW, tick=False):
        visitor.get("/probe/post")
        after = visitor.client.get_cookie("queue").value
        assert after != before
        visitor.get("/probe/post")
        assert visitor.client.get_cookie("queue").value == after
    assert send(visitor, token_made_at(visitor, NOW)).status_code == 302


def test_a_log_in_that_was_open_over_night_keeps_the_name_and_no_password(visitor: Visitor, world: World) -> None:
    values = {"csrf_token": token_made_at(visitor, NOW - timedelta(hours=14)), "username": "siti", "password": PASSWORD}
    with time_machine.travel(NOW, tick=False):
        answer = visitor.client.post(LOG_IN, data=values)
    assert AGAIN in answer.text
    assert "Hanya kata sandi yang tidak ikut disimpan" in answer.text
    assert PASSWORD not in answer.text
    page = press(visitor, answer.text)
    assert page.status_code == 422
    assert 'value="siti"' in page.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_was_logged_out_meanwhile_loses_nothing(visitor: Visitor, world: World, clock: FixedClock) -> None:
    for name in ("siti", "budi"):
        who = {"username": name, "keyring": world.keyring}
        make_staff(world.session, world.here, Role.ADMINISTRATOR, now=clock.now(), **who)
    world.session.commit()
    visitor.sign_in(world, world.session.scalars(select(Staff).where(Staff.username == "siti")).one())
    form = {"name": "Loket pintu", "reason": "Baru", "password": "not-to-be-kept"}
    token = visitor.form_token()
    clock.advance(minutes=40)
    sent = sent_on(visitor, "/admin/kios/baru?dari=1", {"csrf_token": token, **form})
    assert sent.status_code == 401
    assert "Isian Anda disimpan di halaman ini" in sent.text
    assert "Loket pintu" not in sent.text, "whoever sits there next must not read it"
    (kept,) = re.findall(r'name="typed_before" value="([^"]+)"', sent.text)
    wrong = visitor.post(LOG_IN, {"username": "budi", "password": "salah-salah-salah", "typed_before": kept})
    (kept,) = re.findall(r'name="typed_before" value="([^"]+)"', wrong.text)
    asked = visitor.post(LOG_IN, {"username": "budi", "password": PASSWORD, "typed_before": kept})
    assert "Loket pintu" not in asked.text, "nor before the second step"
    sealed = dict(re.findall(r'name="(typed_before|proof)" value="([^"]+)"', asked.text))
    back = visitor.post(f"{LOG_IN}/kode", {**sealed, "time_code": time_code(clock.now())})
    assert back.status_code == 200
    assert fields_of(back.text) == [("name", "Loket pintu"), ("reason", "Baru")]
    assert 'action="/admin/kios/baru?dari=1"' in back.text
    made = visitor.client.post(
        "/admin/kios/baru", data={"csrf_token": re.findall(r'csrf_token" value="([^"]*)"', back.text)[-1], **form}
    )
    assert (made.status_code, made.location) == (303, "/admin/kios/1/kode")


@pytest.mark.parametrize("kept", ["x", "YWJj", "=", "\xff"])
def test_what_was_not_sealed_here_is_not_opened(visitor: Visitor, world: World, kept: str) -> None:
    make_staff(world.session, world.here, Role.DESK, now=NOW, username="siti")
    world.session.commit()
    answer = visitor.post(LOG_IN, {"username": "siti", "password": PASSWORD, "typed_before": kept})
    assert (answer.status_code, answer.location) == (303, "/petugas/")


def test_nothing_is_kept_for_somebody_who_was_never_let_in_from_another_site(visitor: Visitor) -> None:
    answer = sent_on(visitor, "/admin/kios/baru", {"name": "forged"})
    assert answer.status_code == 400
    assert "typed_before" not in answer.text
