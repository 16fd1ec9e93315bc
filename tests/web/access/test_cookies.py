"""By https every cookie that opens something bears a prefix that browsers hold sites to."""

from dataclasses import replace

import pytest
from flask import Flask, Response

from queue_app import create_app
from queue_app.config import Settings
from queue_app.web.access.cookies import cookie, give_cookie, take_cookie
from queue_app.web.access.kiosks import COOKIE_PATH, DEVICE_COOKIE, device_token, give_token


@pytest.fixture
def by_https(settings: Settings) -> Flask:
    return create_app(replace(settings, public_url="https://antrean.example"))


@pytest.mark.parametrize(("path", "begins"), [("/", "__Host-x=y; "), ("/meja", "__Secure-x=y; ")])
def test_by_https_the_name_has_a_prefix(by_https: Flask, path: str, begins: str) -> None:
    answer = Response()
    with by_https.test_request_context():
        give_cookie(answer, "x", "y", path=path)
    header = answer.headers["Set-Cookie"]
    assert header.startswith(begins)
    assert {"Secure", "HttpOnly", "SameSite=Lax", f"Path={path}"} <= set(header.split("; "))
    assert "Domain" not in header


def test_one_of_a_bare_name_is_not_read_by_https(by_https: Flask) -> None:
    with by_https.test_request_context(headers={"Cookie": "x=planted"}):
        assert cookie("x") is None
    with by_https.test_request_context(headers={"Cookie": "x=planted; __Host-x=ours"}):
        assert cookie("x") == "ours"


def test_it_is_taken_back_by_the_same_name(by_https: Flask) -> None:
    answer = Response()
    with by_https.test_request_context():
        take_cookie(answer, "x", path="/t/")
    assert answer.headers["Set-Cookie"].startswith("__Secure-x=; ")
    assert "Secure" in answer.headers["Set-Cookie"], "without it a browser keeps the old one"


def test_without_https_names_are_bare(settings: Settings) -> None:
    answer = Response()
    with create_app(settings).test_request_context():
        give_cookie(answer, "x", "y")
    assert answer.headers["Set-Cookie"].startswith("x=y; ")


def test_a_kiosk_of_before_stays_one_and_gets_the_new_name(by_https: Flask) -> None:
    answer = Response()
    with by_https.test_request_context(headers={"Cookie": f"{DEVICE_COOKIE}=token"}):
        assert device_token() == "token"
        give_token(answer, device_token() or "")
    assert answer.headers["Set-Cookie"].startswith(f"__Secure-{DEVICE_COOKIE}=token; ")
    assert f"Path={COOKIE_PATH}" in answer.headers["Set-Cookie"]
    assert "SameSite=Strict" in answer.headers["Set-Cookie"]
