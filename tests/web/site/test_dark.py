"""Dark pages for those whose device asks for them: legible everywhere, while codes, paper and the hall stay light."""

from collections.abc import Iterator
from io import BytesIO

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from queue_app.domain.roles import Role
from queue_app.services.access.staff import start_session
from queue_app.web.access.kiosks import DEVICE_COOKIE
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.accessibility import is_wider_than_the_screen, violations
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TOMORROW, World
from tests.web.access.test_access_matrix import WHO_MAY
from tests.web.access.test_every_page import ANSWERS, address, things

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
GROUND = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(27, 35, 39)"
WIDTHS, SCREENS = (320, 360, 768, 1280), (768, 1280)  # a kiosk is no telephone
ALWAYS_LIGHT = ("kiosk", "display.display")


@pytest.fixture
def dark(browser: Browser, live_server: str) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=live_server, color_scheme="dark", viewport={"width": 360, "height": 800}, service_workers="block"
    )
    yield context
    context.close()


def test_every_page_is_legible_in_the_dark_and_fits_every_screen(
    app: Flask, world: World, dark: BrowserContext, live_server: str
) -> None:
    """Whatever axe has to say about it, too: no page is left out because nobody thought of it."""
    named, page = things(app, world), dark.new_page()  # one for all: a new one takes longer than to look at it
    odd = {}
    signed_in: Role | None = None
    dark.add_cookies([{"name": DEVICE_COOKIE, "value": named["kiosk"], "url": f"{live_server}/kiosk"}])
    for rule in sorted(
        app.url_map.iter_rules(), key=lambda rule: str(min(WHO_MAY[rule.endpoint] - {None}, default=""))
    ):
        if "GET" not in (rule.methods or ()) or rule.endpoint in ANSWERS or _is_no_page(rule.endpoint):
            continue
        roles = [role for role in Role if role in WHO_MAY[rule.endpoint]]
        if None not in WHO_MAY[rule.endpoint] and roles and signed_in is not roles[0]:
            signed_in = roles[0]
            staff = world.staff(signed_in, world.here, world.there)
            token = start_session(world.afresh(), staff.id, now=MONDAY_MORNING)
            world.session.commit()
            dark.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": live_server}])
        path = address(app, rule, named)
        answer = page.goto(path)
        is_html = answer is not None and answer.headers["content-type"].startswith("text/html")
        if is_html and page.locator("link[rel=stylesheet]").count():  # and no piece of a page
            found = [*violations(page), *_too_wide(page, SCREENS if rule.endpoint.startswith("kiosk") else WIDTHS)]
            if found or (page.evaluate(GROUND) == DARK) is rule.endpoint.startswith(ALWAYS_LIGHT):
                odd[path] = [page.evaluate(GROUND), *found]
    assert not odd


def test_the_code_of_a_ticket_is_dark_on_white(world: World, dark: BrowserContext) -> None:
    token = world.token(world.book(TOMORROW))
    page = dark.new_page()
    page.goto(f"/t/{token}")
    assert page.evaluate(GROUND) == DARK
    assert _decoded(page) == token
    picture = Image.open(BytesIO(page.locator(".ticket__qr").first.screenshot())).convert("RGB")
    assert {picture.getpixel(place) for place in ((3, 3), (3, picture.height - 4))} == {(255, 255, 255)}


def test_on_paper_it_is_light(world: World, dark: BrowserContext) -> None:
    page = dark.new_page()
    page.goto(f"/t/{world.token(world.book(TOMORROW))}/cetak")
    assert page.locator(".ticket").first.evaluate("one => getComputedStyle(one).backgroundColor") == DARK
    page.emulate_media(media="print", color_scheme="dark")
    ticket = page.locator(".ticket").first
    assert ticket.evaluate("one => getComputedStyle(one).backgroundColor") == LIGHT
    assert ticket.evaluate("one => getComputedStyle(one).color") == "rgb(27, 31, 35)"


def test_with_colours_of_the_readers_own_the_code_stays_readable(
    world: World, browser: Browser, live_server: str
) -> None:
    context = browser.new_context(base_url=live_server, forced_colors="active", color_scheme="dark")
    page = context.new_page()
    token = world.token(world.book(TOMORROW))
    page.goto(f"/t/{token}")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert _decoded(page) == token
    context.close()


def _too_wide(page: Page, widths: tuple[int, ...]) -> list[str]:
    found = []
    for width in (*widths, 360):
        page.set_viewport_size({"width": width, "height": 800})
        if width in widths and is_wider_than_the_screen(page):
            found.append(f"scrolls sideways at {width} px")
    return found


def _is_no_page(endpoint: str) -> bool:
    return (
        endpoint.startswith(
            ("api.", "health.", "site.", "static", "public.pdf", "public.calendar", "admin.import_template")
        )
        or "shell" in endpoint
    )


def _decoded(page: Page) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(page.screenshot(full_page=True))))
    return str(found.text)
