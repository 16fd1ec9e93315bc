"""Somebody without a phone in a village, and somebody without an appointment at the desk: by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.priority import Channel, Priority
from queue_app.domain.roles import Role
from queue_app.models import Booking
from tests.harness.factories import make_nik
from tests.harness.fakes import FixedClock
from tests.journeys.officer import offering_at, sit_down
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]
MOST_KEYS = 75  # thirty seconds at two and a half keys a second, as people type who do not type all day


@dataclass
class Typist:
    """Types on whatever has the focus, and counts the keys."""

    visitor: Visitor
    keys: int = 0

    def type(self, text: str) -> None:
        self.visitor.page.keyboard.type(text, delay=1)
        self.keys += len(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.visitor.page.keyboard.press(key)
        self.keys += len(keys)

    def is_at(self, selector: str) -> None:
        self.visitor.page.locator(f"{selector}:focus").wait_for()


def newest(session: Session) -> Booking:
    session.rollback()
    return session.scalars(select(Booking).order_by(Booking.id.desc())).first()


def test_an_operator_in_a_village(visitor: OpenBrowser, session: Session, clock: FixedClock) -> None:
    operator = sit_down(visitor(width=768), session, Role.VILLAGE, clock)
    operator.open("/petugas/")
    operator.judge()
    links = operator.page.locator(".staff-nav__link").all_inner_texts()
    assert [words.partition(":")[0] for words in links] == ["Bantu warga", "Akun saya"]
    expect(operator.page.locator(".door")).to_have_count(1)
    operator.link("Bantu warga").click()
    typist = Typist(operator)
    typist.is_at("#service")
    operator.judge()
    typist.type("Perekaman KTP-el")  # once: the next time it stands there already
    typist.press("Tab")
    typist.type("L")  # lansia
    typist.press("Tab")
    typist.type(make_nik().digits)
    typist.press("Enter")
    typist.is_at("#persons-0-name")
    typist.type("Mbah Sri")
    operator.page.locator("[name=when]:not([value=sekarang])").first.wait_for()
    typist.press("Enter")
    typist.is_at("#when")
    typist.press("Space", "ArrowDown", "Enter")
    operator.page.locator(".assisted__number").wait_for()
    assert typist.keys <= MOST_KEYS
    booking = newest(session)
    assert (booking.channel, booking.phone) == (Channel.VILLAGE, None)
    assert (booking.service_id, booking.tickets[0].priority) == (offering_at(session).service_id, Priority.VULNERABLE)
    assert operator.page.title().startswith("A-")
    operator.judge()

    operator.page.keyboard.press("n")
    typist.is_at("#persons-0-nik")  # the service is remembered
    again = Typist(operator)
    for index, name in enumerate(("Sri Lestari", "Budi")):
        again.press(*["F2"] * bool(index))
        again.is_at(f"#persons-{index}-nik")
        again.type(make_nik().digits)
        again.press("Enter")
        again.type(name)
    again.press("F4", "Space")
    operator.page.locator("#when:checked").wait_for()
    again.press("Enter")
    operator.page.locator(".assisted__number").nth(1).wait_for()
    assert again.keys <= MOST_KEYS
    assert len(newest(session).tickets) == 2
    operator.judge()


@pytest.mark.parametrize(("width", "language"), [(360, "id"), (1280, "en")])
def test_the_desk(visitor: OpenBrowser, session: Session, clock: FixedClock, width: int, language: str) -> None:
    officer = sit_down(visitor(width=width, language=language), session, Role.DESK, clock)
    officer.open("/meja/bantu")
    officer.field("Layanan").select_option(str(offering_at(session).id))
    officer.page.locator("[value=sekarang]:checked").wait_for()
    officer.judge()
    officer.field("NIK").focus()
    typist = Typist(officer)
    typist.type("3314990101")
    typist.press("Enter")
    typist.type("Siti Wahyuni")
    typist.press("Enter")
    officer.page.locator(".govuk-error-summary").wait_for()
    officer.judge_refusal("persons-0-nik")
    officer.judge(refused=422)
    typist.is_at("#persons-0-nik")
    typist.press("Control+a")
    typist.type(make_nik().digits)
    typist.press("Enter")
    typist.is_at("#persons-0-name")
    typist.press("Enter")
    officer.page.locator(".assisted__number").wait_for()
    assert typist.keys <= MOST_KEYS
    officer.judge()
    assert newest(session).tickets[0].walk_in
    officer.page.locator(".print-button :focus").wait_for()
    officer.page.keyboard.press("Enter")
    officer.page.wait_for_url("**/meja/cetak/*")
    officer.page.go_back()
    officer.page.locator(".print-button :focus").wait_for()
    officer.page.keyboard.press("Escape")
    typist.is_at("#persons-0-nik")
    quick = Typist(officer)
    quick.type(make_nik().digits)
    quick.press("Enter")
    quick.type("Agus Santoso")
    quick.press("Enter")
    officer.page.locator(".assisted__number").wait_for()
    assert quick.keys <= 35


def test_without_scripts_enter_books_too(visitor: OpenBrowser, session: Session, clock: FixedClock) -> None:
    officer = sit_down(visitor(width=360, scripts=False), session, Role.DESK, clock)
    officer.open("/meja/bantu")
    officer.field("Layanan").select_option(str(offering_at(session).id))
    officer.field("NIK").fill(make_nik().digits)
    officer.button("Tampilkan jam").click()
    officer.page.locator("[value=sekarang]:checked").wait_for()
    officer.field("Nama lengkap").fill("Siti Wahyuni")
    officer.page.keyboard.press("Enter")
    officer.page.locator(".assisted__number").wait_for()
    officer.judge()
