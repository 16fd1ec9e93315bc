"""A morning in which the connection to the server is cut: the desk and its list go on, and nothing is doubled."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import ArrivalRules, ScanResult, judge_arrival
from queue_app.domain.booking import TicketState
from queue_app.domain.roles import Role
from queue_app.domain.tickets import show_number
from queue_app.models import Booking, CheckIn, OfflineEntry, Visit
from tests.harness.fakes import FixedClock
from tests.journeys.cut_line import STORED, cut, look_at, ready, until
from tests.journeys.officer import answer_on, scan, sit_down, token_of
from tests.journeys.scanner import Scanner
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]
TUESDAY = date(2026, 11, 24)
HALF_PAST_NINE = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


@pytest.fixture
def desk(visitor: OpenBrowser, session: Session, clock: FixedClock) -> Callable[..., Visitor]:
    def open_desk(path: str = "/meja/pindai", *, beside: Visitor | None = None) -> Visitor:
        officer = visitor(width=1280)
        if beside:  # a second device of the same desk
            officer.page.context.add_cookies(beside.page.context.cookies())  # type: ignore[arg-type]
        else:
            sit_down(officer, session, Role.DESK, clock)
        officer.open(path)
        ready(officer.page)
        return officer

    return open_desk


def word(visitor: Visitor, text: str) -> None:
    visitor.page.locator("[data-place=word]", has_text=text).wait_for()


def test_two_devices_scan_one_ticket_while_the_connection_is_cut(
    desk: Callable[..., Visitor], morning: Callable[..., Booking], app: Flask, session: Session, clock: FixedClock
) -> None:
    twice, alone, early = morning(), morning(), morning(4)
    one = desk()
    other = desk(beside=one)
    for device in (one, other):
        cut(device)
    scan(one, token_of(twice, app))
    word(one, "Hadir")
    assert answer_on(one) == ("Hadir", "ok")
    one.page.get_by_text("Luring – belum tersimpan di pusat").wait_for()
    look_at(one, "scan-admitted")
    one.page.wait_for_timeout(2_100)  # sooner it is the same scan
    scan(one, token_of(twice, app))
    word(one, "Sudah hadir")
    scan(one, token_of(early, app))
    word(one, "Terlalu awal")
    expect(one.page.locator("[data-place=detail]")).to_contain_text("12.30 WIB")
    scan(one, "7KX9-2MQA")
    word(one, "Tidak ada di daftar hari ini")
    look_at(one, "scan-unknown")
    scan(one, "HALLO")
    word(one, "Tidak dikenal")
    scan(other, twice.code.lower())
    word(other, "Hadir")
    scan(other, token_of(alone, app))
    number = show_number(alone.tickets[0].letter, alone.tickets[0].queue_number)
    other.page.locator("[data-place=number]", has_text=number).wait_for()
    other.page.wait_for_timeout(350)  # a key pressed sooner was meant for the person before
    other.page.keyboard.press("F8")  # the wrong telephone was held out
    word(other, "Diurungkan")
    assert session.scalar(select(func.count()).select_from(CheckIn)) == 0

    one.page.reload()  # as after a browser that has crashed
    one.page.locator("#code").wait_for()
    one.page.get_by_text("2 belum tersimpan di pusat.").wait_for()
    look_at(one, "scan-shell")
    scan(one, token_of(twice, app))
    word(one, "Sudah hadir")
    one.page.keyboard.press("Escape")

    clock.advance(minutes=10)
    cut(one, False)
    one.page.get_by_text("2 belum tersimpan di pusat.").wait_for(state="hidden")
    one.button("Keluar").wait_for()  # the page with everything is back
    cut(other, False)
    other.page.locator("[data-conflicts]", has_text="1").wait_for(state="attached")
    session.rollback()
    results = session.scalars(select(CheckIn.result).order_by(CheckIn.id)).all()
    assert results == [ScanResult.CHECKED_IN, ScanResult.UNKNOWN, ScanResult.ALREADY]
    assert session.scalars(select(Visit.arrived_at)).one() - HALF_PAST_NINE < timedelta(minutes=2)
    assert [row.ticket_id for row in session.scalars(select(OfflineEntry).where(OfflineEntry.conflict))] == [
        twice.tickets[0].id
    ]
    other.open("/meja/luring")
    look_at(other, "conflicts")
    other.page.get_by_label("Keputusan (tanpa nama dan NIK)").fill("Dua meja, orang yang sama")
    other.page.get_by_role("button", name="Sudah diputuskan").click()
    other.page.get_by_text("Tidak ada yang perlu diputuskan.").wait_for()


def test_what_is_kept_can_be_read_by_nobody_and_goes_with_the_day_and_the_officer(
    desk: Callable[..., Visitor], morning: Callable[..., Booking], app: Flask
) -> None:
    booking = morning()
    officer = desk()
    page = officer.page
    token = token_of(booking, app)
    cut(officer)
    scan(officer, token)
    word(officer, "Hadir")
    stored = page.evaluate(STORED)
    assert stored["counts"] == {"keys": 2, "lists": 1, "queue": 1}
    assert "key:false" in stored["text"]
    assert "key:true" not in stored["text"]
    for secret in ("S. W.", token, booking.code, "Siti", "Petugas desk", "booked"):
        assert secret not in stored["text"], secret
    cut(officer, False)
    until(page, f"async () => (await ({STORED})()).counts.queue === 0")
    page.keyboard.press("Escape")
    officer.button("Keluar").click()
    officer.button("Masuk").wait_for()
    left = page.evaluate(STORED)
    assert (left["counts"]["lists"], left["pages"]) == (0, [])


def test_the_list_is_dropped_at_midnight_of_the_office(
    desk: Callable[..., Visitor], morning: Callable[..., Booking], app: Flask
) -> None:
    booking = morning()
    officer = desk()
    page = officer.page
    page.clock.install()
    page.reload()
    ready(page)
    cut(officer)
    page.clock.fast_forward("14:00:00")  # half past eleven at night
    assert page.evaluate(STORED)["counts"]["lists"] == 1
    page.clock.fast_forward("01:00:00")
    until(page, f"async () => (await ({STORED})()).counts.lists === 0")
    scan(officer, token_of(booking, app))
    page.clock.run_for(5_000)
    page.get_by_text("Jaringan terputus. Mencoba lagi…").wait_for()


def test_the_list_goes_on_with_numbers_and_initials(
    desk: Callable[..., Visitor], morning: Callable[..., Booking], app: Flask, session: Session
) -> None:
    booking, scanned = morning(), morning()
    early = morning(4)
    officer = desk("/meja/kedatangan")
    officer.page.get_by_text("Siti Wahyuni").first.wait_for()
    cut(officer)
    officer.page.get_by_text("Luring: sambungan ke server terputus.").wait_for()
    assert "Siti" not in officer.page.content()
    expect(officer.page.locator(f"#baris-{early.tickets[0].id}", has_text="Terlalu awal")).to_have_count(1)
    look_at(officer, "arrivals")
    officer.page.locator(f"#baris-{booking.tickets[0].id}").focus()
    officer.page.keyboard.press("h")
    officer.page.get_by_text("1 belum tersimpan di pusat.").wait_for()
    Scanner(officer.page, pace=2, end="Tab", prefix="]Q1").scan(token_of(scanned, app))
    officer.page.get_by_text("2 belum tersimpan di pusat.").wait_for()
    Scanner(officer.page, pace=2).scan("0" * 34)
    officer.page.get_by_text("Yang dipindai tidak ada di daftar hari ini.").wait_for()
    look_at(officer, "arrivals-scanned")
    officer.page.goto(f"{officer.address}/meja/bantu")
    officer.page.get_by_role("heading", name="Tidak ada sambungan").wait_for()
    look_at(officer, "elsewhere")
    officer.page.goto(f"{officer.address}/meja/kedatangan")
    officer.page.locator(f"#baris-{booking.tickets[0].id}", has_text="luring, belum tersimpan").wait_for()
    cut(officer, False)
    officer.button("Keluar").wait_for()
    session.rollback()
    assert set(session.scalars(select(Visit.ticket_id))) == {booking.tickets[0].id, scanned.tickets[0].id}


def test_the_rules_are_the_same_on_either_side(desk: Callable[..., Visitor]) -> None:
    """The judge of the browser against that of the server, over every state, place, day and edge of an hour."""
    begin = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    end = begin + timedelta(hours=1)
    cases, expected = [], []
    for state, given in product(TicketState, (True, False)):
        for office in (1, 2):
            for day in (TUESDAY, TUESDAY + timedelta(days=1)):
                for early, late in ((30, 30), (0, 0), (1440, 15)):
                    edges = (begin - timedelta(minutes=early), end + timedelta(minutes=late))
                    for now in (edge + timedelta(milliseconds=by) for edge in edges for by in (-1, 0, 1)):
                        rules = ArrivalRules(early, late)
                        expected.append(
                            judge_arrival(
                                state=state,
                                ticket_office=office,
                                desk_office=1,
                                day=day,
                                starts_at=begin,
                                ends_at=end,
                                zone="Asia/Jakarta",
                                rules=rules,
                                given=given,
                                now=now,
                            ).value
                        )
                        today = (now + timedelta(hours=7)).date().isoformat()
                        cases.append(
                            {
                                "state": state.value,
                                "given": given,
                                "ticketOffice": office,
                                "deskOffice": 1,
                                "day": day.isoformat(),
                                "today": today,
                                "starts": ms(begin),
                                "ends": ms(end),
                                "early": early,
                                "late": late,
                                "now": ms(now),
                            }
                        )
    found = desk().page.evaluate(
        """async (cases) => {
            const script = document.querySelector('link[rel=modulepreload][href$="offline/judge.js"]').href;
            const { judgeArrival } = await import(script);
            return cases.map(judgeArrival);
        }""",
        json.loads(json.dumps(cases)),
    )
    assert found == expected


def ms(instant: datetime) -> float:
    return round(instant.timestamp() * 1000)
