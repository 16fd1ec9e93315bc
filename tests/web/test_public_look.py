"""The citizen's pages in a real browser: accessible, light, usable without scripts; the ticket without a network."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Response
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from tests.accessibility import complaints, is_wider_than_the_screen, violations
from tests.factories import make_booking, make_offering, slots_of
from tests.fakes import FixedClock
from tests.web.citizen import DETAILS

FIRST_VISIT, LATER = 50_000, 15_000  # bytes over the wire

# A page looks the same on either database.
pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@dataclass
class Site:
    """The address of the running site, and a slot that somebody else may take."""

    address: str
    slot_id: int


@pytest.fixture
def site(live_server: str, session: Session, clock: FixedClock) -> Site:
    offering = make_offering(session, now=clock.now(), capacity=1, hours=(8, 9, 10))
    session.commit()
    return Site(live_server, slots_of(session, offering, clock.now().date().replace(day=24))[0].id)


@pytest.fixture(params=[320])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of somebody who was never here, on a small phone; tests/journeys go the way on wider screens."""
    context = browser.new_context(viewport={"width": request.param, "height": 780})
    yield context.new_page()
    context.close()


def check(page: Page) -> None:
    page.wait_for_load_state("networkidle")  # leaving earlier would break off its last requests
    assert violations(page) == [], page.url
    assert not is_wider_than_the_screen(page), page.url


def press(page: Page) -> None:
    """The one button of the page's form."""
    with page.expect_navigation():
        page.locator("main form button").last.click()


def fill_details(page: Page) -> None:
    for name, value in DETAILS.items():
        page.fill(f"#{name}", value)
    press(page)


def go_on(page: Page, site: Site) -> None:
    """From the start page to the form, by its links."""
    page.goto(site.address, wait_until="networkidle")
    for link in ("/sragen/ktp-rekam", "/sragen/ktp-rekam/data"):
        with page.expect_navigation():
            page.locator(f'main a[href="{link}"]').click()
        page.wait_for_load_state("networkidle")


def test_the_whole_way_is_accessible(
    visitor: Page, site: Site, session: Session, keyring: FileKeyring, clock: FixedClock
) -> None:
    page, heard = visitor, complaints(visitor)
    language = "en" if (visitor.viewport_size or {})["width"] == 360 else "id"
    page.goto(f"{site.address}/?lang={language}", wait_until="networkidle")
    for path in ("/", "/sragen/ktp-rekam", "/sragen/ktp-rekam/sudah-rekam", "/tiket-saya", "/privasi", "/bantuan"):
        page.goto(site.address + path)
        check(page)
    go_on(page, site)
    check(page)
    press(page)
    check(page)  # every field with its error
    fill_details(page)
    check(page)
    page.locator("input[name=slot_id]:not([disabled])").first.check()
    assert "08" in page.locator("[data-button]").inner_text()
    make_booking(session, site.slot_id, keyring=keyring, now=clock.now())  # somebody was faster
    session.commit()
    press(page)
    assert f"/slots/{site.slot_id}/bookings" in page.url
    check(page)  # a lost race, with the nearest hours
    page.locator("#nearest").check()
    press(page)
    assert "/t/" in page.url
    check(page)
    ticket = page.url
    for path in ("/cetak", "/ubah", "/batal"):
        page.goto(ticket + path)
        check(page)
    press(page)
    check(page)  # cancelled
    assert [message for message in heard if not any(status in message for status in ("409", "422"))] == []


def test_without_scripts_everything_works_by_keyboard(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 600})
    page = context.new_page()
    go_on(page, site)
    page.locator("#name").focus()
    for value in DETAILS.values():
        page.keyboard.type(value)
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.locator("#email").press("Enter")
    page.locator("input[name=slot_id]").first.focus()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".ticket__number").inner_text() == "A-001"
    with page.expect_navigation():
        page.get_by_role("link", name="Ubah jadwal").click()
    with page.expect_navigation():
        page.locator("a.day-card__body").nth(1).click()
    page.locator("input[name=slot_id]").first.check()
    press(page)
    assert page.locator(".ticket__number").inner_text() == "A-001"  # the first number of another day
    with page.expect_navigation():
        page.get_by_role("link", name="batalkan").click()
    press(page)
    assert "dibatalkan" in page.locator("main").inner_text()
    context.close()


def weigh(page: Page) -> list[int]:
    """A list that fills with the bytes of every answer that came over the wire, headers included."""
    bytes_seen: list[int] = []

    def count(response: Response) -> None:
        sizes = response.request.sizes()
        bytes_seen.append(sizes["responseBodySize"] + sizes["responseHeadersSize"])

    page.on("requestfinished", lambda request: count(answer) if (answer := request.response()) else None)
    return bytes_seen


def test_the_first_visit_and_later_pages_are_light(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 780})
    page = context.new_page()
    weights: dict[str, int] = {}
    seen = weigh(page)

    def note(name: str) -> None:
        page.wait_for_load_state("networkidle")
        weights[name] = sum(seen)
        seen.clear()

    page.goto(site.address)
    note("first")
    page.goto(f"{site.address}/sragen/ktp-rekam")
    note("service")
    page.goto(f"{site.address}/sragen/ktp-rekam/data")
    note("details")
    fill_details(page)
    note("choice")
    page.locator("#slot_id").check()
    press(page)
    note("ticket")
    print(weights)
    assert 1_000 < weights.pop("first") < FIRST_VISIT
    assert all(0 < weight < LATER for weight in weights.values()), weights
    context.close()


@pytest.fixture
def kept(browser: Browser, site: Site) -> Iterator[tuple[BrowserContext, Page]]:
    """A visitor on the ticket page, after the service worker has done its work."""
    context = browser.new_context(viewport={"width": 360, "height": 780})
    page = context.new_page()
    go_on(page, site)
    fill_details(page)
    page.locator("#slot_id").check()
    press(page)
    page.evaluate(
        """async () => {
            const store = await caches.open("tickets-1");
            for (let turn = 0; turn < 100 && !(await store.match("/icon.svg")); turn += 1)
                await new Promise((resolve) => setTimeout(resolve, 50));
        }"""
    )
    yield context, page
    context.close()


def test_the_ticket_opens_and_scans_without_a_network(kept: tuple[BrowserContext, Page]) -> None:
    context, page = kept
    ticket = page.url
    context.set_offline(True)
    page.goto("about:blank")
    page.goto(ticket)
    assert page.locator(".ticket__number").inner_text() == "A-001"
    assert page.locator("[data-offline]").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.ticket__head')).color") == "rgb(255, 255, 255)"
    picture = page.locator(".ticket__qr svg").screenshot(path=None)
    (found,) = zxingcpp.read_barcodes(_image(picture))
    assert found.text == ticket.rsplit("/", 1)[1]


def test_a_cancelled_ticket_and_everything_else_is_not_kept(kept: tuple[BrowserContext, Page]) -> None:
    context, page = kept
    ticket = page.url
    page.goto(ticket + "/ubah")
    page.goto(ticket + "/batal")
    paths = page.evaluate("caches.open('tickets-1').then((s) => s.keys()).then((k) => k.map((r) => r.url))")
    personal = [path for path in paths if "/static/" not in path and "theme.css" not in path and "icon.svg" not in path]
    assert personal == [ticket]
    press(page)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("caches.match(location.pathname).then((copy) => copy === undefined)")


@pytest.mark.parametrize(("paper", "width", "height"), [("a4", 210, 297), ("80mm", 80, 200), ("58mm", 58, 210)])
def test_the_print_fits_its_paper_and_its_code_is_30_mm_wide(
    kept: tuple[BrowserContext, Page], paper: str, width: int, height: int
) -> None:
    _context, page = kept
    token = page.url.rsplit("/", 1)[1]
    page.goto(f"{page.url}/cetak?kertas={paper}")
    assert page.locator("[data-print]").is_visible()
    document = pypdfium2.PdfDocument(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(document) == 1
    assert [round(side / 72 * 25.4) for side in document[0].get_size()] == [width, height]
    (found,) = zxingcpp.read_barcodes(document[0].render(scale=203 / 72).to_pil().convert("L"))
    assert found.text == token
    assert (found.position.top_right.x - found.position.top_left.x) / 203 * 25.4 >= 29.5


def _image(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("L")
