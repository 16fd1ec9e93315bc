"""A morning at a counter by keyboard alone, and how its pages look to every reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.roles import Role
from queue_app.models import Counter, Ticket, Visit
from queue_app.services.arrivals.check_in import Scan, check_in
from tests.harness.fakes import FixedClock
from tests.journeys.officer import booked, hours_of, sit_down
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]
TUESDAY = date(2026, 11, 24)
QUARTER_PAST_EIGHT = datetime(2026, 11, 24, 1, 15, tzinfo=UTC)


def arrived(session: Session, keyring: FileKeyring, clock: FixedClock) -> Ticket:
    ticket = booked(session, hours_of(session, TUESDAY)[0], keyring).tickets[0]
    scan = Scan(keyring.ticket_token(ticket.id), ticket.office_id, None, f"door-{ticket.id}")
    check_in(session, scan, keyring=keyring, now=clock.now())
    session.commit()
    return ticket


def has(page: Page, *keys: str) -> None:
    """Waits until these keys can be pressed."""
    for key in keys:
        page.locator(f'[data-key="{key}"]:not([disabled])').wait_for()


def test_a_counter_by_keyboard(visitor: OpenBrowser, session: Session, keyring: FileKeyring, clock: FixedClock) -> None:
    hours_of(session, TUESDAY)
    clock.set(QUARTER_PAST_EIGHT)
    tickets = [arrived(session, keyring, clock) for _ in range(3)]
    officer = sit_down(visitor(width=1280, service_workers="block"), session, Role.COUNTER, clock)
    page, keys = officer.page, officer.page.keyboard
    number = page.locator(".counter__number")

    def press(key: str, *then: str) -> None:
        """Presses a key, and waits for those that the next page has."""
        with page.expect_navigation():
            keys.press(key)
        has(page, *then)

    officer.open("/loket/")
    has(page, "1", "2", "3", "4")
    officer.judge()
    press("1", "p")
    officer.judge()
    press("p", "m", "u", "t")
    expect(number).to_have_text("A-001")
    officer.judge()
    press("u", "m", "u")
    press("u", "l")
    press("l", "p")
    press("p", "m")
    expect(number).to_have_text("A-002")
    press("m", "s")
    officer.judge()
    keys.press("a")
    expect(page.locator("#target")).to_be_focused()
    keys.press("Tab")
    keys.press("3")  # the outcome: a fingerprint that cannot be read
    expect(page.locator("#outcome")).to_have_value("failed_fingerprint")
    press("s", "p", "d", "z")
    officer.judge()
    keys.press("w")
    expect(page.locator("#starts-1")).to_be_focused()
    keys.press("ArrowDown")
    expect(page.locator("#starts-2")).to_be_checked()
    page.route("**/loket/isi", lambda route: route.continue_(headers={**route.request.headers, "if-none-match": ""}))
    with page.expect_response("**/loket/isi"):  # the page looks for news, and what was chosen stays
        pass
    expect(page.locator("#starts-2")).to_be_checked()
    press("d")
    officer.reads("Datang lagi sudah dipesan: nomor")
    officer.judge()
    officer.open("/loket/")
    officer.reads("datang lagi dengan nomor")
    press("z", "s")
    press("z", "m")
    press("t", "p", "1")
    press("1", "m")
    press("m", "s")
    press("s", "p")

    keys.press("j")
    expect(page.locator("#reason")).to_be_focused()
    keys.type("Salat p")  # words, not keys
    expect(page.locator("#reason")).to_have_value("Salat p")
    press("Enter", "j")
    officer.judge()
    press("j", "p")

    elsewhere = sit_down_again(visitor, session, Role.ADMINISTRATOR, clock)
    elsewhere.open("/loket/gangguan")
    elsewhere.judge()
    elsewhere.link("Listrik sedang padam").click()
    elsewhere.judge()
    elsewhere.button("Hentikan panggilan").click()
    elsewhere.reads("Gangguan selesai, lanjutkan panggilan")
    elsewhere.judge()
    elsewhere.page.get_by_role("link", name="Tutup hari ini karena gangguan ini").click()
    elsewhere.judge()
    elsewhere.open("/loket/gangguan")
    page.locator('[data-key="p"][disabled]').wait_for()  # by itself
    officer.judge()
    elsewhere.button("Gangguan selesai, lanjutkan panggilan").click()
    has(page, "p")
    clock.advance(minutes=2)
    press("p", "m")
    session.rollback()
    called = session.scalars(select(Visit.ticket_id).where(Visit.state == "called")).one()
    assert called == tickets[2].id
    keys.press("Tab")
    officer.button("Matikan tombol pintas").click()
    keys.press("m")
    expect(number).to_have_text("A-003")
    officer.reads("Dipanggil satu kali")
    assert session.scalars(select(Counter.number).where(Counter.staff_id.is_not(None))).one() == 1


def sit_down_again(visitor: OpenBrowser, session: Session, role: Role, clock: FixedClock) -> Visitor:
    return sit_down(visitor(width=360), session, role, clock)


def test_in_english_on_a_telephone_and_without_scripts(
    visitor: OpenBrowser, session: Session, keyring: FileKeyring, clock: FixedClock
) -> None:
    hours_of(session, TUESDAY)
    clock.set(QUARTER_PAST_EIGHT)
    arrived(session, keyring, clock)
    officer = sit_down(visitor(width=360, language="en"), session, Role.DESK, clock)
    officer.open("/loket/")
    officer.judge()
    officer.page.locator('[data-key="2"]').click()
    for key in ("p", "m", "s"):
        officer.page.locator(f'[data-key="{key}"]').click()
        officer.page.wait_for_load_state()
        officer.judge()
    officer.open("/loket/gangguan")
    officer.judge()
    plain = visitor(width=360, scripts=False)
    plain.page.context.add_cookies(officer.page.context.cookies())
    plain.open("/loket/")
    arrived(session, keyring, clock)
    plain.link("Muat ulang halaman").click()
    plain.page.locator('[data-key="p"]').click()
    plain.reads("A-002")
    plain.judge()

    administrator = sit_down(visitor(width=1280, language="en"), session, Role.ADMINISTRATOR, clock)
    for path in ("/admin/loket", "/admin/loket/baru", "/admin/aturan-panggilan"):
        administrator.open(path)
        administrator.judge()
