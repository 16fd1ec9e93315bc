"""The ticket that a telephone has kept: without a network, without a server, and never one that is not valid."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Error, expect
from werkzeug.serving import make_server

from tests.journeys.citizens_way import book, choose_time, number_on, press_the_button, wait_for_the_copy
from tests.journeys.issued import OpenBrowser, decode, page_of, token_on
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow


def test_it_opens_without_a_network(citizen: Visitor) -> None:
    wait_for_the_copy(citizen)
    token, number = token_on(citizen), number_on(citizen)
    head = citizen.page.locator(".ticket__head")
    colour = head.evaluate("element => getComputedStyle(element).backgroundColor")
    citizen.page.context.set_offline(True)
    citizen.page.reload()
    assert _says_that_it_is_kept(citizen)
    assert number_on(citizen) == number
    expect(citizen.page.locator(".govuk-notification-banner")).to_have_count(0)  # what was said once is not in the copy
    assert head.evaluate("element => getComputedStyle(element).backgroundColor") == colour != "rgba(0, 0, 0, 0)"
    assert decode(Image.open(BytesIO(citizen.page.screenshot(full_page=True)))) == token
    citizen.page.locator("body.js-enabled").wait_for()


def test_it_opens_when_the_server_is_gone(app: Flask, visitor: OpenBrowser) -> None:
    citizen = visitor()
    with _server_of_its_own(app) as citizen.address:
        book(citizen)
        wait_for_the_copy(citizen)
        number = number_on(citizen)
    citizen.page.reload()
    assert number_on(citizen) == number
    with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
        citizen.page.goto(citizen.address)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_it_opens_when_somebody_answers_for_a_server_that_is_away(
    citizen: Visitor, app: Flask, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy, or the program itself; to pages, styles and scripts alike."""
    wait_for_the_copy(citizen)
    number, serve = number_on(citizen), app.wsgi_app
    monkeypatch.setattr(app, "wsgi_app", _away(status))
    citizen.page.reload()
    assert number_on(citizen) == number
    assert _says_that_it_is_kept(citizen)
    head = citizen.page.locator(".ticket__head")
    assert head.evaluate("element => getComputedStyle(element).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert decode(Image.open(BytesIO(citizen.page.screenshot(full_page=True)))) == token_on(citizen)
    monkeypatch.setattr(app, "wsgi_app", serve)
    citizen.page.reload()
    assert number_on(citizen) == number
    expect(citizen.page.locator("[data-offline]")).to_be_hidden()


def test_what_was_never_kept_is_the_servers_own_answer(
    citizen: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_the_copy(citizen)
    monkeypatch.setattr(app, "wsgi_app", _away(503))
    answer = citizen.page.goto(f"{page_of(citizen)[:-1]}X")
    assert answer
    assert answer.status == 503


def test_a_cancelled_ticket_is_kept_no_longer(citizen: Visitor) -> None:
    wait_for_the_copy(citizen)
    address = citizen.page.url
    citizen.link("batalkan").click()
    citizen.button("Ya, batalkan").wait_for()
    assert _kept_pages(citizen) == [urlsplit(address).path]  # and nothing else that names a person
    citizen.button("Ya, batalkan").click()
    assert citizen.reads("sudah dibatalkan. Tiket ini tidak berlaku lagi.")
    _is_not_kept(citizen, address)


def test_a_moved_ticket_is_kept_no_longer_but_the_new_one_is(citizen: Visitor) -> None:
    wait_for_the_copy(citizen)
    old = citizen.page.url
    citizen.link("Pindah jadwal").click()
    choose_time(citizen, day=2)
    press_the_button(citizen)
    citizen.page.wait_for_url(lambda url: url.startswith(f"{citizen.address}/t/") and url != old and "ubah" not in url)
    assert citizen.reads("Jadwal sudah dipindah. Pakai tiket ini; tiket yang lama tidak berlaku lagi.")
    wait_for_the_copy(citizen)
    number = number_on(citizen)
    citizen.page.context.set_offline(True)
    citizen.page.reload()
    assert number_on(citizen) == number
    # The page came through the worker, which must not keep what the page said for once only.
    expect(citizen.page.locator(".govuk-notification-banner")).to_have_count(0)
    citizen.page.context.set_offline(False)
    _is_not_kept(citizen, old)


def _away(status: int) -> Any:
    def answer(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response(f"{status} Away", [("Content-Type", "text/html")])
        return [b"<h1>away</h1>"]

    return answer


def _says_that_it_is_kept(citizen: Visitor) -> bool:
    """And of which moment the copy is: the browser's, in the office's time."""
    note = citizen.page.locator("[data-offline]")
    note.wait_for()
    minute = datetime.now(ZoneInfo("Asia/Jakarta"))
    said = note.inner_text()
    assert "salinan tiket yang disimpan di HP ini pada" in said
    return any(f" pukul {minute - timedelta(minutes=back):%H.%M};" in said for back in range(3))


def _kept_pages(citizen: Visitor) -> list[str]:
    """What the phone keeps, besides what makes every page look right."""
    keys = "caches.open('tickets-1').then((store) => store.keys()).then((keys) => keys.map((key) => key.url))"
    paths = [urlsplit(address).path for address in citizen.page.evaluate(keys)]
    return [path for path in paths if not path.startswith(("/static/", "/theme.css", "/icon.svg"))]


def _is_not_kept(citizen: Visitor, address: str) -> None:
    assert citizen.page.evaluate("path => caches.match(path).then(Boolean)", urlsplit(address).path) is False
    citizen.page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_"):
        citizen.page.goto(address)


@contextmanager
def _server_of_its_own(app: Flask) -> Iterator[str]:
    """One that can be closed in the middle of a test."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
