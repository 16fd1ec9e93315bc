"""The ticket beyond its page: decoded by another program from screen, PDF and paper; kept, shared, in a calendar."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import icalendar
import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Error
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from queue_app.adapters.keyring import FileKeyring
from tests.harness.factories import make_applicant, make_booking, slots_of
from tests.journeys.citizens_way import NAME, book, choose_time, number_on, press_the_button, wait_for_the_copy
from tests.journeys.officer import offering_at
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]
PRINTER = 203  # dots an inch, as slip printers have
INCH = 25.4  # mm
MOST_TO_BRING = "KTP_UBAH"  # the longest ticket of the demo
PAPERS = {"a4": (210, 297), "80mm": (80, None), "58mm": (58, None)}  # mm; a roll is as long as it must be


@dataclass
class Issued:
    """Tickets of people who have booked, opened in a browser that has never seen the site."""

    session: Session
    keyring: FileKeyring
    visitor: OpenBrowser

    def open(self, service: str = "KTP_REKAM") -> Visitor:
        """On Wednesday in the second hour."""
        slot = slots_of(self.session, offering_at(self.session, code=service), date(2026, 11, 25))[1]
        booking = make_booking(
            self.session, slot.id, make_applicant(name=NAME), keyring=self.keyring, email="siti@contoh.id"
        )
        self.session.commit()
        citizen = self.visitor()
        citizen.open(f"/t/{self.keyring.ticket_token(booking.tickets[0].id)}")
        citizen.page.wait_for_load_state("networkidle")  # leaving earlier would break off its last requests
        return citizen


@pytest.fixture
def issued(session: Session, keyring: FileKeyring, visitor: OpenBrowser) -> Issued:
    return Issued(session, keyring, visitor)


@pytest.fixture
def citizen(issued: Issued) -> Visitor:
    return issued.open()


def test_the_code_on_the_screen(citizen: Visitor) -> None:
    assert _decode(Image.open(BytesIO(citizen.page.screenshot(full_page=True)))) == _token(citizen)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_code_in_the_pdf(citizen: Visitor, paper: str, tmp_path: Path) -> None:
    if paper == "a4":
        with citizen.page.expect_download() as download:
            citizen.link("Simpan PDF").click()
        assert download.value.suggested_filename == f"tiket-{number_on(citizen)}.pdf"
        content = download.value.path().read_bytes()
    else:
        content = citizen.page.request.get(f"{_page(citizen)}/tiket.pdf?kertas={paper}").body()
    _judge_paper(content, paper, _token(citizen))


@pytest.mark.parametrize("paper", PAPERS)
def test_the_code_on_paper(issued: Issued, paper: str) -> None:
    citizen = issued.open(MOST_TO_BRING)
    token = _token(citizen)
    citizen.page.goto(f"{_page(citizen)}/cetak?kertas={paper}")
    citizen.page.locator("[data-print]").wait_for()
    citizen.judge()
    _judge_paper(citizen.page.pdf(prefer_css_page_size=True), paper, token)


def test_it_opens_without_a_network(citizen: Visitor) -> None:
    wait_for_the_copy(citizen)
    token, number = _token(citizen), number_on(citizen)
    head = citizen.page.locator(".ticket__head")
    colour = head.evaluate("element => getComputedStyle(element).backgroundColor")
    citizen.page.context.set_offline(True)
    citizen.page.reload()
    assert _says_that_it_is_kept(citizen)
    assert number_on(citizen) == number
    assert not citizen.page.locator(".govuk-notification-banner").count()  # what was said once is not in the copy
    assert head.evaluate("element => getComputedStyle(element).backgroundColor") == colour != "rgba(0, 0, 0, 0)"
    assert _decode(Image.open(BytesIO(citizen.page.screenshot(full_page=True)))) == token
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
    assert _decode(Image.open(BytesIO(citizen.page.screenshot(full_page=True)))) == _token(citizen)
    monkeypatch.setattr(app, "wsgi_app", serve)
    citizen.page.reload()
    assert number_on(citizen) == number
    assert citizen.page.locator("[data-offline]").is_hidden()


def test_what_was_never_kept_is_the_servers_own_answer(
    citizen: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_the_copy(citizen)
    monkeypatch.setattr(app, "wsgi_app", _away(503))
    answer = citizen.page.goto(f"{_page(citizen)[:-1]}X")
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
    citizen.link("Ubah jadwal").click()
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
    assert not citizen.page.locator(".govuk-notification-banner").count()
    citizen.page.context.set_offline(False)
    _is_not_kept(citizen, old)


def test_the_calendar_file(citizen: Visitor) -> None:
    with citizen.page.expect_download() as download:
        citizen.link("Kalender").click()
    text = download.value.path().read_text(encoding="utf-8")
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event["DTSTART"].dt == datetime.fromisoformat("2026-11-25T02:00:00+00:00")  # Wednesday, the second hour
    assert "Dispendukcapil Sragen" in event["LOCATION"]
    assert number_on(citizen) in event["DESCRIPTION"]
    _names_nobody(text.replace("\r\n ", ""))
    assert _page(citizen) in event["URL"]  # the ticket is at hand when the calendar reminds of it


def test_sharing_by_whatsapp(citizen: Visitor) -> None:
    link = citizen.page.locator("a[href^='https://wa.me/']")
    address = urlsplit(link.get_attribute("href") or "")
    (text,) = parse_qs(address.query)["text"]
    assert _page(citizen) in text.splitlines()
    assert number_on(citizen) in text
    _names_nobody(text)
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_the_page_names_nobody(citizen: Visitor) -> None:
    _names_nobody(citizen.page.content())


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


def _token(citizen: Visitor) -> str:
    return urlsplit(citizen.page.url).path.removeprefix("/t/")


def _page(citizen: Visitor) -> str:
    return citizen.page.url.partition("?")[0]


def _kept_pages(citizen: Visitor) -> list[str]:
    """What the phone keeps, besides what makes every page look right."""
    keys = "caches.open('tickets-1').then((store) => store.keys()).then((keys) => keys.map((key) => key.url))"
    paths = [urlsplit(address).path for address in citizen.page.evaluate(keys)]
    return [path for path in paths if not path.startswith(("/static/", "/theme.css", "/icon.svg"))]


def _names_nobody(text: str) -> None:
    for secret in (NAME, "3314 99", "331499", "0812", "62812", "siti@"):
        assert secret not in text


def _decode(image: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(image)
    return str(found.text)


def _judge_paper(content: bytes, paper: str, token: str) -> None:
    """One page of the right size, whose code a scanner reads as a slip printer prints it: in dots, black or nothing."""
    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    page = document[0]
    width, height = (points / 72 * INCH for points in page.get_size())
    expected_width, expected_height = PAPERS[paper]
    assert width == pytest.approx(expected_width, abs=0.5)
    assert height == pytest.approx(expected_height, abs=0.5) if expected_height else 100 < height < 300
    picture = page.render(scale=PRINTER / 72).to_pil().convert("L").point(lambda shade: 255 * (shade > 127))
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == token
    left, right = found.position.top_left, found.position.top_right
    assert (right.x - left.x + 1) / PRINTER * INCH >= 30


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
