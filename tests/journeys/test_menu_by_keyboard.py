"""An administrator's menu, by keyboard and without scripts, on a telephone and on a desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from queue_app.domain.roles import Role
from tests.harness.fakes import FixedClock
from tests.journeys.officer import sit_down
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_any_page_is_two_presses_away(visitor: OpenBrowser, session: Session, clock: FixedClock, width: int) -> None:
    administrator = sit_down(visitor(width=width), session, Role.ADMINISTRATOR, clock)
    administrator.open("/admin/libur")
    page, button = administrator.page, administrator.page.locator(".staff-menu > summary")
    printers = page.locator(".staff-menu").get_by_role("link", name="Printer")
    expect(printers).to_have_count(0)
    administrator.tab_to(button)
    page.keyboard.press("Enter")
    expect(printers).to_be_visible()
    administrator.judge()
    administrator.tab_to(printers)
    page.keyboard.press("Escape")
    expect(printers).to_have_count(0)
    expect(button).to_be_focused()
    page.keyboard.press("Space")
    administrator.tab_to(printers)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/printer")
    expect(page.locator(".staff-nav__list [aria-current=page]")).to_be_in_viewport()
    administrator.judge()


def test_it_opens_without_scripts(visitor: OpenBrowser, session: Session, clock: FixedClock) -> None:
    administrator = sit_down(visitor(scripts=False, width=360), session, Role.ADMINISTRATOR, clock)
    administrator.page.goto(f"{administrator.address}/admin/libur")
    administrator.page.locator(".staff-menu > summary").click()
    administrator.link("Jejak audit").click()
    expect(administrator.page.locator("h1")).to_contain_text("Jejak audit")
