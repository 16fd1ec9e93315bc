"""The desk's pages for printing in a real browser: what comes out on each paper, and what axe says."""

from __future__ import annotations

from io import BytesIO
from math import hypot

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, expect

from queue_app.domain.roles import Role
from queue_app.models import Printer
from queue_app.services.access.staff import start_session
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.accessibility import complaints, is_wider_than_the_screen, violations
from tests.harness.factories import make_applicant, make_booking
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import LAST_WEEK, World

# What is looked at here lies in the browser.
pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
SIZES = {"a4": (210, 297), "58mm": (58, 230), "80mm": (80, 230)}  # mm
DPI = 203  # of a receipt printer


def test_every_paper_shows_each_ticket_on_a_page_of_its_own(world: World, browser: Browser, live_server: str) -> None:
    people = (make_applicant(name="Siti Wahyuni"), make_applicant(name="Budi Santoso"))
    booking = make_booking(world.session, world.slot().id, *people, keyring=world.keyring, now=LAST_WEEK)
    world.offering.requirements_id = (
        "Fotokopi Kartu Keluarga (KK)\nSurat keterangan hilang dari kepolisian bila KTP-el hilang\nDatang sendiri, "
        "perekaman tidak dapat diwakilkan"
    )
    world.session.add(Printer(office_id=world.here.id, name="Meja depan 1", host="127.0.0.1", port=1))
    world.session.commit()
    token = start_session(world.afresh(), world.staff(Role.DESK).id, now=MONDAY_MORNING)
    world.session.commit()
    tokens = [world.keyring.ticket_token(ticket.id) for ticket in booking.tickets]
    context = browser.new_context(base_url=live_server, viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": live_server}])
    context.add_init_script("window.print = () => { document.documentElement.dataset.printed = 'yes'; }")
    page = context.new_page()
    heard = complaints(page)
    for paper, size in SIZES.items():
        page.goto(f"/meja/cetak/{booking.id}")
        page.locator(f"#printer-{paper}").check()
        page.locator("main form button").click()
        expect(page.locator("html[data-printed=yes]")).to_be_attached()
        expect(page.locator(".ticket")).to_have_count(2)
        document = pypdfium2.PdfDocument(BytesIO(page.pdf(prefer_css_page_size=True)))
        assert len(document) == 2
        for number, token in enumerate(tokens):
            _check(document[number], size, token, copy=paper != "a4")
    page.goto(f"/meja/cetak/{booking.id}")
    expect(page.locator("#printer-80mm")).to_be_checked()  # the last one used
    page.locator("input[name=printer]").first.check()
    page.locator("main form button").click()
    expect(page.get_by_role("status")).to_contain_text("Printer tidak terhubung")
    assert violations(page) == []
    assert not is_wider_than_the_screen(page)
    assert heard == []
    context.close()


def _check(page: pypdfium2.PdfPage, size: tuple[int, int], token: str, *, copy: bool) -> None:
    in_mm = (page.get_width() / 72 * 25.4, page.get_height() / 72 * 25.4)
    assert in_mm == pytest.approx(size, abs=0.5)
    words = page.get_textpage().get_text_range()
    assert words.count("SALINAN") == (2 if copy else 0)
    assert "GRATIS" in words
    assert "Keluar" not in words.replace("Keluarga", "")  # none of the page around it
    picture = page.render(scale=DPI / 72).to_pil().convert("1").convert("L")  # black or white, as a thermal head
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == token
    left, right = found.position.top_left, found.position.top_right
    assert hypot(right.x - left.x, right.y - left.y) / DPI * 25.4 >= 30
