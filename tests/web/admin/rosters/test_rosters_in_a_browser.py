"""The roster and the advice with axe, at 320 and 1280 pixels, and without a mouse or a script."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from playwright.sync_api import Browser, expect

from queue_app.domain.roles import Role
from queue_app.domain.rosters import Shift
from queue_app.services.access.staff import start_session
from queue_app.services.rosters.shifts import add_shifts, change_shift
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.accessibility import complaints, judge_pages
from tests.harness.at_counters import open_counter
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.harness.office import TOMORROW, World

# What is looked at here lies in the browser.
pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
ROSTER = "/admin/jadwal-petugas"


def planned_week(world: World, clock: FixedClock) -> int:
    """Somebody in the morning of three days, one of which they cannot come to; the id of that shift."""
    counter, officer = open_counter(world), world.staff(Role.COUNTER)
    by = {"office_id": world.here.id, "actor": TESTER, "now": clock.now()}
    days = [TOMORROW + timedelta(days=number) for number in range(3)]
    shifts = [Shift(counter.id, officer.id, day, time(8), time(12)) for day in days]
    *_, last = add_shifts(world.session, shifts, **by)
    change_shift(world.session, last.id, last.shift, absent=True, **by)
    world.session.commit()
    return last.id


def token(world: World, role: Role, clock: FixedClock) -> str:
    made = start_session(world.afresh(), world.staff(role).id, now=clock.now())
    world.session.commit()
    return made


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_accessible(
    world: World, browser: Browser, live_server: str, clock: FixedClock, width: int
) -> None:
    shift = planned_week(world, clock)
    context = browser.new_context(base_url=live_server, viewport={"width": width, "height": 800})
    page = context.new_page()
    heard = complaints(page)
    pages = {
        Role.ADMINISTRATOR: (
            *(ROSTER, f"{ROSTER}/baru?hari={TOMORROW}", f"{ROSTER}/{shift}", f"{ROSTER}/perangkat"),
            *("/admin/saran-kuota", "/admin/saran-kuota?menit=5&absen=20&lebih=10"),
        ),
        Role.COUNTER: ("/petugas/",),
    }
    for role, paths in pages.items():
        context.add_cookies([{"name": STAFF_COOKIE, "value": token(world, role, clock), "url": live_server}])
        judge_pages(page, paths)
    assert heard == []
    context.close()


def test_a_shift_is_planned_and_advice_is_asked_for_by_keyboard_and_without_scripts(
    world: World, browser: Browser, live_server: str, clock: FixedClock
) -> None:
    open_counter(world)
    world.staff(Role.COUNTER)
    context = browser.new_context(base_url=live_server, java_script_enabled=False)
    context.add_cookies([{"name": STAFF_COOKIE, "value": token(world, Role.ADMINISTRATOR, clock), "url": live_server}])
    page = context.new_page()
    page.goto(f"{ROSTER}/baru?hari={TOMORROW}")
    page.get_by_label("Mulai").fill("08.00")
    page.keyboard.press("Tab")
    page.keyboard.type("12.00")
    page.keyboard.press("Enter")
    expect(page.get_by_text("08.00–12.00")).to_be_visible()
    page.get_by_role("link", name="Saran kuota menurut jadwal ini").press("Enter")
    page.locator("summary", has_text="Bagaimana kalau").press("Enter")
    page.get_by_label("Lama layanan, menit").fill("5")
    page.keyboard.press("Enter")
    expect(page.get_by_text("diisi di atas")).to_be_visible()
    expect(page.get_by_label("Lama layanan, menit")).to_have_value("5")
    context.close()
