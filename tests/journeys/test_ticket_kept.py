"""The ticket beyond its page: decoded by another program from screen, PDF and paper; shared, in a calendar."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import icalendar
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from tests.journeys.citizens_way import NAME, number_on
from tests.journeys.issued import Issued, decode, page_of, token_on
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

PRINTER = 203  # dots an inch, as slip printers have
INCH = 25.4  # mm
MOST_TO_BRING = "KTP_UBAH"  # the longest ticket of the demo
PAPERS = {"a4": (210, 297), "80mm": (80, None), "58mm": (58, None)}  # mm; a roll is as long as it must be


def test_the_code_on_the_screen(citizen: Visitor) -> None:
    assert decode(Image.open(BytesIO(citizen.page.screenshot(full_page=True)))) == token_on(citizen)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_code_in_the_pdf(citizen: Visitor, paper: str, tmp_path: Path) -> None:
    if paper == "a4":
        with citizen.page.expect_download() as download:
            citizen.link("Simpan PDF").click()
        assert download.value.suggested_filename == f"tiket-{number_on(citizen)}.pdf"
        content = download.value.path().read_bytes()
    else:
        content = citizen.page.request.get(f"{page_of(citizen)}/tiket.pdf?kertas={paper}").body()
    _judge_paper(content, paper, token_on(citizen))


@pytest.mark.parametrize("paper", PAPERS)
def test_the_code_on_paper(issued: Issued, paper: str) -> None:
    citizen = issued.open(MOST_TO_BRING)
    token = token_on(citizen)
    citizen.page.goto(f"{page_of(citizen)}/cetak?kertas={paper}")
    citizen.page.locator("[data-print]").wait_for()
    citizen.judge()
    _judge_paper(citizen.page.pdf(prefer_css_page_size=True), paper, token)


def test_the_calendar_file(citizen: Visitor) -> None:
    with citizen.page.expect_download() as download:
        citizen.link("Kalender").click()
    text = download.value.path().read_text(encoding="utf-8")
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event["DTSTART"].dt == datetime.fromisoformat("2026-11-25T02:00:00+00:00")  # Wednesday, the second hour
    assert "Dispendukcapil Sragen" in event["LOCATION"]
    assert number_on(citizen) in event["DESCRIPTION"]
    _names_nobody(text.replace("\r\n ", ""))
    assert page_of(citizen) in event["URL"]  # the ticket is at hand when the calendar reminds of it


def test_sharing_by_whatsapp(citizen: Visitor) -> None:
    link = citizen.page.locator("a[href^='https://wa.me/']")
    address = urlsplit(link.get_attribute("href") or "")
    (text,) = parse_qs(address.query)["text"]
    assert page_of(citizen) in text.splitlines()
    assert number_on(citizen) in text
    _names_nobody(text)
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_the_page_names_nobody(citizen: Visitor) -> None:
    _names_nobody(citizen.page.content())


def _names_nobody(text: str) -> None:
    for secret in (NAME, "3314 99", "331499", "0812", "62812", "siti@"):
        assert secret not in text


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
