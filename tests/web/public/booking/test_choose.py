"""Booking: the whole way, every refusal, and that nothing is booked twice."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.keyring import bound_to
from queue_app.models import Booking, OfficeService, OutboxMessage, ServiceDay, Slot, Ticket
from queue_app.services.calendar import closing
from queue_app.web.booking.recent_days import RECENT_DAYS
from tests.harness.factories import TESTER, make_booking, slots_of
from tests.harness.fakes import FixedClock
from tests.harness.hidden_texts import unseen
from tests.web.citizen import NIK, PHONE, Citizen, hidden, slots_on, text_of

TUESDAY = date(2026, 11, 24)


def bookings(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Booking)) or 0


def test_from_details_to_ticket(citizen: Citizen, session: Session, keyring: FileKeyring) -> None:
    answer = citizen.give_details()
    assert (answer.status_code, answer.location) == (303, "/sragen/ktp-rekam/pilih")
    choice = citizen.choice()
    assert "Siti Wahyuni" in choice.text
    assert {"Ubah nama", "Ubah NIK", "Ubah nomor HP"} <= set(unseen(choice))
    assert "3314 9917 0305 0001" in text_of(choice.text)
    assert NIK not in choice.text
    assert PHONE not in choice.text
    ticket = citizen.claim(min(slots_on(choice.text)))
    assert ticket.status_code == 303
    page = text_of(citizen.get(ticket.location).text)
    for said in (
        "Atas nama",
        "A-001",
        "Selasa, 24 November 2026",
        "pukul 08.00–09.00 WIB",
        "Fotokopi KK",
        "S. W.",
        "GRATIS",
    ):
        assert said in page
    stored = session.scalars(select(Booking)).one()
    assert keyring.open(stored.phone or b"", bound_to=bound_to(stored.code, "phone")) == f"+62{PHONE}"
    assert keyring.open(stored.email or b"", bound_to=bound_to(stored.code, "email")) == "siti@contoh.id"
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 1


def test_the_ticket_is_confirmed_once_and_that_is_not_kept(citizen: Citizen) -> None:
    path = citizen.book()
    assert "?" not in path
    first, later = citizen.get(path), citizen.get(path)
    assert "Tempat Anda sudah dipesan." in first.text
    assert "Tempat Anda sudah dipesan." not in later.text
    # The copy for the time without a network is made of the page that does not say it.
    assert (first.headers["Offline-Copy"], "data-later" in first.text) == ("later", True)
    assert (later.headers["Offline-Copy"], "data-later" in later.text) == ("keep", False)


def test_without_a_chosen_hour_the_choice_asks_for_one(citizen: Citizen, session: Session) -> None:
    citizen.give_details()
    answer = citizen.claim(None)
    assert answer.status_code == 422
    assert "<title>Kesalahan: Pilih jam pada Selasa, 24 November 2026" in answer.text
    assert text_of(answer.text).count("Pilih dulu jam kedatangan Anda.") == 2
    assert 'id="slot_id"' in answer.text
    assert bookings(session) == 0


def test_a_lost_race_keeps_everything_and_offers_the_nearest_hours(
    citizen: Citizen, session: Session, offering: OfficeService, keyring: FileKeyring
) -> None:
    citizen.give_details()
    page = citizen.choice().text
    wanted = min(slots_on(page))
    for _ in range(2):
        make_booking(session, wanted, keyring=keyring)
    session.commit()
    answer = citizen.claim(wanted, page=page, in_address=True)
    assert answer.status_code == 409
    assert "<title>Kesalahan:" in answer.text
    assert "baru saja terisi" in answer.text
    assert "Waktu terdekat yang masih kosong" in answer.text
    assert "Selasa, 24 November 2026, 09.00–10.00" in answer.text
    assert 'href="#nearest"' in answer.text
    assert "Siti Wahyuni" in answer.text
    offered = next(slot for slot, free in slots_on(answer.text).items() if free)
    assert wanted not in slots_on(answer.text)
    assert citizen.claim(offered, page=answer.text).status_code == 303


def test_a_refusal_looks_again_and_never_offers_the_hour_that_was_just_lost(
    citizen: Citizen, app: Flask, session: Session, keyring: FileKeyring
) -> None:
    """The pages before it may be a second old, as long as thousands look at them at once."""
    app.extensions[RECENT_DAYS].now = lambda: 1000.0
    citizen.give_details()
    page = citizen.choice().text
    wanted = min(slots_on(page))
    for _ in range(2):
        make_booking(session, wanted, keyring=keyring)
    session.commit()
    assert slots_on(citizen.choice().text)[wanted]
    answer = citizen.claim(wanted, page=page)
    assert answer.status_code == 409
    assert slots_on(answer.text)
    assert wanted not in slots_on(answer.text)


def test_after_the_cut_off_another_day_is_offered(citizen: Citizen, clock: FixedClock) -> None:
    clock.advance(hours=6, minutes=40)
    citizen.give_details()
    page = citizen.choice().text
    clock.advance(minutes=21)
    answer = citizen.claim(min(slots_on(page)), page=page)
    assert answer.status_code == 409
    assert "ditutup Senin, 23 November 2026 pukul 16.00 WIB" in text_of(answer.text)
    assert "Rabu, 25 November 2026, 08.00–09.00" in answer.text


def test_a_day_closed_meanwhile_is_refused_and_shown_with_its_reason(
    citizen: Citizen, session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    citizen.give_details()
    page = citizen.choice().text
    day = session.scalars(select(ServiceDay).where(ServiceDay.day == TUESDAY)).one()
    closing.close_day(
        session, day.id, reason_id="Pelatihan petugas", reason_en="Training", actor=TESTER, now=clock.now()
    )
    session.commit()
    answer = citizen.claim(min(slots_on(page)), page=page)
    assert answer.status_code == 409
    assert "Tidak ada pelayanan pada hari itu." in answer.text
    assert "Tutup: Pelatihan petugas" in answer.text


def test_a_day_not_open_yet_is_refused_with_its_opening(
    citizen: Citizen, session: Session, offering: OfficeService
) -> None:
    citizen.give_details()
    later = slots_of(session, offering, date(2026, 12, 28))[0]
    answer = citizen.claim(later.id)
    assert answer.status_code == 409
    assert "baru dibuka Sabtu, 28 November 2026 pukul 07.00 WIB" in answer.text


def test_a_person_books_once_and_learns_nothing_of_the_other_booking(citizen: Citizen, session: Session) -> None:
    ticket = citizen.book()
    code = text_of(citizen.get(ticket).text).split("Kode pemesanan ")[1].split()[0]
    stranger = Citizen(citizen.client)
    stranger.give_details(name="Orang Lain", phone="0813 1111 2222")
    page = stranger.choice().text
    answer = stranger.claim(max(slots_on(page)), page=page)
    assert answer.status_code == 409
    assert "sudah punya tiket yang masih berlaku" in answer.text
    assert 'href="/tiket-saya"' in answer.text
    for secret in (code, ticket, "Siti", "A-001"):
        assert secret not in answer.text
    assert bookings(session) == 1


def test_a_double_click_a_reload_and_a_lost_answer_book_once(citizen: Citizen, session: Session) -> None:
    citizen.give_details()
    page = citizen.choice().text
    slot_id = min(slots_on(page))
    form = {"offering": hidden(page, "offering"), "request_key": hidden(page, "request_key"), "slot_id": slot_id}
    cookies = dict(citizen.client._cookies)
    first = citizen.post("/bookings", **form)
    citizen.client._cookies.update(cookies)
    second = citizen.post(f"/slots/{slot_id}/bookings", **form)
    third = citizen.post("/bookings", **form)  # now with the cookie gone
    assert first.location == second.location == third.location
    assert first.location.startswith("/t/")
    assert bookings(session) == 1
    assert session.scalars(select(Slot.booked).where(Slot.id == slot_id)).one() == 1


def test_details_changed_in_another_window_are_shown_before_anything_is_booked(
    citizen: Citizen, session: Session
) -> None:
    citizen.give_details()
    page = citizen.choice().text
    citizen.give_details(name="Agus Santoso", nik="3314991703050002")
    answer = citizen.claim(min(slots_on(page)), page=page)
    assert answer.location == "/sragen/ktp-rekam/pilih?hari=2026-11-24"
    assert bookings(session) == 0
    shown = citizen.get(answer.location).text
    assert "berubah di jendela lain" in shown
    assert "Agus Santoso" in shown


def test_cancelling_and_booking_again_is_a_new_booking(citizen: Citizen, session: Session) -> None:
    ticket = citizen.book()
    assert citizen.post(f"{ticket}/batal").status_code == 303
    assert citizen.book() != ticket
    assert bookings(session) == 2


@pytest.mark.parametrize(
    "values", [{}, {"offering": "x"}, {"offering": "999"}, {"offering": "1", "request_key": "a b"}]
)
def test_what_our_page_never_sends_is_not_found(citizen: Citizen, values: dict[str, str]) -> None:
    assert citizen.post("/bookings", **values).status_code in {303, 404}
    assert citizen.post("/slots/1/bookings", **values).status_code in {303, 404}


def test_the_language_of_the_booking_is_the_readers(citizen: Citizen, session: Session) -> None:
    citizen.get("/?lang=en")
    ticket = citizen.book()
    assert "Tuesday, 24 November 2026" in citizen.get(ticket).text
    assert session.scalars(select(Booking.language)).one() == "en"
    assert session.scalars(select(Ticket.queue_number)).one() == 1
