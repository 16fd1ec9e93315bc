"""The front desk with a scanner in hand: fifty people in a row, every answer, keys, undo, and no scripts at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.arrivals import IdentityResult
from queue_app.domain.booking import TicketState
from queue_app.domain.roles import Role
from queue_app.domain.tickets import show_number
from queue_app.models import Booking, CheckIn, Office, Slot, Ticket
from queue_app.services.booking import change
from queue_app.services.booking.request import Applicant
from tests.harness.factories import make_applicant, make_booking
from tests.harness.fakes import FixedClock
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

    def morning(self, people: int) -> list[tuple[str, str]]:
        """Token and number of so many people of the second hour, for whatever service there is a place."""
        self.session.rollback()
        slots = self.session.execute(
            select(Slot.id, Slot.capacity)
            .join(Office)
            .where(Office.slug == "sragen", Slot.starts_at == HALF_PAST_NINE - timedelta(minutes=30))
            .order_by(Slot.id)
        )
        places = [slot.id for slot in slots for _ in range(slot.capacity)][:people]
        bookings = [make_booking(self.session, place, keyring=self.keyring) for place in places]
        self.session.commit()
        return [(self.token(booking), self.number(booking)) for booking in bookings]

    def family(self, *names: str) -> Booking:
        slot = hours_of(self.session, TUESDAY)[1]
        booking = make_booking(self.session, slot.id, *map(named, names), keyring=self.keyring)
        self.session.commit()
        return booking

    def token(self, booking: Booking) -> str:
        return token_of(booking, self.app)

    def number(self, booking: Booking) -> str:
        ticket = booking.tickets[0]
        return show_number(ticket.letter, ticket.queue_number)

    def present(self) -> int:
        self.session.rollback()
        return self.session.scalar(select(func.count(Ticket.id)).where(Ticket.state == TicketState.CHECKED_IN)) or 0


def named(name: str) -> Applicant:
    return make_applicant(name=name)


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


def test_fifty_in_a_row_without_the_mouse(officer: Callable[..., Visitor], hall: Hall) -> None:
    tickets = hall.morning(50)
    desk = officer(width=1280)
    for token, number in tickets[:5]:
        scan(desk, token)
        desk.page.locator("[data-place=number]", has_text=number).wait_for()
        assert answer_on(desk) == ("Hadir", "ok")
        desk.page.wait_for_timeout(350)  # a key pressed sooner was meant for the person before
        desk.page.keyboard.press("F2")
        desk.page.get_by_text("Identitas cocok ✓", exact=True).wait_for()
    desk.judge()
    desk.page.evaluate("document.activeElement.blur()")  # somebody leaned on the keyboard
    for token, _ in tickets[5:]:
        scan(desk, token, delay=1)  # the next one before the answer to this one is there
    desk.page.locator("[data-place=number]", has_text=tickets[-1][1]).wait_for()
    assert hall.present() == 50
    rows = hall.session.scalars(select(CheckIn)).all()
    assert len(rows) == len({row.ticket_id for row in rows}) == 50
    assert [row.identity for row in rows].count(IdentityResult.MATCHES) == 5


def test_keys_say_who_it_is_and_what_then(officer: Callable[..., Visitor], hall: Hall) -> None:
    first, second, owner = hall.book(), hall.book(), hall.book()
    desk = officer()
    keys = desk.page.keyboard
    scan(desk, hall.token(first))
    desk.page.locator(".scanning--ok").wait_for()
    keys.press("F4")
    desk.button("Salah ketik – tetap dilayani, diperbaiki di loket").wait_for()
    desk.judge()
    scan(desk, hall.token(second))  # an open question keeps nobody waiting
    desk.page.locator("[data-place=number]", has_text=hall.number(second)).wait_for()
    desk.page.wait_for_timeout(350)
    for key in ("F4", "F2"):
        keys.press(key)
    desk.page.get_by_text("Salah ketik, diperbaiki di loket", exact=True).wait_for()
    scan(desk, hall.token(owner))
    desk.page.locator("[data-place=number]", has_text=hall.number(owner)).wait_for()
    desk.page.wait_for_timeout(350)
    for key in ("F4", "F8"):
        keys.press(key)
    desk.page.locator("[data-place=word]", has_text="Bukan orangnya").wait_for()
    assert answer_on(desk)[1] == "stop"
    assert hall.present() == 2
    desk.judge()
    scan(desk, hall.token(owner))  # whose ticket it still is
    desk.page.locator(".scanning--ok").wait_for()
    desk.page.wait_for_timeout(350)
    keys.press("F8")
    desk.page.locator("[data-place=word]", has_text="Diurungkan").wait_for()
    assert hall.present() == 2


def test_a_family_with_one_code(officer: Callable[..., Visitor], hall: Hall) -> None:
    names = ("Siti Wahyuni", "Budi Santoso", "Ani Lestari")
    booking = hall.family(*names)
    desk = officer()
    scan(desk, booking.code)
    desk.page.locator("[data-place=count]", has_text="3 orang").wait_for()
    assert answer_on(desk) == ("Hadir", "ok")
    assert desk.page.locator(".scan-person__name").all_inner_texts() == list(names)
    assert hall.present() == 3
    desk.judge()
    desk.page.keyboard.press("F2")
    desk.page.locator(".scan-person__identity").nth(2).wait_for()
    desk.page.keyboard.press("F8")
    desk.page.locator("[data-place=word]", has_text="Diurungkan").wait_for()
    assert hall.present() == 0


def test_every_answer(officer: Callable[..., Visitor], hall: Hall) -> None:
    early_on = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    on_time, late, early = hall.book(1), hall.book(0), hall.book(4)
    other_day, elsewhere = hall.book(1, date(2026, 11, 25)), hall.book(1, office="gemolong")
    cancelled, moved = hall.book(1), hall.book(1)
    thursday = hours_of(hall.session, date(2026, 11, 26))[0]
    old = hall.token(moved)
    change.cancel(hall.session, cancelled.id, now=early_on)
    change.reschedule(hall.session, moved.id, thursday.id, now=early_on)
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
        (old, "Dipindah", "wait", "Kamis, 26 November 2026"),
        ("0" * 34, "Tidak dikenal", "stop", "Bukan tiket dari sistem ini"),
    ):
        desk.page.wait_for_timeout(2_100 * (word == "Sudah hadir"))  # sooner it is the same scan
        hall.app.extensions["clock"].advance(seconds=3)
        scan(desk, code)
        desk.page.get_by_role("heading", name=word, exact=True).wait_for()
        assert answer_on(desk) == (word, tone)
        expect(desk.page.locator("[data-answer]")).to_contain_text(says)
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
    expect(desk.page.get_by_role("navigation").first).to_be_visible()
    desk.judge()


def test_a_break_in_the_network_loses_nothing_and_doubles_nothing(officer: Callable[..., Visitor], hall: Hall) -> None:
    first, second = hall.book(), hall.book()
    desk = officer()
    scan(desk, hall.token(first))
    desk.page.locator(".scanning--ok").wait_for()
    desk.page.context.set_offline(True)
    scan(desk, hall.token(second))
    desk.page.get_by_text("Jaringan terputus. Mencoba lagi…").wait_for()
    expect(desk.page.locator(".scanning--ok")).to_have_count(0)
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
        hall.app.extensions["clock"].advance(seconds=3)  # sooner it is the same scan
        scan(desk, code)
        desk.page.locator("[data-place=word]", has_text=answer[0]).wait_for()
        assert answer_on(desk) == answer
        desk.judge()
    assert hall.present() == 1
