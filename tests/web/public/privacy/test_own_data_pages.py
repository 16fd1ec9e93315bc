"""The pages around one's own data as a browser shows them: on a small telephone, on a desk, without scripts."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from queue_app.domain.breaches import BreachedData
from queue_app.domain.data_rights import RequestKind, RequestProof
from queue_app.domain.roles import CITIZEN, Role
from queue_app.jobs.registry import run_job
from queue_app.models import Booking
from queue_app.services.access.staff import start_session
from queue_app.services.privacy.breaches import BreachFacts, record_breach, spread, tell
from queue_app.services.privacy.requests import receive
from queue_app.services.records.retention import purge
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.accessibility import complaints, is_wider_than_the_screen, violations
from tests.harness.factories import make_applicant, make_booking
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import LAST_WEEK, TOMORROW, World

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

SIZES = {"320": (320, 700), "360": (360, 740), "1280": (1280, 900)}


@pytest.fixture
def booking(world: World) -> Booking:
    who = {"keyring": world.keyring, "now": LAST_WEEK, "email": "siti@contoh.id"}
    booking = make_booking(world.session, world.slot(TOMORROW).id, make_applicant(), **who)
    world.session.commit()
    return booking


def look(page: Page, name: str) -> None:
    """Nothing is wider than the screen and axe finds nothing, in either language."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        assert not is_wider_than_the_screen(page), f"{name} at {size}"
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=str(Path(folder) / f"{name}-{size}.png"), full_page=True)
    assert violations(page) == [], name


def follow(page: Page, link_or_button: str) -> None:
    """Press it and wait until the next page is there: right after a click the browser may be between two pages."""
    with page.expect_navigation():
        page.locator(link_or_button).click()


def code_in(app: Flask) -> str:
    run_job(app, "send-outbox")
    folder = app.extensions["settings"].outbox_folder
    (code,) = {
        found[1] for path in folder.glob("*.txt") if (found := re.search(r"^(\d{4} \d{4})$", path.read_text(), re.M))
    }
    return code


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_whole_way_without_scripts(
    app: Flask, browser: Browser, live_server: str, booking: Booking, world: World, language: str
) -> None:
    context = browser.new_context(java_script_enabled=True)
    page = context.new_page()
    page.route(re.compile(r"/static/.*\.js"), lambda route: route.abort())  # axe needs an engine; the page needs none
    page.goto(f"{live_server}/t/{world.token(booking)}?lang={language}")
    follow(page, f'a[href$="{world.token(booking)}/data"]')
    look(page, f"door-{language}")
    follow(page, 'form[action$="/kode"] button')
    page.locator("#data_code").fill(code_in(app))
    page.locator("form:has(#data_code) button").click()
    expect(page.get_by_text("+6281234567890").first).to_be_visible()
    look(page, f"data-{language}")
    follow(page, 'a[href$="/perbaiki"]')
    look(page, f"correct-{language}")
    page.go_back()
    follow(page, 'a[href$="/hapus"]')
    look(page, f"delete-{language}")
    page.locator("form .govuk-button--warning").click()
    expect(page.locator(".govuk-notification-banner").first).to_be_visible()
    page.goto(f"{live_server}/privasi?lang={language}")
    look(page, f"notice-{language}")
    context.close()


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_pages_of_staff(
    browser: Browser, live_server: str, booking: Booking, world: World, language: str, clock: FixedClock
) -> None:
    session = world.session
    unproved = {"proof": RequestProof.NONE, "actor": CITIZEN}
    receive(session, booking.tickets[0], RequestKind.DELETE, **unproved, now=LAST_WEEK)
    session.commit()
    world.book(hour=8)
    purge(world.afresh(), retention=MONDAY_MORNING - MONDAY_MORNING, now=MONDAY_MORNING)
    session.commit()
    staff = world.staff(Role.ADMINISTRATOR)
    key = start_session(world.afresh(), staff.id, now=clock.now())
    session.commit()
    context = browser.new_context()
    context.add_cookies([{"name": STAFF_COOKIE, "value": key, "url": live_server}])
    page = context.new_page()
    heard = complaints(page)
    page.goto(f"{live_server}/admin/pelindungan-data?lang={language}")
    look(page, f"protection-{language}")
    page.goto(f"{live_server}/meja/orang/{booking.tickets[0].id}/data")
    look(page, f"person-data-{language}")
    page.goto(f"{live_server}/admin/insiden/baru")
    look(page, f"breach-form-{language}")
    failure = BreachFacts(
        happened="Daftar kedatangan tertinggal",
        noticed_at=LAST_WEEK,
        data=(BreachedData.NAME, BreachedData.PHONE),
        first_day=TOMORROW,
        last_day=TOMORROW,
        services=(),
        notice_id="Daftar nama tertinggal, dan sudah diambil kembali.",
    )
    by = {"office_id": world.here.id, "actor": CITIZEN, "now": MONDAY_MORNING}
    breach_id = tell(world.afresh(), record_breach(world.session, failure, **by).id, **by).id
    spread(world.session, breach_id, now=MONDAY_MORNING)
    session.commit()
    page.goto(f"{live_server}/admin/insiden/{breach_id}")
    look(page, f"breach-{language}")
    page.goto(f"{live_server}/admin/insiden")
    look(page, f"breaches-{language}")
    assert heard == []
    context.close()
