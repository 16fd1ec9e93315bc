"""Whatever goes wrong under /api/ is problem+json with a code that the document names."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from queue_app.domain import errors, typing_errors
from queue_app.domain.errors import DomainError
from queue_app.web.access.rules import public
from queue_app.web.refusals.programs import KINDS
from tests.harness.office import TOMORROW, World
from tests.web.api.program import PERSON, Program

SECRET = "3314990101900001"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/", 404, "not_found"),
        ("GET", "/api/v1", 404, "not_found"),
        ("GET", "/api/v2/offices", 404, "not_found"),
        ("GET", f"/api/v1/{SECRET}", 404, "not_found"),
        ("DELETE", "/api/v1/offices", 405, "wrong_method"),
        ("PUT", "/api/v1/bookings/x", 405, "wrong_method"),
        ("POST", "/api/v1/docs", 405, "wrong_method"),
    ],
)
def test_there_is_nothing_to_find(client: FlaskClient, method: str, path: str, status: int, code: str) -> None:
    answer = client.open(path, method=method, headers={"Accept": "text/html"})
    assert answer.mimetype == "application/problem+json"
    assert (answer.status_code, answer.json["status"], answer.json["code"]) == (status, status, code)
    assert SECRET not in answer.text
    assert ("Allow" in answer.headers) == (status == 405)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("content_type", "body", "status", "code"),
    [
        ("application/json", b"", 400, "invalid_json"),
        ("application/json", b"{", 400, "invalid_json"),
        ("application/json", b"\xff", 400, "invalid_json"),
        ("application/json", b'{"a": NaN}', 400, "invalid_json"),
        ("application/json", b'"\\ud800"', 400, "invalid_json"),
        ("application/json", b"[" * 60_000, 400, "invalid_json"),
        ("application/json", b"9" * 60_000, 400, "invalid_json"),
        ("application/json; charset=utf-8", b"1e400", 422, "invalid_request"),
        ("application/json", b'{"\\u0000": "\\u0000"}', 422, "invalid_request"),
        ("application/json", b"x" * 70_000, 413, "too_large"),
        ("text/json", b"{}", 415, "unsupported_media_type"),
        ("application/x-www-form-urlencoded", b"applicant=x", 415, "unsupported_media_type"),
        ("multipart/form-data; boundary=e", b"--e--", 415, "unsupported_media_type"),
        ("", b"{}", 415, "unsupported_media_type"),
    ],
)
def test_bodies_that_cannot_be_read(
    client: FlaskClient, program: Program, world: World, content_type: str, body: bytes, status: int, code: str
) -> None:
    answer = client.post(
        f"/api/v1/slots/{world.slot(TOMORROW).id}/bookings",
        data=body,
        headers={"Content-Type": content_type, **program.headers},
    )
    assert answer.mimetype == "application/problem+json"
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_failure_of_ours(app: Flask, client: FlaskClient) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @public
    def fail(how: str) -> None:
        if how == "database":
            raise OperationalError("SELECT 1", {"nik": SECRET}, Exception("gone"))
        raise RuntimeError(SECRET)

    app.add_url_rule("/api/v1/probe/<how>", view_func=fail)
    for how, status, code in (("database", 503, "unavailable"), ("other", 500, "server_error")):
        answer = client.get(f"/api/v1/probe/{how}", headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.json["code"]) == (status, code)
        assert answer.mimetype == "application/problem+json"
        assert SECRET not in answer.text
        assert ("Retry-After" in answer.headers) == (status == 503)
        assert "Idempotency-Key" in answer.json["detail"]


def test_every_refusal_of_the_domain_has_an_answer(app: Flask, client: FlaskClient) -> None:
    kinds = [
        kind
        for kind in (vars(errors) | vars(typing_errors)).values()
        if isinstance(kind, type) and issubclass(kind, DomainError)
    ]

    @public
    def refuse(number: int) -> None:
        raise kinds[number](note=SECRET)

    app.add_url_rule("/api/v1/probe/<int:number>", view_func=refuse)
    for number, kind in enumerate(kinds):
        answer = client.get(f"/api/v1/probe/{number}")
        assert 400 <= answer.status_code < 500
        assert answer.json["code"] in KINDS, kind
        assert answer.json["detail"]
        assert SECRET not in answer.text


def test_the_language_of_the_explanation(program: Program, world: World) -> None:
    path, wrong = f"/slots/{world.slot(TOMORROW).id}/bookings", {"applicant": {**PERSON, "nik": "1"}}
    said = [
        program.post(path, wrong, **{"Accept-Language": language}).json["errors"][0]["detail"]
        for language in ("", "id", "fr", "en", "en-GB, id;q=0.1", "*;q=x, \xff")
    ]
    assert [text.startswith("NIK terdiri atas") for text in said] == [True, True, True, False, False, True]
