"""In whatever order readers come, each gets the answer that an application without any kept pages would give."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from queue_app.domain.roles import Role
from queue_app.services.access.staff import start_session
from queue_app.web.access.rules import STAFF_COOKIE
from queue_app.web.before_flask.shared_pages import same_for_all
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import World
from tests.web.before_flask.conftest import Seconds
from tests.web.before_flask.readers import Reader, readable, readers, vary

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # which one it is makes no difference

PAGES = (
    "/",
    "/sragen",
    "/sragen/keterbukaan",
    "/sragen/ktp-rekam",
    "/sragen/ktp-rekam/hari",
    "/sragen/ktp-rekam/jam?hari=2026-11-24",
    "/sragen/ktp-rekam/sudah-rekam",
    "/slots/1/penuh",
    "/privasi",
    "/bantuan",
    "/kontak",
    "/display/sragen",
    "/display/sragen/now",
    "/antrean/sragen?nomor=A-001",
)
SERVICES = "/api/v1/offices/sragen/services"
FOR_PROGRAMS = (SERVICES, "/api/v1/availability?office=sragen&service=KTP_REKAM")
FILES = ("/manifest.webmanifest", "/theme.css", "/api/v1/openapi.json", "/icon.svg")
NOT_KEPT = ("/petugas/masuk", "/tiket-saya", "/api/v1/tidak-ada", "/tidak-ada", "/favicon.ico", "/api/v1/docs")
# At most one lone quote: between two of them the language would stand inside another cookie's value.
STRANGE = ('"', "x=a;b", "=", "queue=x.y.z")


@pytest.fixture
def cookies(world: World, session: Session, waiting_message: str) -> tuple[str, ...]:
    """Of somebody from the office, of somebody for whom a message waits, and of nobody."""
    token = start_session(session, world.staff(Role.ADMINISTRATOR).id, now=MONDAY_MORNING)
    session.commit()
    return f"{STAFF_COOKIE}={token}", waiting_message, *STRANGE


def test_every_page_for_everybody_is_among_those_asked_for(app: Flask) -> None:
    decorated = same_for_all(str).__code__
    shared = {name for name, view in app.view_functions.items() if view.__code__ is decorated}
    adapter = app.url_map.bind("")
    assert {adapter.match(path.partition("?")[0])[0] for path in PAGES} == shared


def test_nobody_gets_what_was_made_for_another(
    app: Flask, world: World, fresh: FlaskClient, cookies: tuple[str, ...], seconds: Seconds
) -> None:
    client = app.test_client(use_cookies=False)
    # Few pages at a time: what goes wrong needs two readers of one.
    some = st.lists(st.sampled_from((*PAGES, *FOR_PROGRAMS, *FILES, *NOT_KEPT)), min_size=1, max_size=2)
    orders = some.flatmap(lambda paths: st.lists(readers(tuple(paths), cookies), min_size=2, max_size=12))

    @settings(max_examples=100, suppress_health_check=list(HealthCheck))
    @given(orders)
    def in_any_order(order: list[Reader]) -> None:
        seconds.now += 1000.0
        tags: list[str] = []
        for reader in order:
            headers = dict(reader.headers)
            if len(tags) >= reader.known > 0:
                headers["If-None-Match"] = tags[-reader.known]
            wanted = fresh.open(reader.path, method=reader.method, headers=headers)
            given = client.open(reader.path, method=reader.method, headers=headers)
            assert _seen(given) == _seen(wanted)
            _is_right(given, reader)
            tags.append(given.headers.get("ETag", "*"))

    in_any_order()


def _seen(answer: TestResponse) -> dict[str, object]:
    """What of it makes a difference; tokens of forms differ by themselves."""
    own = answer.headers.get("Cache-Control") == "no-store"
    cookies = sorted(value.partition(";")[0] for value in answer.headers.getlist("Set-Cookie"))
    names = ("Content-Encoding", "Content-Type", "Cache-Control", "Location", "Refresh")
    return {
        "status": answer.status,
        "body": None if own else readable(answer) if answer.data else b"",
        "length": len(readable(answer)) if own and answer.data else None,
        "vary": vary(answer),
        "tag": answer.headers.get("ETag"),
        "cookies": [cookie.partition("=")[0] if cookie.startswith("queue=") else cookie for cookie in cookies],
        **{name: answer.headers.get(name) for name in names},
    }


def _is_right(answer: TestResponse, reader: Reader) -> None:
    """Judged by the wish itself."""
    assert reader.takes(answer.headers.get("Content-Encoding", ""))
    assert "Accept-Encoding" in vary(answer)
    page = readable(answer) if answer.data else b""
    if reader.is_program:
        assert "Accept-Language" in vary(answer)
        if reader.path == SERVICES and page:
            assert (b"Biometric recording" in page) == reader.english
    elif b'class="govuk-template"' in page:
        assert "Cookie" in vary(answer)
        assert (b'<html lang="en"' in page) == reader.english
    if answer.headers["Cache-Control"].startswith("public"):
        assert answer.status_code in {200, 304}
        assert "Set-Cookie" not in answer.headers
        assert b"Hanya untuk Anda" not in page
