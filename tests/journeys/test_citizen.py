"""A citizen books, moves, finds and cancels: on a phone and at a desk, in both languages, with or without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.models import Slot, Ticket
from tests.journeys.citizens_way import (
    PHONE,
    SERVICE,
    SERVICE_NAME,
    Person,
    book,
    bookings,
    choose_day,
    choose_time,
    code_on,
    number_on,
    press_the_button,
    send_details,
    somebody,
    type_details,
)
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow
CALENDAR_STAYS = (
    "Kalau tiket ini Anda simpan di kalender HP, hapus sendiri dari kalender: "
    "pengingatnya tidak berhenti dengan sendirinya."
)

OpenBrowser = Callable[..., Visitor]
NINE = {"id": "pukul 09.00", "en": "at 09:00"}


@pytest.mark.parametrize(
    "browser_options",
    [
        {"width": 360, "language": "id"},
        {"width": 1280, "language": "en"},
        {"width": 360, "language": "en"},
        {"width": 1280, "language": "id"},
        {"width": 360, "language": "id", "scripts": False},
        {"width": 360, "language": "en", "scripts": False},
    ],
    ids=["phone-id", "desktop-en", "phone-en", "desktop-id", "without-scripts-id", "without-scripts-en"],
)
def test_the_whole_way(visitor: OpenBrowser, session: Session, browser_options: dict[str, Any]) -> None:
    citizen, person = visitor(**browser_options), somebody()
    _reads_what_is_needed(citizen)
    _types_details_with_a_mistake(citizen, person)
    _books(citizen)
    number, code, address = number_on(citizen), code_on(citizen), citizen.page.url
    citizen.page.reload()
    assert (number_on(citizen), bookings(session)) == (number, 1)
    _finds_the_ticket(citizen, code)
    assert citizen.page.url.partition("#")[0] == address
    _moves(citizen)
    assert (number_on(citizen) != number, code_on(citizen), bookings(session)) == (True, code, 1)
    _opens_the_old_ticket(citizen, address)
    _cancels(citizen)
    session.rollback()
    states = session.scalars(select(Ticket.state).order_by(Ticket.id)).all()
    assert states == [TicketState.RESCHEDULED, TicketState.CANCELLED]
    assert session.scalars(select(Slot.booked).where(Slot.booked > 0)).all() == []


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True, ids=["postgresql"]
)
def test_the_short_way_on_postgresql(visitor: OpenBrowser, session: Session) -> None:
    citizen = visitor()
    book(citizen)
    citizen.link("Pindah jadwal").click()
    choose_time(citizen, day=2)
    press_the_button(citizen)
    citizen.link("batalkan").click()
    citizen.button("Ya, batalkan").click()
    assert citizen.reads(CALENDAR_STAYS)
    assert bookings(session) == 1


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_pages_beside_the_way(visitor: OpenBrowser, language: str) -> None:
    citizen = visitor(language=language)
    for path in ("/gemolong", "/bantuan", "/privasi", f"{SERVICE}/sudah-rekam", "/no-such-page"):
        citizen.open(path)
        citizen.judge(refused=404 if path == "/no-such-page" else None)


def test_by_keyboard_alone(visitor: OpenBrowser, session: Session) -> None:
    citizen, person = visitor(), somebody()
    keyboard = citizen.page.keyboard
    citizen.open("/")
    citizen.tab_to(citizen.link("Langsung ke isi halaman"))
    keyboard.press("Enter")
    citizen.tab_to(citizen.link(SERVICE_NAME["id"]))
    keyboard.press("Enter")
    citizen.page.wait_for_url(f"**{SERVICE}")
    citizen.tab_to(citizen.button("Belum pernah, lanjutkan"))
    keyboard.press("Enter")
    citizen.tab_to(citizen.field("Nama lengkap"))
    for value in (person.name, person.nik):
        keyboard.type(value)
        keyboard.press("Tab")
    citizen.tab_to(citizen.field("Nomor HP"))
    keyboard.type(person.phone)
    citizen.tab_to(citizen.button("Lanjut pilih hari"))
    keyboard.press("Enter")
    citizen.tab_to(citizen.page.locator("a.day-list__day").nth(2))
    keyboard.press("Enter")
    citizen.page.wait_for_url("**hari=*")
    citizen.tab_to(citizen.page.locator("input[name=slot_id]:enabled").first)
    keyboard.press("Space")
    keyboard.press("ArrowDown")
    citizen.tab_to(citizen.page.locator("[data-button]"))
    keyboard.press("Enter")
    citizen.page.wait_for_url("**/t/*")
    assert bookings(session) == 1
    citizen.tab_to(citizen.link("batalkan"))
    keyboard.press("Enter")
    citizen.tab_to(citizen.button("Ya, batalkan"))
    keyboard.press("Space")
    citizen.page.get_by_text(CALENDAR_STAYS).wait_for()


def _reads_what_is_needed(citizen: Visitor) -> None:
    citizen.open("/")
    citizen.judge()
    citizen.link(SERVICE_NAME[citizen.language]).click()
    assert citizen.reads("Yang perlu dibawa")
    assert citizen.reads("GRATIS")
    citizen.judge()
    citizen.button("Sudah pernah").click()
    assert citizen.reads("Anda tidak perlu rekam lagi")
    citizen.judge()
    citizen.link("Kembali").click()
    citizen.button("Belum pernah, lanjutkan").click()
    citizen.page.wait_for_url("**/data")


def _types_details_with_a_mistake(citizen: Visitor, person: Person) -> None:
    citizen.judge()
    send_details(citizen)  # nothing typed: every field has its complaint
    citizen.page.locator(".govuk-error-summary").wait_for()
    expect(citizen.page.locator(".govuk-error-summary a")).to_have_count(3)
    citizen.judge(refused=422)
    wrong = Person(nik=person.nik[:-1], email="siti@contoh.id")
    type_details(citizen, wrong)
    send_details(citizen)
    citizen.page.locator(".govuk-error-summary").wait_for()
    citizen.judge_refusal("nik")
    citizen.judge(refused=422)
    labels = ("Nama lengkap", "NIK (Nomor Induk Kependudukan)", "Nomor HP", "Email (tidak wajib)")
    typed = [citizen.field(label).input_value() for label in labels]
    assert typed == [wrong.name, wrong.nik, wrong.phone, wrong.email]
    type_details(citizen, person)
    send_details(citizen)
    citizen.page.wait_for_url("**/pilih*")


def _books(citizen: Visitor) -> None:
    citizen.judge()
    choose_day(citizen, 1)
    day = citizen.page.locator("[data-button]").inner_text()
    citizen.judge()
    citizen.page.locator("[data-button]").click()  # nothing chosen
    citizen.page.locator(".govuk-error-summary").wait_for()
    citizen.judge_refusal("slot_id")
    citizen.judge(refused=422)
    citizen.page.locator("input[name=slot_id]:enabled").nth(1).check()
    named = citizen.page.locator("[data-button]").inner_text()
    assert named == (f"{day} {NINE[citizen.language]}" if citizen.scripts else day)
    citizen.judge()
    press_the_button(citizen)
    expect(citizen.page.locator(".ticket__qr svg")).to_be_visible()
    citizen.judge()


def _finds_the_ticket(citizen: Visitor, code: str) -> None:
    citizen.open("/")
    citizen.link("Sudah punya tiket?").click()
    citizen.judge()
    citizen.field("Kode pemesanan").fill(code)
    citizen.field("Nomor HP").fill("0812 0000 0000")
    citizen.button("Buka tiket").click()
    citizen.page.locator(".govuk-error-summary").wait_for()
    citizen.judge_refusal("code")
    citizen.judge(refused=422)
    citizen.field("Kode pemesanan").fill(f" {code.lower().replace('-', ' ')}")
    citizen.field("Nomor HP").fill(PHONE.replace("0", "+62", 1))
    citizen.button("Buka tiket").click()
    citizen.page.wait_for_url("**/t/*")


def _moves(citizen: Visitor) -> None:
    citizen.link("Pindah jadwal").click()
    citizen.judge()
    choose_time(citizen, day=3, hour=2)
    press_the_button(citizen)
    assert citizen.reads("Jadwal sudah dipindah. Pakai tiket ini; tiket yang lama tidak berlaku lagi.")
    citizen.judge()


def _opens_the_old_ticket(citizen: Visitor, address: str) -> None:
    citizen.page.goto(address)
    assert citizen.reads("Buka tiket yang berlaku")
    expect(citizen.page.locator(".ticket__qr")).to_have_count(0)
    citizen.judge()
    citizen.button("Buka tiket yang berlaku").click()
    citizen.page.locator(".ticket__qr svg").wait_for()


def _cancels(citizen: Visitor) -> None:
    citizen.link("batalkan").click()
    citizen.judge()
    citizen.button("Ya, batalkan").click()
    assert citizen.reads(CALENDAR_STAYS)
    expect(citizen.page.locator(".ticket__qr")).to_have_count(0)
    citizen.judge()
