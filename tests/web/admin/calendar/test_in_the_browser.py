"""The front desk and the quota in a real browser, by keyboard alone, and with a lost network.

What the pages look like at every width is seen by tests/journeys.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import CheckIn, Staff
from queue_app.services.access.staff import start_session
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.accessibility import is_wider_than_the_screen, violations
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TOMORROW, World
from tests.journeys.scanner import Scanner

# One database is enough: what is looked at here lies in the browser.
pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture(params=[(360, 740)], ids=["phone"])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: str) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(
        base_url=live_server,
        viewport={"width": width, "height": height},
        service_workers="block",  # see tests/journeys/conftest.py
    )
    yield context.new_page()
    context.close()


def sign_in(page: Page, world: World, staff: Staff, live_server: str) -> None:
    token = start_session(world.afresh(), staff.id, now=MONDAY_MORNING)
    world.session.commit()
    page.context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": live_server}])


def scan(page: Page, code: str) -> None:
    """As a keyboard wedge does it: characters, then Enter, wherever the focus is."""
    Scanner(page, pace=1).scan(code)


def test_undo_with_the_keyboard(page: Page, world: World, live_server: str) -> None:
    sign_in(page, world, world.staff(Role.DESK), live_server)
    page.goto("/meja/pindai")
    scan(page, world.token(world.book()))
    undo = page.get_by_role("button", name="Urungkan")
    expect(undo).to_be_visible()
    page.wait_for_timeout(300)  # a Tab that follows a scan at once is the scanner's own
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-place=word]")).to_have_text("Diurungkan")
    expect(page.locator("#code")).to_be_focused()


def test_a_scan_survives_a_lost_network(page: Page, world: World, live_server: str) -> None:
    """The answer is lost after the server stored it; asking again with the same nonce stores nothing twice."""
    sign_in(page, world, world.staff(Role.DESK), live_server)
    page.goto("/meja/pindai")
    lost = []

    def lose_the_first_answer(route: object) -> None:
        if route.request.method == "POST" and not lost:  # type: ignore[attr-defined]
            lost.append(route.fetch().status)  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/meja/pindai", lose_the_first_answer)
    # Listened to, for it stands there no longer than the second try takes.
    page.locator("[data-notice]").evaluate(
        """notice => {
            window.said = [];
            const listen = new MutationObserver(() => window.said.push(notice.textContent));
            listen.observe(notice, { childList: true, characterData: true, subtree: true });
        }"""
    )
    scan(page, world.token(world.book()))
    expect(page.locator("[data-place=word]")).to_have_text("Hadir")
    expect(page.locator("[data-notice]")).to_be_hidden()
    assert any("Mencoba lagi" in text for text in page.evaluate("window.said"))
    assert lost == [200]
    assert len(world.afresh().scalars(select(CheckIn)).all()) == 1


def test_an_ended_session_is_said(page: Page, world: World, live_server: str) -> None:
    sign_in(page, world, world.staff(Role.DESK), live_server)
    page.goto("/meja/pindai")
    page.context.clear_cookies(name=STAFF_COOKIE)
    scan(page, world.token(world.book()))
    expect(page.locator("[data-notice]")).to_have_text("Sesi berakhir. Masuk lagi, lalu pindai sekali lagi.")


def test_quota_and_closure_step_by_step(page: Page, world: World, live_server: str) -> None:
    world.book(TOMORROW)
    day, offering = world.day(TOMORROW).id, world.offering.id
    sign_in(page, world, world.staff(Role.ADMINISTRATOR), live_server)
    page.goto(f"/admin/hari/kuota/{day}")
    page.get_by_label("Kuota baru").fill("9")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kuota 6 menjadi 9")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Ubah kuota").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("Alasan").fill("Alat tambahan")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kuota umum sekarang 9")).to_be_visible()

    page.goto(f"/admin/jadwal/{offering}/ubah")
    page.get_by_label("Nama jadwal").fill("Ramadan")
    page.get_by_label("Tempat, baris 1", exact=True).fill("5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dampak jadwal baru")).to_be_visible()
    assert violations(page) == []
    assert not is_wider_than_the_screen(page)
    page.get_by_label("Alasan").fill("Jam puasa")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Jadwal baru disimpan")).to_be_visible()

    page.goto(f"/admin/hari/tutup/{day}")
    page.get_by_label("Alasan, dibaca warga").fill("Pemeliharaan jaringan")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Satu orang sudah memesan dan terdampak.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Ya, tutup: satu orang harus ditelepon").click()
    expect(page.get_by_text("Tidak ada yang dapat memesan lagi")).to_be_visible()
