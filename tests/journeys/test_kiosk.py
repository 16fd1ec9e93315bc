"""The kiosk in the hall: enrolled, a number taken, a ticket scanned, and nobody's traces left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.roles import Role
from queue_app.models import Office, Ticket
from queue_app.web.access.kiosks import DEVICE_COOKIE
from tests.harness.factories import make_kiosk, make_nik
from tests.harness.fakes import FixedClock
from tests.journeys.officer import booked, hours_of, scan, sit_down, token_of
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]
TUESDAY_MORNING = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 09.30, after the hour of release
SCREENS = ((1080, 1920), (1280, 800), (800, 600))
TOUCH = 64  # CSS pixels


def judge(visitor: Visitor, name: str) -> None:
    """Complete and accessible; and on each screen nothing too small to touch or beyond the sides."""
    visitor.judge()
    page = visitor.page
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        small = page.evaluate(
            """least => [...document.querySelectorAll('main a, main button, header a, main input:not([type=hidden])')]
            .filter(one => one.offsetParent).map(one => (one.closest('label.kiosk-check') || one))
            .map(one => [one.textContent.trim() || one.id, one.getBoundingClientRect()])
            .filter(([, box]) => box.width < least - .5 || box.height < least - .5)
            .map(([text, box]) => `${text} ${box.width} × ${box.height}`)""",
            TOUCH,
        )
        assert not small, f"{name} at {width} × {height}: {small}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} at {width} × {height}"


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.get_by_role("button", name=key, exact=True).click()


def pass_by(page: Page, seconds: int) -> None:
    """Let time pass in the browser, and its timer look at it."""
    page.clock.set_fixed_time(page.evaluate("Date.now()") / 1000 + seconds)
    page.wait_for_timeout(400)


@pytest.fixture
def kiosk(visitor: OpenBrowser, session: Session, clock: FixedClock) -> Visitor:
    """Enrolled, at its start page, with its clock in our hands."""
    clock.set(TUESDAY_MORNING)
    office = session.scalars(select(Office).where(Office.slug == "sragen")).one()
    token = make_kiosk(session, office, now=clock.now())
    session.commit()
    kiosk = visitor(width=1280)
    cookie = {"name": DEVICE_COOKIE, "value": token, "domain": "127.0.0.1", "path": "/kiosk"}
    kiosk.page.context.add_cookies([cookie])  # type: ignore[list-item]
    kiosk.page.clock.set_fixed_time(TUESDAY_MORNING)  # until the test moves it: no page goes away meanwhile
    kiosk.open("/kiosk/sragen")
    return kiosk


def test_enrolled_by_touch(visitor: OpenBrowser, session: Session, clock: FixedClock) -> None:
    clock.set(TUESDAY_MORNING)
    administrator = sit_down(visitor(width=1280), session, Role.ADMINISTRATOR, clock)
    administrator.open("/admin/kios/baru")
    administrator.field("Nama kios").fill("Pintu masuk")
    administrator.button("Buat kios").click()
    code = administrator.page.locator(".enrolment-code").inner_text()
    administrator.judge()
    administrator.open("/admin/kios")
    administrator.judge()
    kiosk = visitor(width=1280)
    kiosk.open("/kiosk/sragen")
    judge(kiosk, "enrol")
    press(kiosk.page, code.replace("-", ""))
    kiosk.button("Daftarkan").click()
    kiosk.reads("Ambil nomor antrean")
    judge(kiosk, "start")


def test_a_number_is_taken_and_nothing_stays(kiosk: Visitor, session: Session) -> None:
    page, nik = kiosk.page, make_nik().digits
    page.get_by_text("Ambil nomor antrean").click()
    kiosk.reads("Pilih layanan")
    judge(kiosk, "services")
    page.get_by_text("nomor tersisa").first.click()
    field = page.locator("#nik:focus")
    press(page, "331499")
    kiosk.reads("6 dari 16 angka")
    assert field.evaluate("one => getComputedStyle(one).webkitTextSecurity") == "disc"
    page.get_by_text("Hapus semua").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type(nik[:8] + "13" + nik[10:])  # a real keyboard works too; the wrong month is noticed
    judge(kiosk, "person")
    kiosk.button("Ambil nomor").click()
    page.locator("#nik-error").wait_for()
    judge(kiosk, "person-refused")
    kiosk.button("Tampilkan").click()
    assert field.evaluate("one => getComputedStyle(one).webkitTextSecurity") == "none"
    field.fill(nik)
    page.get_by_text("Lansia, disabilitas, ibu hamil, sakit").click()
    kiosk.button("Ambil nomor").click()
    page.locator(".kiosk-answer__number").wait_for()
    judge(kiosk, "number")
    assert (
        page.locator(".kiosk-answer__number")
        .inner_text()
        .endswith(f"{session.scalars(select(Ticket.queue_number).where(Ticket.walk_in)).one():03d}")
    )
    pass_by(page, 29)
    assert page.url.endswith("/hasil")
    pass_by(page, 2)
    kiosk.reads("Saya punya tiket")
    for _ in range(4):  # as far back as the browser goes
        page.go_back()
        page.wait_for_load_state()
        content = page.content() + "".join(page.locator("input").evaluate_all("all => all.map(one => one.value)"))
        assert nik not in content
        assert nik[:8] not in content


def test_back_to_the_start_when_nobody_is_there(kiosk: Visitor) -> None:
    page = kiosk.page
    page.get_by_text("English").click()
    page.get_by_text("I have a ticket").click()
    page.locator("#code:focus").wait_for()
    pass_by(page, 19)
    expect(page.locator("dialog")).to_be_hidden()
    pass_by(page, 2)
    page.locator("dialog[open]").wait_for()
    kiosk.language = "en"
    judge(kiosk, "idle")
    page.get_by_role("button", name="I am still here").click()
    expect(page.locator("dialog")).to_be_hidden()
    pass_by(page, 15)
    page.mouse.click(5, 300)  # any touch counts
    pass_by(page, 19)
    expect(page.locator("dialog")).to_be_hidden()
    pass_by(page, 12)
    page.get_by_text("Saya punya tiket").wait_for()  # in Indonesian again


def test_a_ticket_under_the_scanner(
    kiosk: Visitor, session: Session, keyring: FileKeyring, app: Flask, clock: FixedClock
) -> None:
    page = kiosk.page
    clock.set(TUESDAY_MORNING - timedelta(days=1))
    mine, next_one, other_day = (
        booked(session, hours_of(session, day)[1], keyring)
        for day in (TUESDAY_MORNING.date(), TUESDAY_MORNING.date(), TUESDAY_MORNING.date() + timedelta(days=1))
    )
    clock.set(TUESDAY_MORNING)
    page.get_by_text("Saya punya tiket").click()
    judge(kiosk, "ticket")
    page.mouse.click(5, 300)  # wherever the focus was
    scan(kiosk, token_of(mine, app))
    kiosk.reads("Anda sudah tercatat hadir")
    judge(kiosk, "arrived")
    scan(kiosk, token_of(next_one, app))  # the next person, before the page has gone
    page.locator(".kiosk-answer__number", has_text=f"{next_one.tickets[0].queue_number:03d}").wait_for()
    pass_by(page, 13)
    kiosk.reads("Ambil nomor antrean")
    scan(kiosk, token_of(other_day, app))  # without choosing anything
    kiosk.reads("Tiket ini untuk hari lain")
    judge(kiosk, "other-day")
