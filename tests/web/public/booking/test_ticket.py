"""The ticket: what each holder is told, on the page, on paper, in the calendar and without a network."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
import zxingcpp
from flask.testing import FlaskClient
from fpdf import FPDF
from fpdf.svg import SVGObject
from icalendar import Calendar
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.models import Booking, OfficeService
from tests.web.citizen import text_of

pytestmark = pytest.mark.offering(capacity=5)

TUESDAY = date(2026, 11, 24)
UNKNOWN = "0" * 34
Book = Callable[..., str]


def decoded(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image.convert("L"))]


def svg_picture(svg: str) -> Image.Image:
    pdf = FPDF(unit="mm", format=(60, 60))
    pdf.add_page()
    SVGObject(svg.encode()).draw_to_page(pdf, x=0, y=0)
    return pypdfium2.PdfDocument(BytesIO(bytes(pdf.output())))[0].render(scale=200 / 33).to_pil()


def test_the_code_on_the_page_opens_this_ticket(client: FlaskClient, book: Book) -> None:
    path = book()
    (svg,) = re.findall(r"<svg xmlns.*?</svg>", client.get(path).text, re.DOTALL)
    assert decoded(svg_picture(svg)) == [path.removeprefix("/t/")]
    assert "<title>Kode QR tiket A-001</title>" in svg


@pytest.mark.parametrize("path", ["", "/cetak", "/ubah", "/batal", "/tiket.pdf", "/kalender.ics"])
def test_a_ticket_stays_between_holder_and_office(client: FlaskClient, book: Book, path: str) -> None:
    answer = client.get(book() + path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("path", ["", "/cetak", "/ubah", "/batal", "/tiket.pdf", "/kalender.ics"])
@pytest.mark.parametrize("token", [UNKNOWN, "x", "A" * 400])
def test_a_token_of_nobody_is_not_found(client: FlaskClient, token: str, path: str) -> None:
    assert client.get(f"/t/{token}{path}").status_code == 404


def test_a_token_with_one_other_character_is_not_found(client: FlaskClient, book: Book) -> None:
    path = book()
    other = "0" if path[-5] != "0" else "1"
    assert client.get(path[:-5] + other + path[-4:]).status_code == 404


def test_the_page_tells_what_will_happen_and_nothing_else(client: FlaskClient, book: Book) -> None:
    with_mail, without = client.get(book(email="siti@contoh.id")).text, client.get(book()).text
    assert "pengingat lewat email Senin, 23 November 2026 pukul 17.00 WIB" in with_mail
    assert "pengingat" not in text_of(without)
    assert "paling cepat 30 menit sebelumnya" in without
    assert "sampai Senin, 23 November 2026 pukul 12.00 WIB" in text_of(without)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "Datang pada jam kedatangan."),
        (90, "paling cepat 90 menit sebelumnya"),
        (240, "paling cepat 4 jam sebelumnya"),
    ],
)
def test_how_early_one_may_come_is_said_in_the_units_people_use(
    client: FlaskClient, session: Session, book: Book, minutes: int, said: str
) -> None:
    path = book()
    session.scalars(select(OfficeService)).one().early_minutes = minutes
    session.commit()
    assert said in text_of(client.get(path).text)


def test_when_its_data_were_deleted_the_ticket_still_opens(client: FlaskClient, session: Session, book: Book) -> None:
    path = book(email="siti@contoh.id")
    booking = session.scalars(select(Booking)).one()
    booking.phone = booking.email = None
    for ticket in booking.tickets:
        ticket.name = ticket.nik = ticket.person_index = None
    session.commit()
    for file in ("", "/cetak", "/tiket.pdf"):
        assert client.get(path + file).status_code == 200
    assert "S. W." not in client.get(path).text


@pytest.mark.parametrize(("paper", "width"), [("a4", 210), ("80mm", 80), ("58mm", 58), ("A5", 210), ("", 210)])
def test_the_pdf_has_a_page_for_all_and_one_for_each_person_with_codes_that_read(
    client: FlaskClient, book: Book, paper: str, width: int
) -> None:
    path = book(persons=2)
    answer = client.get(f"{path}/tiket.pdf?kertas={paper}")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tiket-A-001.pdf"'
    document = pypdfium2.PdfDocument(BytesIO(answer.data))
    assert len(document) == 3
    assert document[0].get_width() == pytest.approx(width / 25.4 * 72, abs=1)
    (code,) = decoded(document[0].render(scale=203 / 72).to_pil())
    assert f"{code[:4]}-{code[4:]}" in document[0].get_textpage().get_text_range()  # for all, before the others
    assert "A-001 (S.W.), A-002 (S.W.)" in " ".join(document[0].get_textpage().get_text_range().split())
    assert decoded(document[1].render(scale=203 / 72).to_pil()) == [path.removeprefix("/t/")]
    words = " ".join(document[1].get_textpage().get_text_range().split())
    for said in ("A-001", "Selasa, 24 November 2026", "08.00–09.00 WIB", "Fotokopi KK", "GRATIS", "/tiket-saya"):
        assert said in words


def test_the_calendar_file_has_the_appointment_and_nobodys_name(client: FlaskClient, book: Book) -> None:
    path = book()
    answer = client.get(f"{path}/kalender.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.data).events
    assert event.DTSTART.isoformat() == "2026-11-24T01:00:00+00:00"
    assert timedelta(hours=1) == event.DTEND - event.DTSTART
    assert "A-001" in event["description"]
    assert path in event["url"]
    assert re.search(r"Kode pemesanan: \w{4}-\w{4}", event["description"])
    for secret in ("Siti", "S. W.", "8123", "3314"):
        assert secret not in answer.text


def test_the_print_page_names_the_paper_and_shows_the_ticket(client: FlaskClient, book: Book) -> None:
    path = book()
    for paper in ("a4", "80mm", "58mm"):
        page = client.get(f"{path}/cetak?kertas={paper}").text
        assert f"css/paper-{paper}.css" in page
        assert "A-001" in page
    assert "css/paper-a4.css" in client.get(f"{path}/cetak?kertas=../../x").text


def test_the_whatsapp_link_carries_the_ticket_and_no_personal_data(client: FlaskClient, book: Book) -> None:
    path = book()
    (link,) = re.findall(r'href="(https://wa\.me/[^"]+)"', client.get(path).text)
    (words,) = parse_qs(urlsplit(unescape(link)).query)["text"]
    assert path in words
    assert "Selasa, 24 November 2026, pukul 08.00–09.00 WIB" in words
    for secret in ("Siti", "S. W.", "3314", "8123"):
        assert secret not in words


def test_the_service_worker_comes_from_the_top_and_is_always_fresh(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_ticket_speaks_english(client: FlaskClient, book: Book) -> None:
    page = text_of(client.get(f"{book()}?lang=en").text)
    for said in ("Queue ticket", "Tuesday, 24 November 2026", "08:00–09:00 WIB", "Copy of the family card", "Bring"):
        assert said in page
