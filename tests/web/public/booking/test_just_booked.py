"""Back after booking: the ticket, for half an hour and while it stands; and the details while they are looked at."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.models import Booking, OfficeService
from tests.harness.fakes import FixedClock
from tests.web.citizen import DETAILS, NIK, PHONE, Citizen, hidden, slots_on, text_of

FORM, DAYS = "/sragen/ktp-rekam/data", "/sragen/ktp-rekam/pilih"


def bookings(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Booking)) or 0


@pytest.mark.parametrize("path", [FORM, DAYS, f"{DAYS}?hari=2026-11-24"])
def test_going_back_leads_to_the_ticket(citizen: Citizen, path: str) -> None:
    ticket = citizen.book()
    page = citizen.get(path)
    assert page.status_code == 200
    assert "Anda baru memesan" in page.text
    assert "Selasa, 24 November 2026 pukul 08.00–09.00 WIB" in text_of(page.text)
    assert f'href="{ticket}"' in page.text
    assert "Buka tiket A-001" in page.text
    assert "30 menit" not in page.text
    for secret in (DETAILS["name"], NIK, PHONE, "0001"):
        assert secret not in page.text
    other = text_of(citizen.get(f"{FORM}?baru=1").text)
    assert "Siapa yang akan datang?" in other


def test_it_leads_to_the_ticket_that_the_booking_was_moved_to(citizen: Citizen) -> None:
    ticket = citizen.book()
    later = max(slots_on(citizen.get(f"{ticket}/ubah?hari=2026-11-25").text))
    moved = citizen.post(f"{ticket}/ubah", slot_id=later).location
    page = citizen.get(FORM).text
    assert f'href="{moved}"' in page
    assert "Rabu, 25 November 2026 pukul 09.00" in text_of(page)


def test_it_says_nothing_of_a_ticket_that_was_cancelled(citizen: Citizen) -> None:
    ticket = citizen.book()
    citizen.post(f"{ticket}/batal")
    assert "Anda baru memesan" not in citizen.get(FORM).text


def test_it_says_nothing_to_whoever_has_the_telephone_later(citizen: Citizen, clock: FixedClock) -> None:
    ticket = citizen.book()
    clock.advance(minutes=31)
    page = citizen.get(FORM).text
    assert "Siapa yang akan datang?" in page
    assert ticket not in page
    assert citizen.get(DAYS).location == FORM
    assert "Sudah memesan? Buka “Tiket saya”." in citizen.get(FORM).text


def test_somebody_elses_cookie_or_an_altered_one_says_nothing(citizen: Citizen) -> None:
    citizen.book()
    (cookie,) = [one for one in citizen.client._cookies.values() if one.key.startswith("booked-")]  # type: ignore[union-attr]
    assert (cookie.path, cookie.http_only, cookie.max_age) == ("/sragen/ktp-rekam", True, 1800)
    for value in ("", "x", "AAAA", cookie.value[:-4], f"B{cookie.value[1:]}"):
        citizen.client.set_cookie(cookie.key, value, path=cookie.path)
        assert "Anda baru memesan" not in citizen.get(FORM).text


def test_who_looks_at_the_days_keeps_the_details_for_another_half_hour(citizen: Citizen, clock: FixedClock) -> None:
    citizen.give_details()
    for _ in range(3):
        clock.advance(minutes=25)
        assert citizen.days().status_code == 200


def test_a_page_that_was_left_open_still_books_what_it_shows(
    citizen: Citizen, session: Session, clock: FixedClock
) -> None:
    citizen.give_details()
    page = citizen.choice("2026-11-25").text
    clock.advance(hours=2)
    assert citizen.days().location == FORM  # the cookie has gone
    answer = citizen.claim(min(slots_on(page)), page=page)
    assert (answer.status_code, answer.location[:3]) == (303, "/t/")
    again = citizen.claim(min(slots_on(page)), page=page)
    assert (again.location, bookings(session)) == (answer.location, 1)


def test_what_a_page_carries_is_sealed_for_its_service_and_not_for_ever(
    citizen: Citizen, session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    citizen.give_details()
    page = citizen.choice("2026-11-26").text
    for secret in (DETAILS["name"], NIK, PHONE):
        assert secret not in hidden(page, "details")
    clock.advance(minutes=31)
    for changed in ("", "AAAA", hidden(page, "details")[:-8]):
        bent = page.replace(hidden(page, "details"), changed or "x")
        assert citizen.claim(min(slots_on(page)), page=bent).location == FORM
    clock.advance(hours=4)
    assert citizen.claim(min(slots_on(page)), page=page).location == FORM
    assert bookings(session) == 0


class TestTheOtherLanguage:
    """The language link of a page with a form is a button of it."""

    def test_keeps_what_is_half_typed_and_complains_of_nothing(self, citizen: Citizen) -> None:
        typed = {"name": "Siti", "nik": "33149", "phone": ""}
        answer = citizen.post(FORM, lang="en", **typed)
        assert "Who will come?" in answer.text
        assert [hidden(answer.text, name) for name in typed] == list(typed.values())
        assert "govuk-error" not in answer.text
        assert "Who will come?" in citizen.get(FORM).text  # and it is remembered

    def test_keeps_a_refused_page_with_its_complaints(self, citizen: Citizen) -> None:
        refused = citizen.give_details(nik="33149").text
        assert hidden(refused, "refused") == "1"
        answer = citizen.post(FORM, lang="en", refused="1", **{**DETAILS, "nik": "33149"})
        assert "<title>Error: Your details" in answer.text
        assert hidden(answer.text, "name") == DETAILS["name"]

    def test_keeps_the_details_on_the_pages_of_the_choice_also_after_half_an_hour(
        self, citizen: Citizen, clock: FixedClock
    ) -> None:
        citizen.give_details()
        days, hours = citizen.days().text, citizen.choice("2026-11-25").text
        for page, language, there in ((days, "en", DAYS), (hours, "id", f"{DAYS}?hari=2026-11-25")):
            assert 'form="choice" formaction="/sragen/ktp-rekam/pilih"' in page
            clock.advance(minutes=45)
            day = {"hari": "2026-11-25"} if page is hours else {}
            answer = citizen.post(DAYS, lang=language, details=hidden(page, "details"), **day)
            assert answer.location == there
            shown = citizen.get(answer.location).text
            assert f'<html lang="{language}"' in shown
        assert DETAILS["name"] in shown

    def test_keeps_them_after_a_lost_race(self, citizen: Citizen, session: Session) -> None:
        citizen.give_details()
        answer = citizen.claim(None)
        assert answer.status_code == 422
        assert 'form="choice" formaction="/sragen/ktp-rekam/pilih"' in answer.text
        there = citizen.post(DAYS, lang="en", details=hidden(answer.text, "details"), hari="2026-11-24").location
        assert "Choose the hour on Tuesday, 24 November 2026" in citizen.get(there).text

    def test_keeps_what_was_typed_to_find_a_ticket_and_looks_for_none(self, citizen: Citizen) -> None:
        ticket = citizen.book()
        code = text_of(citizen.get(ticket).text).split("Kode pemesanan ")[1].split()[0]
        answer = citizen.post("/tiket-saya", lang="en", code=code, phone=DETAILS["phone"])
        assert (answer.status_code, hidden(answer.text, "code")) == (200, code)
        assert hidden(answer.text, "phone") == DETAILS["phone"]
        assert "Open your ticket" in answer.text
        assert "govuk-error" not in answer.text
        refused = citizen.post("/tiket-saya", lang="id", refused="1", code="", phone="")
        assert "Tulis kode pemesanan Anda." in refused.text

    def test_a_language_that_there_is_not_is_an_ordinary_press(self, citizen: Citizen) -> None:
        assert citizen.give_details(lang="xx").status_code == 303

    def test_without_details_it_asks_for_them(self, citizen: Citizen) -> None:
        assert citizen.post(DAYS, lang="en").location == FORM
        assert citizen.post(DAYS, lang="en", hari="gestern").status_code == 404
