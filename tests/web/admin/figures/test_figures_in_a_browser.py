"""The pages of figures in a real browser: what axe says, what comes out on paper, and that today goes on by itself."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect

from queue_app.domain.roles import Role
from queue_app.jobs.registry import run_job
from queue_app.services.access.staff import start_session
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.accessibility import complaints, judge_pages
from tests.harness.at_counters import arrive
from tests.harness.factories import make_applicant, make_booking
from tests.harness.fakes import FixedClock
from tests.harness.office import LAST_WEEK, TODAY, World

# What is looked at here lies in the browser.
pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
OF_TODAY = f"?dari={TODAY}&sampai={TODAY}"
PAGES = (
    "/admin/angka",
    f"/admin/angka/laporan{OF_TODAY}",
    f"/meja/kedatangan/kertas?tanggal={TODAY}",
    "/sragen/keterbukaan",
)


def entered(world: World, browser: Browser, address: str, clock: FixedClock, width: int = 1280) -> BrowserContext:
    token = start_session(world.afresh(), world.staff(Role.ADMINISTRATOR).id, now=clock.now())
    world.session.commit()
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 800})
    context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": address}])
    return context


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_accessible(
    app: Flask, world: World, browser: Browser, live_server: str, clock: FixedClock, width: int
) -> None:
    for hour in (8, 9):
        arrive(world, hour=hour)
    world.book(hour=13)
    clock.advance(days=1)
    for job in ("end-days", "mark-no-shows", "count-days"):
        run_job(app, job)
    context = entered(world, browser, live_server, clock, width)
    page = context.new_page()
    heard = complaints(page)
    judge_pages(page, PAGES)
    assert heard == []
    context.close()


def test_the_figures_of_today_go_on_by_themselves(
    world: World, browser: Browser, live_server: str, clock: FixedClock
) -> None:
    context = entered(world, browser, live_server, clock)
    page = context.new_page()
    page.clock.install()
    page.goto("/admin/angka")
    waiting = page.locator(".figures__fact", has_text="Menunggu").locator("strong")
    expect(waiting).to_have_text("0")
    page.locator("summary").first.click()
    arrive(world)
    page.clock.run_for(16_000)
    expect(waiting).to_have_text("1")
    assert page.locator("details").first.get_attribute("open") is not None  # somebody reads it
    expect(page.locator("summary").first).to_be_focused()
    context.close()


def test_the_list_on_paper_repeats_its_heading(
    world: World, browser: Browser, live_server: str, clock: FixedClock
) -> None:
    slots = [world.slot(hour=hour) for hour in (8, 9, 13)]
    for slot in slots:
        slot.planned = slot.capacity = 20
    world.session.commit()
    for slot in slots:
        for _ in range(15):
            make_booking(world.session, slot.id, make_applicant(), keyring=world.keyring, now=LAST_WEEK)
    world.session.commit()
    context = entered(world, browser, live_server, clock)
    page = context.new_page()
    page.goto("/meja/kedatangan/kertas")
    paper = pypdfium2.PdfDocument(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(paper) > 1
    for number in range(len(paper)):
        assert [round(side / 72 * 25.4) for side in paper[number].get_size()] == [210, 297]
        text = paper[number].get_textpage().get_text_range()
        assert "Dispendukcapil Sragen" in text
        assert "Datang" in text
        assert f"{number + 1} / {len(paper)}" in text
    context.close()
