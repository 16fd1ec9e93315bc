"""The same wish in unusual spellings: each reader gets what they asked for, and leaves nothing else to the next one."""

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_app.models import OfficeService
from tests.web.before_flask.conftest import Seconds
from tests.web.before_flask.readers import readable, vary

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # which one it is makes no difference

AVAILABILITY = "/api/v1/availability?office=sragen&service=KTP_REKAM"


@pytest.fixture
def anybody(app: Flask, offering: OfficeService, seconds: Seconds) -> FlaskClient:
    """Without a memory of its own: what is sent is in the headers, and the clock of the layers stands still."""
    return app.test_client(use_cookies=False)


@pytest.mark.parametrize("cookie", ['lang="en"', r'lang="\145n"', "lang = en", "lang=en; lang=id"])
def test_an_english_page_is_not_kept_as_the_indonesian_one(anybody: FlaskClient, cookie: str) -> None:
    for path in ("/bantuan", "/sragen/ktp-rekam"):
        assert '<html lang="en"' in anybody.get(path, headers={"Cookie": cookie}).text
        assert '<html lang="id"' in anybody.get(path).text
        assert '<html lang="en"' in anybody.get(path, headers={"Cookie": "lang=en"}).text


@pytest.mark.parametrize("path", ["/bantuan", AVAILABILITY, "/static/x/css/app.css", "/manifest.webmanifest"])
@pytest.mark.parametrize("wish", ["BR", "Br, deflate", "br;q=0", "gzip, br;q=0", "GZIP", "*;q=0, gzip", "identity, br"])
def test_who_takes_no_compression_gets_none(anybody: FlaskClient, app: Flask, path: str, wish: str) -> None:
    path = path.replace("/x/", f"/{app.extensions['static_version']}/")
    seen = set()
    for asked in (wish, "", "gzip", wish, "br"):
        answer = anybody.get(path, headers={"Accept-Encoding": asked} if asked else {})
        seen.add(readable(answer))
        used = answer.headers.get("Content-Encoding", "")
        assert used in {"", *(one.strip() for one in asked.lower().split(","))}
        assert "Accept-Encoding" in vary(answer)
    assert len(seen) == 1, "it is the same page each time"


def test_an_address_with_a_language_makes_every_reader_remember_it(anybody: FlaskClient) -> None:
    """Whoever has the cookie already is answered without one; the next reader needs it all the same."""
    path = "/bantuan?lang=en"
    assert "Set-Cookie" not in anybody.get(path, headers={"Cookie": "lang=en"}).headers
    for cookie in ("", "lang=id", 'lang="id"', "lang=fr"):
        answer = anybody.get(path, headers={"Cookie": cookie} if cookie else {})
        assert answer.headers["Set-Cookie"].startswith("lang=en;")
        assert answer.headers["Cache-Control"] == "no-store", "it is this reader's own, also for caches on the way"


def test_a_page_for_everybody_shows_nobodys_messages(anybody: FlaskClient, waiting_message: str) -> None:
    waiting = {"Cookie": waiting_message}
    for path in ("/bantuan", "/sragen", "/display/sragen"):
        first = anybody.get(path, headers=waiting)
        assert "Hanya untuk Anda" not in first.text
        assert "Set-Cookie" not in first.headers, "the message waits"
        assert anybody.get(path).data == first.data
    assert "Hanya untuk Anda" in anybody.get("/petugas/masuk", headers=waiting).text


@pytest.mark.parametrize("path", ["/bantuan", AVAILABILITY, "/theme.css?v=1", "/static/x/css/app.css"])
@pytest.mark.parametrize("condition", [{"If-Match": '"x"'}, {"Connection": "Upgrade", "Upgrade": "websocket"}])
def test_what_only_one_request_asked_for_is_kept_by_nobody(
    anybody: FlaskClient, app: Flask, path: str, condition: dict[str, str]
) -> None:
    path = path.replace("/x/", f"/{app.extensions['static_version']}/")
    assert anybody.get(path).status_code == 200
    refused = anybody.get(path, headers=condition)
    assert (refused.status_code, refused.headers["Cache-Control"]) in {(412, "no-store"), (400, "no-store")}
    assert anybody.get(path).status_code == 200


def test_the_short_answer_says_what_the_long_one_says(
    anybody: FlaskClient, came_through: Callable[[], Counter[str]]
) -> None:
    for path, by in {"/bantuan": "Cookie", AVAILABILITY: "Accept-Language", "/display/sragen/now": "Cookie"}.items():
        whole = anybody.get(path)
        for asked in (f'"other", W/{whole.headers["ETag"]}', "*"):
            short = anybody.get(path, headers={"If-None-Match": asked})
            assert (short.status_code, short.data) == (304, b"")
            assert vary(short) == vary(whole) >= {by, "Accept-Encoding"}
            for name in ("Cache-Control", "ETag"):
                assert short.headers[name] == whole.headers[name]
        assert came_through() == {f"GET {path.partition('?')[0]}": 1}


def test_programs_hear_what_decides_the_language(anybody: FlaskClient) -> None:
    too_large = {"data": b"x" * 70_000}
    for answer in (
        anybody.get("/api/v1/offices"),
        anybody.get("/api/v1/tidak-ada"),
        anybody.get("/api/v2"),
        anybody.post("/api/v1/check-ins", **too_large),
        anybody.post("/api/v1/check-ins", headers={"Accept-Language": "fr, EN-gb;q=0.1"}, **too_large),
    ):
        assert "Accept-Language" in vary(answer)
    assert "too large" in answer.text
    assert "Accept-Language" not in vary(anybody.get("/api/v1/docs")), "people read that, and have chosen by a link"


def test_a_program_gets_its_language_in_any_spelling(anybody: FlaskClient) -> None:
    for header, name in {
        "en-GB,id;q=0.1": "Biometric recording",
        "en;q=0": "Perekaman KTP-el",
        "id;q=0, *": "Biometric recording",
        "EN": "Biometric recording",
        "": "Perekaman KTP-el",
    }.items():
        assert name in anybody.get("/api/v1/offices/sragen/services", headers={"Accept-Language": header}).text
