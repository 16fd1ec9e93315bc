"""Whatever goes wrong, people get a page that says what to do, and programs a stable code."""

import re

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from queue_app.adapters.log_lines import TextLines
from queue_app.domain.errors import DomainError
from queue_app.web.before_flask.plain_refusals import refuse
from queue_app.web.before_flask.request_permits import BUSY
from queue_app.web.refusals.again import asks_again
from queue_app.web.refusals.people import SENTENCES, SENTENCES_WITH_FACTS, message_for
from queue_app.web.refusals.status import STATUS, status_of
from tests.harness.fakes import MONDAY_MORNING

JSON = {"Accept": "application/json"}
FACTS = {"reason": "length", "opens_at": MONDAY_MORNING, "closed_at": MONDAY_MORNING, "minimum": 12}


def kinds(kind: type[DomainError] = DomainError) -> list[type[DomainError]]:
    below = [one for one in kind.__subclasses__() if one.__module__.startswith("queue_app.")]  # not those of tests
    return [kind, *(found for one in below for found in kinds(one))]


@pytest.fixture
def visitor(shell: Flask) -> FlaskClient:
    return shell.test_client()


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.code)
def test_every_refusal_has_its_words_in_both_languages(app: Flask, kind: type[DomainError]) -> None:
    assert (kind.code in SENTENCES) ^ (kind.code in SENTENCES_WITH_FACTS)
    said = {}
    for language in ("id", "en"):
        with app.test_request_context():
            g.language = language
            for error in (kind(), kind(**FACTS)):
                for zone in (None, "Asia/Makassar"):
                    said[language] = message_for(error, zone)
                    assert len(said[language]) > 15
                    assert "%(" not in said[language]
    assert said["id"] != said["en"]


def test_every_refusal_has_a_code_of_its_own_and_a_status() -> None:
    codes = [kind.code for kind in kinds()]
    assert len(codes) == len(set(codes))
    assert set(STATUS) <= set(codes)
    assert {status_of(kind()) for kind in kinds()} <= {403, 404, 409, 410, 422, 429}


def test_the_zone_puts_the_time_into_the_message(app: Flask) -> None:
    with app.test_request_context():
        not_open = next(kind for kind in kinds() if kind.code == "not_open_yet")
        assert "pukul 10.00 WITA" in message_for(not_open(opens_at=MONDAY_MORNING), "Asia/Makassar")


def test_a_refusal_is_a_page_for_people_and_a_problem_for_programs(visitor: FlaskClient) -> None:
    page = visitor.get("/probe/refuse/slot_full")
    assert page.status_code == 409
    assert "pilih jam lain" in page.text
    problem = visitor.get("/probe/refuse/slot_full?lang=en", headers=JSON)
    assert problem.status_code == 409
    assert problem.mimetype == "application/problem+json"
    assert problem.json is not None
    assert problem.json["type"] == "urn:queue-app:problem:slot_full"
    assert problem.json["status"] == 409
    assert "choose another time" in problem.json["title"]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 418, 429, 500, 502, 503])
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_status_has_a_page_in_both_languages(visitor: FlaskClient, status: int, language: str) -> None:
    page = visitor.get(f"/probe/stop/{status}?lang={language}")
    assert page.status_code == status
    assert f'<html lang="{language}"' in page.text
    assert re.search(r"<h1[^>]*>\S", page.text)
    assert 'href="/"' in page.text
    assert visitor.get(f"/probe/stop/{status}", headers=JSON).mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status", "again"),
    [
        ("GET", "/kiosk/sragen", 503, "15; url=/kiosk/sragen?lang=id"),
        ("POST", "/kiosk/sragen/nomor/ktp-rekam", 500, "15; url=/kiosk/sragen?lang=id"),
        ("POST", "/kiosk/sragen/kode", 429, "15; url=/kiosk/sragen?lang=id"),
        ("GET", "/kiosk/sragen/kode", 404, ""),
        ("GET", "/display/sragen", 503, "15"),
        ("GET", "/display/sragen", 500, "15"),
        ("GET", "/display/nowhere", 404, ""),
        ("GET", "/t/ABC", 503, "15"),
        ("GET", "/t/ABC", 500, ""),
        ("POST", "/bookings", 503, ""),
        ("POST", "/bookings", 409, ""),
    ],
)
def test_where_nobody_could_reload_the_page_it_asks_again(method: str, path: str, status: int, again: str) -> None:
    """And never sends a person's form a second time."""
    assert asks_again(method, path, status) == again


@pytest.mark.parametrize("path", ["/kiosk/sragen/daftar", "/display/sragen"])
def test_a_kiosk_and_a_display_come_back_from_a_database_that_was_away(
    shell: Flask, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr("sqlalchemy.orm.Session.scalars", gone)
    answer = shell.test_client().get(path)
    assert answer.status_code == 503
    assert answer.headers["Refresh"].startswith("15")
    assert "Refresh" not in shell.test_client().get("/display/sragen/now", headers=JSON).headers


def test_so_does_one_that_was_refused_before_flask() -> None:
    said: list[tuple[str, str]] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/kiosk/sragen"}
    body = refuse(environ, lambda _status, headers: said.extend(headers), BUSY)
    assert ("Refresh", "15; url=/kiosk/sragen?lang=id") in said
    assert b"<h1>" in body[0]


def test_too_many_requests_say_when_to_come_back(visitor: FlaskClient) -> None:
    assert visitor.get("/probe/stop/429").headers["Retry-After"] == "60"


def test_a_wrong_method_names_the_right_ones(visitor: FlaskClient) -> None:
    answer = visitor.post("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_breakdown_shows_nothing_of_the_inside(visitor: FlaskClient) -> None:
    page = visitor.get("/probe/break-down")
    assert page.status_code == 500
    assert "Ada kesalahan pada sistem kami" in page.text
    assert "3314990101900001" not in page.text
    assert "Traceback" not in page.text


def test_a_database_that_is_away_is_a_matter_of_seconds(visitor: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    page = visitor.get("/probe/lose-database")
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "5"
    assert "3314990101900001" not in caplog.text


def test_a_form_that_is_not_known_to_be_ours_gives_nothing_back(visitor: FlaskClient) -> None:
    page = visitor.post("/probe/post", data={"name": "Siti"})
    assert page.status_code == 400
    assert "Formulir ini tidak berlaku lagi" in page.text
    assert 'href="/probe/post"' in page.text
    visitor.set_cookie("lang", "en")
    assert "This form is no longer valid" in visitor.post("/probe/post").text


def test_a_huge_request_is_refused(visitor: FlaskClient) -> None:
    answer = visitor.post("/probe/post", data={"name": "x" * 70_000})
    assert answer.status_code == 413
    assert "Kiriman terlalu besar" in answer.text


def test_a_view_without_a_rule_stays_shut(visitor: FlaskClient) -> None:
    assert visitor.get("/probe/unmarked").status_code == 500


def test_staff_pages_ask_to_log_in_and_come_back(visitor: FlaskClient) -> None:
    page = visitor.get("/probe/staff-only?day=2026-11-23")
    assert page.status_code == 303
    assert page.headers["Location"].endswith("?next=/probe/staff-only?day%3D2026-11-23")
    problem = visitor.get("/probe/staff-only", headers=JSON)
    assert (problem.status_code, problem.mimetype) == (401, "application/problem+json")
    visitor.set_cookie("staff_session", "forged")
    assert visitor.get("/probe/staff-only").status_code == 303


@pytest.mark.parametrize("path", ["/probe/break-down", "/probe/lose-database", "/kiosk/sragen/daftar"])
def test_what_the_system_got_wrong_has_a_number_that_the_log_knows(
    shell: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    caplog.handler.setFormatter(TextLines())
    if path.startswith("/kiosk"):

        def gone(*_: object) -> None:
            raise OperationalError("SELECT 1", {}, Exception("gone"))

        monkeypatch.setattr("sqlalchemy.orm.Session.scalars", gone)
    page = shell.test_client().get(path)
    assert page.status_code >= 500
    number = page.headers["X-Request-Id"]
    assert f"Nomor kejadian: <strong>{number}</strong>" in page.text
    assert f"[{number}]" in caplog.text
    problem = shell.test_client().get(path, headers=JSON)
    if problem.is_json:
        assert problem.json["request_id"] == problem.headers["X-Request-Id"]


@pytest.mark.parametrize("path", ["/nowhere/at/all", "/probe/refuse/slot_full"])
def test_a_refusal_has_none_because_nothing_went_wrong(visitor: FlaskClient, path: str) -> None:
    assert "Nomor kejadian" not in visitor.get(path).text
    assert "request_id" not in visitor.get(path, headers=JSON).json
