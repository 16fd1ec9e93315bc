"""What goes wrong on the way: a double click, a lost answer, a lost race, a second try."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.adapters.language import translations
from queue_app.models import Slot
from queue_app.queries.calendar.offices import offering_at
from tests.harness.factories import make_booking, slots_of
from tests.journeys.citizens_way import (
    SERVICE,
    Person,
    book,
    bookings,
    choose_day,
    choose_time,
    press_the_button,
    send_details,
    somebody,
    type_details,
)
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]
FIELDS = ("Nama lengkap", "NIK (Nomor Induk Kependudukan)", "Nomor HP")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_click_books_once(visitor: OpenBrowser, session: Session, scripts: bool) -> None:
    citizen = visitor(scripts=scripts)
    _comes_to_the_choice(citizen, somebody())
    citizen.page.locator("[data-button]").dblclick()
    citizen.page.wait_for_url("**/t/*")
    assert bookings(session) == 1


def test_an_answer_that_got_lost_is_not_a_second_booking(visitor: OpenBrowser, session: Session) -> None:
    """The server has stored it, the phone has not heard of it: pressing again leads to the same ticket."""
    citizen = visitor()
    _comes_to_the_choice(citizen, somebody())

    def lose_the_answer(route: Route) -> None:
        known = citizen.page.context.cookies()
        route.fetch(max_redirects=0)
        citizen.page.context.clear_cookies()
        citizen.page.context.add_cookies(known)  # those of the answer never came either
        route.abort()

    citizen.page.route("**/bookings", lose_the_answer)
    citizen.page.locator("[data-button]").click()
    citizen.page.wait_for_url("chrome-error://**")
    citizen.page.unroute("**/bookings")
    assert bookings(session) == 1
    citizen.page.go_back()
    citizen.page.locator("input[name=slot_id]:enabled").nth(1).check()
    press_the_button(citizen)
    assert bookings(session) == 1


def test_a_lost_race_keeps_everything_and_offers_the_nearest(
    visitor: OpenBrowser, session: Session, keyring: FileKeyring
) -> None:
    citizen, person = visitor(), somebody()
    _comes_to_the_choice(citizen, person)
    _fill_up(session, keyring, int(citizen.page.locator("input[name=slot_id]:checked").input_value()))
    citizen.page.locator("[data-button]").click()
    citizen.page.locator(".govuk-error-summary").wait_for()
    citizen.judge(refused=409)
    citizen.judge_refusal()
    expect(citizen.page.get_by_text(person.name)).to_be_visible()
    citizen.page.locator("#nearest").check()
    press_the_button(citizen)


def test_the_same_person_twice_is_led_on_to_ticket_code_and_office(visitor: OpenBrowser, session: Session) -> None:
    person = somebody()
    book(visitor(), person)
    citizen = visitor()
    _comes_to_the_choice(citizen, person)
    citizen.page.locator("[data-button]").click()
    citizen.page.locator(".govuk-error-summary").wait_for()
    citizen.judge(refused=409)
    citizen.page.locator(".govuk-error-summary").get_by_role("link").click()
    assert citizen.page.evaluate("document.activeElement.id") == "sudah-punya"
    for link, address in (
        ("Bukan saya yang memesan", "**/bukan-saya"),
        ("Tiket saya", "**/tiket-saya"),
        ("Kirim kode lagi lewat email", "**/kode-hilang"),
    ):
        citizen.link(link).first.click()
        citizen.page.wait_for_url(address)
        citizen.judge()
    citizen.field("NIK (Nomor Induk Kependudukan)").fill(person.nik)
    citizen.button("Kirim kode lagi").click()
    citizen.page.wait_for_url("**/kode-hilang/diminta")
    citizen.judge()
    assert bookings(session) == 1


def _comes_to_the_choice(citizen: Visitor, person: Person) -> None:
    citizen.open(f"{SERVICE}/data")
    type_details(citizen, person)
    send_details(citizen)
    choose_time(citizen)


def _fill_up(session: Session, keyring: FileKeyring, slot_id: int) -> None:
    """Others take the last places of the hour."""
    slot = session.get_one(Slot, slot_id)
    offering = offering_at(session, slot.office_id, slot.service_id)
    for _ in range(slot.capacity):
        make_booking(session, slot_id, keyring=keyring)
    session.commit()
    assert next(one for one in slots_of(session, offering, slot.day) if one.id == slot_id).booked == slot.capacity


@pytest.mark.parametrize("scripts", [True, False])
def test_the_language_link_keeps_what_was_typed(visitor: OpenBrowser, session: Session, scripts: bool) -> None:
    """Half a form, a refused one, and the pages of the choice; and the Enter key does not press it."""
    citizen, person = visitor(scripts=scripts), somebody()
    citizen.open(f"{SERVICE}/data")
    type_details(citizen, person)
    _read_in(citizen, "en")
    assert [citizen.field(label).input_value() for label in FIELDS] == [person.name, person.nik, person.phone]
    expect(citizen.page.locator(".govuk-error-summary")).to_have_count(0)
    citizen.judge()
    citizen.field("Nama lengkap").fill("")
    citizen.field("Nama lengkap").press("Enter")
    citizen.page.locator(".govuk-error-summary").wait_for()
    _read_in(citizen, "id")
    citizen.judge_refusal("name")
    expect(citizen.field("Nomor HP")).to_have_value(person.phone)
    citizen.field("Nama lengkap").fill(person.name)
    citizen.field("Nama lengkap").press("Enter")
    citizen.page.locator("a.day-list__day").first.wait_for()
    _read_in(citizen, "en")
    choose_day(citizen)
    day = citizen.page.locator("h1").inner_text()
    _read_in(citizen, "id")
    assert "pilih?hari=" in citizen.page.url
    _read_in(citizen, "en")
    expect(citizen.page.locator("h1")).to_have_text(day)
    citizen.page.locator("[data-button]").click()  # no hour was chosen: a page that can only be posted to
    citizen.page.locator(".govuk-error-summary").wait_for()
    citizen.judge(refused=422)
    _read_in(citizen, "id")
    expect(citizen.page.get_by_text(person.name)).to_be_visible()
    citizen.page.locator("input[name=slot_id]:enabled").first.check()
    press_the_button(citizen)
    assert bookings(session) == 1


def _read_in(citizen: Visitor, language: str) -> None:
    citizen.page.get_by_role("button", name="English" if language == "en" else "Bahasa Indonesia").click()
    citizen.page.locator(f"html[lang={language}]").wait_for()
    citizen.language, citizen.say = language, translations(language).gettext


def test_a_day_that_fills_while_somebody_hesitates_is_said(
    visitor: OpenBrowser, session: Session, keyring: FileKeyring
) -> None:
    citizen = visitor()
    _comes_to_the_choice(citizen, somebody())
    gone = citizen.page.locator("[data-gone]")
    expect(gone).to_be_hidden()
    wanted = citizen.page.locator("input[name=slot_id]")
    for value in [wanted.nth(place).input_value() for place in range(wanted.count())]:
        _fill_up(session, keyring, int(value))
    citizen.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as after a look elsewhere
    gone.wait_for()
    expect(gone).to_contain_text("baru saja penuh.")
    citizen.judge()
    citizen.page.locator("[data-button]").click()  # the chosen hour is still marked: the server has the last word
    citizen.page.locator(".govuk-error-summary").wait_for()
    expect(citizen.page.locator("main")).to_contain_text("baru saja penuh. Pilih hari lain.")
    citizen.judge(refused=409)
    citizen.link("Pilih hari lain").first.click()
    citizen.page.locator("a.day-list__day").first.wait_for()
