"""A person found, moved and given a new paper without touching the mouse; and the pages at every width."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.roles import Role
from queue_app.models import Booking
from queue_app.services.booking.request import Applicant
from tests.harness.factories import make_booking, make_nik
from tests.harness.fakes import FixedClock
from tests.journeys.officer import hours_of, sit_down
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]
TUESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)
CONTACT = {"phone": "+6281298765432", "email": "siti.wahyuni@contoh.id"}


@pytest.fixture
def siti(session: Session, keyring: FileKeyring) -> Booking:
    """Siti on Thursday, with a namesake on Tuesday."""
    for name, day in (("Siti Aminah", TUESDAY), ("Siti Wahyuni", THURSDAY)):
        who = Applicant(name, make_nik())
        booking = make_booking(session, hours_of(session, day)[1].id, who, keyring=keyring, **CONTACT)
        session.commit()
    return booking


def choose_hour(page: Page) -> None:
    """The focus is on the first hour: down to the second one, and on."""
    expect(page.locator("#when:focus")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_search_move_and_print_by_keyboard(
    visitor: OpenBrowser, session: Session, clock: FixedClock, siti: Booking
) -> None:
    desk = sit_down(visitor(width=1280), session, Role.DESK, clock)
    page, keys = desk.page, desk.page.keyboard
    desk.open("/meja/kedatangan")
    keys.press("F3")
    expect(page.locator("#person-search:focus")).to_be_visible()
    keys.type("siti")
    keys.press("Enter")
    desk.reads("hari ini dulu")
    expect(page.locator(".ticket-line__link:focus")).to_contain_text("Siti Aminah")
    desk.judge()
    keys.press("F3")
    keys.type("siti wah")
    keys.press("Enter")
    desk.reads("Riwayat")
    assert f"/meja/orang/{siti.tickets[0].id}" in page.url
    desk.judge()
    keys.press("p")
    desk.reads("Pindah ke jam ini")
    desk.judge()
    choose_hour(page)
    desk.reads("Jadwal dipindah ke")
    session.rollback()
    moved = session.get_one(Booking, siti.id, populate_existing=True).tickets[-1]
    assert page.url.endswith(f"/meja/orang/{moved.id}")
    desk.judge()
    keys.press("c")
    desk.reads("Cetak tiket")  # no printer was ever chosen here: the choice of one
    desk.tab_to(desk.button("Cetak tiket"))
    keys.press("Enter")
    page.wait_for_url("**/halaman?**")
    desk.judge()


def test_every_other_act_by_keyboard_on_a_telephone(
    visitor: OpenBrowser, session: Session, clock: FixedClock, siti: Booking
) -> None:
    desk = sit_down(visitor(width=360), session, Role.DESK, clock)
    page, keys = desk.page, desk.page.keyboard
    address = f"/meja/orang/{siti.tickets[0].id}"
    desk.open(address)
    desk.judge()
    keys.press("t")
    desk.reads("+6281298765432")
    desk.judge()
    desk.open(address)
    keys.press("d")
    desk.field("Nama lengkap").fill("Siti Wahyuningsih")
    desk.judge()
    keys.press("Enter")
    desk.reads("Data diperbaiki.")
    keys.press("b")
    expect(page.locator("#reason:focus")).to_be_visible()
    keys.press("Enter")
    desk.reads("Ada yang perlu diperbaiki")
    desk.judge(refused=422)
    desk.field("Alasan").fill("Sakit")
    keys.press("Enter")
    desk.reads("Dibatalkan. Tempatnya kembali untuk orang lain.")
    keys.press("u")
    desk.reads("Pesan jam ini")
    desk.judge()
    choose_hour(page)
    desk.reads("Dipesan lagi:")
    desk.judge()
    page.locator("[data-keys-switch]").evaluate("button => button.click()")  # seen where there is a keyboard
    keys.press("b")
    expect(page.locator("#reason")).to_have_count(0)


def test_in_english_and_without_scripts(
    visitor: OpenBrowser, session: Session, clock: FixedClock, siti: Booking
) -> None:
    desk = sit_down(visitor(width=360, language="en", scripts=False), session, Role.DESK, clock)
    desk.open("/meja/cari")
    desk.field("Cari orang").last.fill("siti wahyuni")
    desk.button("Cari").last.click()
    desk.reads("Riwayat")
    desk.judge()
    desk.button("Perbaiki data").click()
    desk.judge()
    desk.open("/meja/cari")
    desk.field("Cari orang").last.fill("Zubaidah")
    desk.button("Cari").last.click()
    desk.reads("Yang dapat diketik atau dipindai")
    desk.judge()
