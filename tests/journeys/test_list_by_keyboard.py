"""The day's list by keyboard alone, and how it looks to every reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.priority import Priority
from queue_app.domain.roles import Role
from queue_app.models import Counter
from queue_app.services.arrivals.check_in import Scan, check_in
from tests.harness.fakes import FixedClock
from tests.journeys.officer import booked, hours_of, sit_down
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]
TUESDAY = date(2026, 11, 24)
QUARTER_PAST_NINE = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)


def test_the_list_by_keyboard(visitor: OpenBrowser, session: Session, keyring: FileKeyring, clock: FixedClock) -> None:
    bookings = [booked(session, hours_of(session, TUESDAY)[hour], keyring) for hour in (0, 1, 1)]
    bookings[2].tickets[0].priority = Priority.URGENT
    session.execute(update(Counter).values(active=False))  # an office that begins in its list
    session.commit()
    rows = [f"#baris-{booking.tickets[0].id}" for booking in bookings]
    clock.set(QUARTER_PAST_NINE)
    desk = sit_down(visitor(width=1280), session, Role.DESK, clock)
    page, keys = desk.page, desk.page.keyboard
    desk.open("/meja/kedatangan")
    page.locator("[data-keys]").wait_for()

    keys.press("/")
    expect(page.locator("#search")).to_be_focused()
    keys.type("hmsup")  # words, not keys
    expect(page.locator("#search")).to_have_value("hmsup")
    keys.press("ArrowDown")
    expect(page.locator(f"{rows[0]}:focus")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    second = page.locator(f"{rows[1]}:focus")
    keys.press("s")  # nothing to finish yet
    for key, words in (("h", "✓ Hadir 09.15"), ("m", "▶ Dilayani"), ("s", "✓ Sudah selesai"), ("u", "▶ Dilayani")):
        keys.press(key)
        expect(second.locator(".pill").first).to_have_text(words)
        page.wait_for_load_state()
    desk.judge()
    keys.press("u")
    expect(second.locator(".pill").first).to_have_text("✓ Hadir 09.15")
    keys.press("u")
    expect(second.locator(".pill").first).to_have_text("Belum datang")

    page.goto(f"{desk.address}/meja/kedatangan?keadaan=menunggu")
    keys.press("ArrowDown")
    keys.press("h")  # and so it leaves this list: the next one takes its place
    expect(page.locator(f"{rows[1]}:focus")).to_be_visible()
    expect(page.locator(rows[0])).to_have_count(0)
    keys.press("p")
    desk.reads("Ubah prioritas")
    desk.judge()

    english = sit_down(visitor(width=360, language="en"), session, Role.COUNTER, clock)
    english.page.clock.install()
    english.open("/meja/kedatangan")
    row, ticket = english.page.locator(rows[2]), bookings[2].tickets[0]
    expect(row.locator(".pill").first).to_have_text(english.say("Belum datang"))
    asked = Scan(keyring.ticket_token(ticket.id), ticket.office_id, None, "nonce-of-a-scanner")
    check_in(session, asked, keyring=keyring, now=clock.now())
    session.commit()
    english.page.clock.run_for(11_000)  # nobody has touched anything
    row.get_by_role("button").wait_for()
    english.judge()
