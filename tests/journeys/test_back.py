"""Back after booking, in a browser that keeps whole pages in memory as those of people do, and in one that does not."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from tests.harness import browsers
from tests.journeys.citizens_way import SERVICE, bookings, choose_time, press_the_button, somebody, type_details
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]


@pytest.fixture(params=[True, False], ids=["pages-in-memory", "pages-anew"])
def ordinary_browser(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Browser]:
    """Playwright switches the back/forward cache off, which people have."""
    kept = browser.browser_type.launch(
        executable_path=browsers.find_chromium(),
        args=browsers.arguments(),
        ignore_default_args=["--disable-back-forward-cache"] if request.param else None,
    )
    yield kept
    kept.close()


class Phone:
    """A telephone of 360 px. Playwright does not notice a page that comes back from memory, so it is asked directly."""

    def __init__(self, browser: Browser, address: str, *, scripts: bool = True) -> None:
        context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=scripts)
        self.visitor = Visitor(context.new_page(), address, language="id", scripts=scripts)
        self._chromium = context.new_cdp_session(self.visitor.page)

    @property
    def page(self) -> Page:
        return self.visitor.page

    def back(self) -> None:
        history = self._chromium.send("Page.getNavigationHistory")
        before = history["entries"][history["currentIndex"] - 1]
        self._chromium.send("Page.navigateToHistoryEntry", {"entryId": before["id"]})
        for _ in range(100):
            self.page.wait_for_timeout(50)
            if self.asks("location.href") == before["url"] and self.asks("document.readyState") == "complete":
                return
        raise AssertionError(f"never came back to {before['url']}")

    def asks(self, expression: str) -> Any:
        answer = self._chromium.send("Runtime.evaluate", {"expression": expression, "returnByValue": True})
        return answer["result"].get("value")

    def reads(self) -> str:
        return str(self.asks("document.querySelector('main').innerText"))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "without-scripts"])
def test_it_leads_to_the_ticket_and_never_to_an_empty_form(
    ordinary_browser: Browser, live_server: str, session: Session, scripts: bool
) -> None:
    phone = Phone(ordinary_browser, live_server, scripts=scripts)
    phone.visitor.open(f"{SERVICE}/data")
    type_details(phone.visitor, somebody())
    phone.visitor.button("Lanjut pilih hari").click()
    choose_time(phone.visitor)
    press_the_button(phone.visitor)
    ticket = phone.page.url
    for there in ("/pilih?hari=", "/pilih", "/data"):
        phone.back()
        assert there in phone.asks("location.href")
        said = phone.reads()
        assert "Anda baru memesan" in said
        assert "30 menit" not in said
        assert phone.asks("document.querySelectorAll('main form, main input').length") == 0
        assert phone.asks("document.querySelector('main a.govuk-button').href") == ticket
        assert phone.asks("document.documentElement.scrollWidth") <= 360
    assert bookings(session) == 1


def test_control_a_page_does_come_back_from_memory(
    ordinary_browser: Browser, live_server: str, request: pytest.FixtureRequest
) -> None:
    """Without which the test above would show nothing about it."""
    phone = Phone(ordinary_browser, live_server)
    phone.page.add_init_script("addEventListener('pageshow', (event) => { window.fromMemory = event.persisted; })")
    phone.visitor.open("/bantuan")
    phone.page.goto(f"{live_server}/privasi")
    phone.back()
    assert phone.asks("window.fromMemory") is request.node.callspec.params["ordinary_browser"]


def test_what_was_half_typed_is_there_after_a_look_at_the_notice(ordinary_browser: Browser, live_server: str) -> None:
    phone = Phone(ordinary_browser, live_server)
    phone.visitor.open(f"{SERVICE}/data")
    phone.visitor.field("Nama lengkap").fill("Siti Wahyuni")
    phone.page.locator("main a[href='/privasi']").click()
    phone.page.wait_for_url("**/privasi")
    phone.back()
    assert phone.asks("document.querySelector('#name').value") == "Siti Wahyuni"
