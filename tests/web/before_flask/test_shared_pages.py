"""Pages that are the same for everybody: made once a second, never anybody's own."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.models import OfficeService
from queue_app.web.before_flask.shared_pages import SharedPages
from tests.harness.factories import make_booking, slots_of
from tests.harness.fakes import FixedClock
from tests.web.before_flask.conftest import Seconds
from tests.web.citizen import Citizen

CameThrough = Callable[[], Counter[str]]


@pytest.mark.parametrize(
    "path", ["/", "/sragen", "/sragen/ktp-rekam", "/sragen/ktp-rekam/hari", "/bantuan", "/privasi"]
)
def test_a_page_is_made_once_a_second_for_each_language(
    client: FlaskClient, offering: OfficeService, seconds: Seconds, came_through: CameThrough, path: str
) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=1"
    assert {"Cookie", "Accept-Encoding"} <= {one.strip() for one in first.headers["Vary"].split(",")}
    assert client.get(path).data == first.data
    client.set_cookie("lang", "en")
    english = client.get(path)
    assert english.data != first.data
    assert client.get(path).data == english.data
    assert came_through()[f"GET {path}"] == 2
    seconds.now += 1.0
    client.get(path)
    assert came_through()[f"GET {path}"] == 1


def test_the_places_left_are_at_most_a_second_old(
    client: FlaskClient,
    offering: OfficeService,
    session: Session,
    keyring: FileKeyring,
    clock: FixedClock,
    seconds: Seconds,
) -> None:
    path = "/sragen/ktp-rekam/jam?hari=2026-11-24"
    before = client.get(path)
    assert "2 tempat" in before.text
    for slot in slots_of(session, offering, date(2026, 11, 24))[:1]:
        for _ in range(2):
            make_booking(session, slot.id, keyring=keyring, now=clock.now())
    session.commit()
    assert client.get(path).data == before.data
    seconds.now += 1.0
    after = client.get(path)
    assert "penuh" in after.text
    assert after.headers["ETag"] != before.headers["ETag"]
    assert 'name="csrf_token"' not in after.text
    assert "<html" not in after.text


@pytest.mark.parametrize(
    "path", ["/sragen/ktp-rekam/jam?hari=kemarin", "/sragen/ktp-rekam/jam?hari=2020-01-01", "/sragen/ktp-rekam/jam"]
)
def test_the_hours_of_no_day_are_not_found(client: FlaskClient, offering: OfficeService, path: str) -> None:
    assert client.get(path).status_code == 404


def test_who_has_the_page_gets_the_short_answer(
    client: FlaskClient, offering: OfficeService, seconds: Seconds, came_through: CameThrough
) -> None:
    etag = client.get("/sragen").headers["ETag"]
    came_through()
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        again = client.get("/sragen", headers={"If-None-Match": known})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert client.get("/sragen", headers={"If-None-Match": '"other"'}).status_code == 200
    assert not came_through()
    seconds.now += 1.0
    assert client.get("/sragen", headers={"If-None-Match": etag}).status_code == 304


def test_each_compression_is_kept_apart(client: FlaskClient, offering: OfficeService, seconds: Seconds) -> None:
    for _ in range(2):
        for wanted in ("br", "gzip", ""):
            answer = client.get("/sragen", headers={"Accept-Encoding": wanted})
            assert answer.headers.get("Content-Encoding", "") == wanted
    weighed = client.get("/sragen", headers={"Accept-Encoding": "gzip;q=1, br;q=0.5"})  # not worth understanding
    assert weighed.headers["Content-Encoding"] == "gzip"


def test_what_is_ones_own_is_never_kept(
    client: FlaskClient, app: Flask, offering: OfficeService, seconds: Seconds, came_through: CameThrough
) -> None:
    citizen = Citizen(client)
    citizen.give_details()
    stranger = app.test_client()
    assert "Siti" in citizen.choice().text
    assert "Siti" not in stranger.get("/sragen/ktp-rekam/pilih", follow_redirects=True).text
    ticket = citizen.book()
    came_through()
    for _ in range(2):
        assert client.get(ticket).headers["Cache-Control"] == "private, no-store"
    assert came_through()[f"GET {ticket}"] == 2


def test_a_page_that_sets_a_cookie_is_not_given_to_others(
    client: FlaskClient, app: Flask, offering: OfficeService, seconds: Seconds
) -> None:
    assert "lang=en" in client.get("/sragen?lang=en").headers["Set-Cookie"]
    assert "lang=en" in app.test_client().get("/sragen?lang=en").headers["Set-Cookie"]


def test_missing_pages_and_posts_are_not_kept(
    client: FlaskClient, offering: OfficeService, seconds: Seconds, came_through: CameThrough
) -> None:
    for _ in range(2):
        assert client.get("/tidak-ada").status_code == 404
        assert client.post("/sragen").status_code in {400, 405}
    assert came_through() == {"GET /tidak-ada": 2, "POST /sragen": 2}


class Slow:
    """An application whose page takes until the test lets it go."""

    def __init__(self) -> None:
        self.made, self.go = 0, threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.made += 1
        if self.made > 1:
            assert self.go.wait(10)
        start_response("200 OK", [("Cache-Control", "public, max-age=1"), ("ETag", f'"{self.made}"')])
        return [f"page {self.made}".encode()]


def test_while_one_makes_it_the_others_wait() -> None:
    clock = Seconds()
    slow = Slow()
    pages = SharedPages(slow, now=clock)
    answers: list[bytes] = []

    def ask() -> None:
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/"}
        answers.append(b"".join(pages(environ, lambda *_: None)))

    ask()
    clock.now += 1.0
    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    slow.go.set()
    for thread in threads:
        thread.join(10)
    assert answers == [b"page 1"] + [b"page 2"] * 20
    assert slow.made == 2
