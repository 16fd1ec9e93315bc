"""The shell in a real browser: accessible, nothing blocked, nothing missing, no scrolling sideways."""

import pytest
from playwright.sync_api import Browser

from tests.harness.accessibility import complaints, is_wider_than_the_screen, violations

# A page looks the same on either database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("path", ["/no-such-page", "/petugas/masuk"])
def test_the_shell_is_accessible(browser: Browser, live_server: str, width: int, language: str, path: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    heard = complaints(page)
    page.goto(f"{live_server}{path}?lang={language}")
    page.locator("body.js-enabled").wait_for()
    assert violations(page) == []
    assert not is_wider_than_the_screen(page)
    assert [message for message in heard if "404" not in message] == []
    page.close()


def test_the_keyboard_reaches_the_content_first_and_the_language_link(browser: Browser, live_server: str) -> None:
    page = browser.new_page()
    page.goto(f"{live_server}/no-such-page")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Langsung ke isi halaman"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main-content"
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.close()


def test_it_reads_well_without_scripts(browser: Browser, live_server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server}/no-such-page")
    page.get_by_role("link", name="English").click()
    assert page.locator("h1").is_visible()
    context.close()


def test_chromium_would_install_it(browser: Browser, live_server: str) -> None:
    """Name, start, display and icons are as it wants them. The context of a test counts as incognito."""
    page = browser.new_page()
    page.goto(f"{live_server}/bantuan")
    chromium = page.context.new_cdp_session(page)
    assert chromium.send("Page.getAppManifest")["errors"] == []
    found = chromium.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {one["errorId"] for one in found} <= {"in-incognito"}
    page.close()
