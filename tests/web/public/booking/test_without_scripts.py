"""The citizen's way in a browser without scripts and without a mouse, on the narrowest screen."""

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from tests.harness.factories import make_offering
from tests.harness.fakes import FixedClock
from tests.web.citizen import DETAILS

# A page looks the same on either database.
pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def site(live_server: str, session: Session, clock: FixedClock) -> str:
    """The address of a site where the first hour of each day has one place."""
    make_offering(session, now=clock.now(), capacity=1, hours=(8, 9, 10))
    session.commit()
    return live_server


def press(page: Page) -> None:
    """The one button of the page's form."""
    with page.expect_navigation():
        page.locator("main form button").last.click()


def go_on(page: Page, site: str) -> None:
    """From the start page to the form, by its links."""
    page.goto(site, wait_until="networkidle")
    for link in ("/sragen/ktp-rekam", "/sragen/ktp-rekam/data"):
        with page.expect_navigation():
            page.locator(f'main a[href="{link}"]').click()
        page.wait_for_load_state("networkidle")


def test_without_scripts_everything_works_by_keyboard(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 600})
    page = context.new_page()
    go_on(page, site)
    page.locator("#name").focus()
    for name, value in DETAILS.items():
        page.keyboard.type(value)
        page.keyboard.press("Tab")
        if name == "nik":
            page.keyboard.press("Tab")  # past the button that adds a person
    with page.expect_navigation():
        page.locator("#email").press("Enter")
    with page.expect_navigation():
        page.locator("a.day-list__day").first.press("Enter")
    expect(page.locator("[data-button]")).to_have_text("Pesan Selasa, 24 November 2026")
    page.locator("input[name=slot_id]").first.focus()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".ticket__number")).to_have_text("A-001")
    with page.expect_navigation():
        page.get_by_role("link", name="Pindah jadwal").click()
    with page.expect_navigation():
        page.locator("a.day-list__day").nth(1).click()
    page.locator("input[name=slot_id]").first.check()
    press(page)
    expect(page.locator(".ticket__number")).to_have_text("A-001")  # the first number of another day
    with page.expect_navigation():
        page.get_by_role("link", name="batalkan").click()
    press(page)
    expect(page.locator("main")).to_contain_text("dibatalkan")
    context.close()
