"""The front desk with a scanner in hand: ten people in a row, every answer, undo, and the same without scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.booking import TicketState
from queue_app.domain.roles import Role
from queue_app.domain.tickets import show_number
from queue_app.models import Booking, Ticket
from queue_app.services import changes
from tests.fakes import FixedClock
from tests.journeys.officer import answer_on, booked, hours_of, scan, sit_down, token_of
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]
TUESDAY = date(2026, 11, 24)
HALF_PAST_NINE = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # the second hour of six; early from 08.30, late from 09.30


@dataclass(frozen=True)
class Hall:
    """Tuesday morning: who has which ticket."""

    session: Session
    keyring: FileKeyring
    app: Flask

    def book(self, hour: int = 1, day: date = TUESDAY, office: str = "sragen") -> Booking:
        return booked(self.session, hours_of(self.session, day, office)[hour], self.keyring)

    def token(self, booking: Booking) -> str:
        return token_of(booking, self.app)

    def present(self) -> int:
        self.session.rollback()
        here = select(func.count(Ticket.id)).where(Ticket.state == TicketState.CHECKED_IN)
        return self.session.scalar(here) or 0


@pytest.fixture
def hall(session: Session, keyring: FileKeyring, app: Flask) -> Hall:
    return Hall(session, keyring, app)


@pytest.fixture
def officer(visitor: OpenBrowser, session: Session, clock: FixedClock, hall: Hall) -> Callable[..., Visitor]:
    """Somebody at the desk on that morning, before the page that scans."""

    def open_desk(**options: object) -> Visitor:
        clock.set(HALF_PAST_NINE)
        officer = sit_down(visitor(**options), session, Role.DESK, clock)
        officer.open("/meja/pindai")
        return officer

    return open_desk


def test_ten_in_a_row_without_the_mouse(officer: Callable[..., Visitor], hall: Hall) -> None:
    waiting = [hall.book(hour) for hour in (1, 2) for _ in range(5)]
    hall.session.refresh(waiting[0])
    numbers = [show_number(one.tickets[0].letter, one.tickets[0].queue_number) for one in waiting]
    clock: FixedClock = hall.app.extensions["clock"]
    desk = officer()
    clock.set(HALF_PAST_NINE + timedelta(minutes=5))
    for booking, number in zip(waiting[:5], numbers, strict=False):
        scan(desk, hall.token(booking))
        desk.page.locator("[data-place=number]", has_text=number).wait_for()
        assert answer_on(desk) == ("Hadir", "ok")
    desk.page.evaluate("document.activeElement.blur()")  # somebody leaned on the keyboard
    for booking in waiting[5:]:
        scan(desk, hall.token(booking))  # the next one before the answer to this one is there
    desk.page.locator("[data-place=number]", has_text=numbers[-1]).wait_for()
    assert hall.present() == 10
    desk.judge()


def test_every_answer(officer: Callable[..., Visitor], hall: Hall) -> None:
    early_on = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    on_time, late, early = hall.book(1), hall.book(0), hall.book(4)
    other_day, elsewhere = hall.book(1, date(2026, 11, 25)), hall.book(1, office="gemolong")
    cancelled, moved = hall.book(1), hall.book(1)
    thursday = hours_of(hall.session, date(2026, 11, 26))[0]
    old = hall.token(moved)
    changes.cancel(hall.session, cancelled.id, now=early_on)
    changes.reschedule(hall.session, moved.id, thursday.id, now=early_on)
    hall.session.commit()
    desk = officer()
    hall.app.extensions["clock"].advance(minutes=1)
    for code, word, tone, says in (
        (hall.token(on_time), "Hadir", "ok", "Siti Wahyuni"),
        (hall.token(on_time), "Sudah hadir", "wait", "Dispendukcapil Sragen"),
        (hall.token(late), "Hadir, terlambat", "wait", "Dilayani sesudah yang tepat waktu."),
        (hall.token(early), "Terlalu awal", "wait", "12.30\u00a0WIB"),
        (hall.token(other_day), "Salah hari", "stop", "Rabu, 25 November 2026"),
        (hall.token(elsewhere), "Salah kantor", "stop", "Kantor Kecamatan Gemolong"),
        (hall.token(cancelled), "Dibatalkan", "stop", "Senin, 23 November 2026"),
        (old, "Dijadwal ulang", "wait", "Kamis, 26 November 2026"),
        ("0" * 34, "Tidak dikenal", "stop", "Bukan tiket dari sistem ini"),
    ):
        scan(desk, code)
        desk.page.get_by_role("heading", name=word, exact=True).wait_for()
        assert answer_on(desk) == (word, tone)
        assert says in desk.page.locator("[data-answer]").inner_text()
        assert desk.page.title().endswith(word)
        if tone != "stop" or word == "Salah hari":
            desk.judge()
    assert hall.present() == 2


def test_taking_a_scan_back(officer: Callable[..., Visitor], hall: Hall) -> None:
    booking = hall.book()
    desk = officer()
    scan(desk, booking.code.lower())
    desk.page.locator("[data-place=word]", has_text="Hadir").wait_for()
    assert hall.present() == 1
    desk.button("Urungkan").click()
    desk.page.locator("[data-place=word]", has_text="Diurungkan").wait_for()
    assert (answer_on(desk)[1], hall.present()) == ("wait", 0)
    desk.judge()
    scan(desk, booking.code)
    desk.page.locator("[data-place=word]", has_text="Hadir").wait_for()
    desk.page.keyboard.press("Escape")
    assert desk.page.get_by_role("navigation").first.is_visible()
    desk.judge()


def test_a_break_in_the_network_loses_nothing_and_doubles_nothing(officer: Callable[..., Visitor], hall: Hall) -> None:
    first, second = hall.book(), hall.book()
    desk = officer()
    scan(desk, hall.token(first))
    desk.page.locator(".scanning--ok").wait_for()
    desk.page.context.set_offline(True)
    scan(desk, hall.token(second))
    desk.page.get_by_text("Jaringan terputus. Mencoba lagi…").wait_for()
    assert desk.page.locator(".scanning--ok").count() == 0
    desk.page.context.set_offline(False)
    desk.page.locator(".scanning--ok").wait_for()
    assert hall.present() == 2


def test_without_scripts(officer: Callable[..., Visitor], hall: Hall) -> None:
    booking = hall.book()
    desk = officer(scripts=False)
    for code, answer in (
        (hall.token(booking), ("Hadir", "ok")),
        (hall.token(booking), ("Sudah hadir", "wait")),
        ("7KX9-2MQA", ("Tidak dikenal", "stop")),
    ):
        desk.page.locator("#code:focus").wait_for()
        scan(desk, code)
        desk.page.locator("[data-place=word]", has_text=answer[0]).wait_for()
        assert answer_on(desk) == answer
        desk.judge()
    assert hall.present() == 1


def test_the_list_of_the_day(officer: Callable[..., Visitor], hall: Hall) -> None:
    bookings = [hall.book(hour) for hour in (0, 1, 1, 3)]
    code, secret = bookings[1].code, "3314 9917 0305 0001"
    desk = officer()
    desk.link("Kedatangan").click()
    search = desk.field("Kode, nomor antrean, atau inisial")
    rows = desk.page.locator(".arrivals tbody tr")
    for typed, found in ((f"{code[:4]}-{code[4:]}", 1), ("S. W.", 4), ("Siti Wahyuni", 4), ("B. S.", 0)):
        search.fill(typed)
        desk.button("Tampilkan").click()
        desk.page.wait_for_url("**cari=*")
        assert rows.count() == found, typed
        assert "Wahyuni" not in desk.page.url
    search.fill(secret)
    desk.button("Tampilkan").click()
    desk.page.locator(".govuk-error-summary").wait_for()
    desk.judge_refusal("search")
    assert secret not in desk.page.content()
    desk.judge(refused=422)
    desk.open("/meja/kedatangan")
    rows.nth(1).get_by_role("button").click()
    desk.page.locator(".answer-line--ok").wait_for()
    assert hall.present() == 1
    desk.judge()
    desk.button("Urungkan").click()
    desk.page.get_by_text("Belum tercatat hadir.").wait_for()
    assert hall.present() == 0
