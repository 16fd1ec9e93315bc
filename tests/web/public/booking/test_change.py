"""Moving and cancelling."""

from datetime import date

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.models import Booking, OfficeService, OutboxMessage, Slot
from tests.harness.factories import make_applicant, make_booking, slots_of
from tests.harness.fakes import FixedClock
from tests.web.citizen import Citizen, slots_on, text_of

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)


def slot_at(session: Session, offering: OfficeService, day: date, index: int = 0) -> Slot:
    session.rollback()  # see what requests have committed since
    return slots_of(session, offering, day)[index]


def test_a_moved_booking_has_a_new_ticket_and_the_old_one_says_so(
    citizen: Citizen, session: Session, offering: OfficeService
) -> None:
    old = citizen.book()
    code = session.scalars(select(Booking.code)).one()
    page = citizen.get(f"{old}/ubah?hari=2026-11-25").text
    assert "Jadwal Anda sekarang:" in page
    answer = citizen.post(f"{old}/ubah", slot_id=min(slots_on(page)))
    assert answer.status_code == 303
    assert answer.location != old
    new = text_of(citizen.get(answer.location).text)
    assert "Jadwal sudah dipindah." in new
    assert "Rabu, 25 November 2026" in new
    assert f"{code[:4]}-{code[4:]}" in new
    told = citizen.get(old)
    assert "Tiket untuk Selasa, 24 November 2026 ini tidak berlaku lagi." in told.text
    assert f'href="{answer.location}"' in told.text
    assert told.headers["Offline-Copy"] == "drop"
    assert slot_at(session, offering, TUESDAY).booked == 0
    assert slot_at(session, offering, WEDNESDAY).booked == 1
    kinds = session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert kinds == ["confirmation", "rescheduled"]


def test_the_present_hour_is_shown_and_is_no_hour_to_move_to(
    citizen: Citizen, session: Session, offering: OfficeService
) -> None:
    ticket = citizen.book()
    present, other = slots_of(session, offering, TUESDAY)
    page = citizen.get(f"{ticket}/ubah?hari=2026-11-24").text
    assert slots_on(page) == {present.id: False, other.id: True}
    assert text_of(page).count("jadwal Anda sekarang") == 1
    assert "jadwal Anda sekarang" not in citizen.get(f"{ticket}/ubah?hari=2026-11-25").text


def test_a_day_with_nothing_but_the_present_hour_is_no_day_to_move_to(
    citizen: Citizen, session: Session, offering: OfficeService, keyring: FileKeyring
) -> None:
    ticket = citizen.book()
    for _ in range(2):
        make_booking(session, slot_at(session, offering, TUESDAY, 1).id, keyring=keyring)
        session.commit()
    assert "hari=2026-11-24" not in citizen.get(f"{ticket}/ubah").text


def test_a_calendar_that_has_the_appointment_moves_it(
    citizen: Citizen, session: Session, offering: OfficeService
) -> None:
    old = citizen.book()
    (before,) = Calendar.from_ical(citizen.get(f"{old}/kalender.ics").data).events
    new = citizen.post(f"{old}/ubah", slot_id=slot_at(session, offering, WEDNESDAY).id).location
    (after,) = Calendar.from_ical(citizen.get(f"{new}/kalender.ics").data).events
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)


def test_a_second_click_on_move_changes_nothing_more(
    citizen: Citizen, session: Session, offering: OfficeService
) -> None:
    old = citizen.book()
    slot_id = slot_at(session, offering, WEDNESDAY).id
    first = citizen.post(f"{old}/ubah", slot_id=slot_id)
    second = citizen.post(f"{old}/ubah", slot_id=slot_id)
    assert first.location == second.location
    assert slot_at(session, offering, WEDNESDAY).booked == 1


def test_a_lost_place_keeps_the_old_one_and_offers_others(
    citizen: Citizen, session: Session, offering: OfficeService, keyring: FileKeyring
) -> None:
    ticket = citizen.book()
    wanted = slot_at(session, offering, WEDNESDAY)
    for _ in range(2):
        make_booking(session, wanted.id, keyring=keyring)
    session.commit()
    answer = citizen.post(f"{ticket}/ubah", slot_id=wanted.id)
    assert answer.status_code == 409
    assert "<title>Kesalahan:" in answer.text
    assert "Waktu terdekat yang masih kosong" in answer.text
    assert slot_at(session, offering, TUESDAY).booked == 1
    assert "Tunjukkan kode QR" in citizen.get(ticket).text


def test_without_a_chosen_hour_the_page_asks_for_one(citizen: Citizen) -> None:
    ticket = citizen.book()
    answer = citizen.post(f"{ticket}/ubah", hari="2026-11-25")
    assert answer.status_code == 422
    assert text_of(answer.text).count("Pilih dulu jam kedatangan Anda.") == 2
    assert "Pilih jam pada Rabu, 25 November 2026" in answer.text
    assert f'{ticket}/ubah?hari=2026-11-25&amp;lang=en"' in answer.text
    without_day = citizen.post(f"{ticket}/ubah")
    assert without_day.status_code == 422
    assert "Pilih hari baru" in without_day.text


@pytest.mark.parametrize("slot_id", ["0", "x", "99999999999999", "999999"])
def test_a_slot_that_does_not_exist_is_refused(citizen: Citizen, slot_id: str) -> None:
    assert citizen.post(f"{citizen.book()}/ubah", slot_id=slot_id).status_code in {404, 422}


def test_a_family_moves_together_and_only_where_all_fit(
    citizen: Citizen, session: Session, offering: OfficeService, keyring: FileKeyring
) -> None:
    here, narrow, wide = (
        slot_at(session, offering, *place).id for place in ((TUESDAY, 0), (WEDNESDAY, 0), (WEDNESDAY, 1))
    )
    booking = make_booking(session, here, make_applicant(), make_applicant(), keyring=keyring)
    make_booking(session, narrow, keyring=keyring)
    session.commit()
    ticket = f"/t/{keyring.ticket_token(booking.tickets[0].id)}"
    page = citizen.get(f"{ticket}/ubah?hari=2026-11-25").text
    assert "hanya 1 tempat" in page
    assert slots_on(page) == {narrow: False, wide: True}
    new = citizen.post(f"{ticket}/ubah", slot_id=wide).location
    assert citizen.get(new).text.count('class="ticket ticket--person"') == 2


def test_cancelling_asks_first_and_gives_the_place_back(
    citizen: Citizen, session: Session, offering: OfficeService
) -> None:
    ticket = citizen.book()
    question = citizen.get(f"{ticket}/batal").text
    assert "Batalkan tiket?" in question
    assert slot_at(session, offering, TUESDAY).booked == 1
    answer = citizen.post(f"{ticket}/batal")
    assert (answer.status_code, answer.location) == (303, ticket)
    assert slot_at(session, offering, TUESDAY).booked == 0
    assert citizen.post(f"{ticket}/batal").location == ticket  # once more does no harm
    assert slot_at(session, offering, TUESDAY).booked == 0


def test_after_the_cut_off_another_hour_can_be_had_and_no_other_day(
    citizen: Citizen, session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    ticket = citizen.book()
    clock.advance(hours=9)  # booking of Tuesday has closed as well
    page = citizen.get(f"{ticket}/ubah").text
    assert "Pindah ke hari lain sudah ditutup Senin, 23 November 2026 pukul 12.00 WIB" in text_of(page)
    assert "2026-11-25" not in page
    other_day = citizen.post(f"{ticket}/ubah", slot_id=slot_at(session, offering, WEDNESDAY).id)
    assert other_day.status_code == 409
    assert "Senin, 23 November 2026 pukul 12.00 WIB" in text_of(other_day.text)
    other_hour = slot_at(session, offering, TUESDAY, 1)
    assert slots_on(page)[other_hour.id] is True
    assert citizen.post(f"{ticket}/ubah", slot_id=other_hour.id).status_code == 303
    assert slot_at(session, offering, TUESDAY, 1).booked == 1


@pytest.mark.parametrize("path", ["ubah", "batal"])
def test_once_the_hour_has_begun_neither_is_possible_and_that_is_said(
    citizen: Citizen, session: Session, offering: OfficeService, clock: FixedClock, path: str
) -> None:
    ticket = citizen.book()
    clock.advance(hours=23)
    assert citizen.get(f"{ticket}/{path}").location == ticket
    assert citizen.post(f"{ticket}/{path}", slot_id=1).location == ticket
    page = text_of(citizen.get(ticket).text)
    assert "sampai Selasa, 24 November 2026 pukul 08.00 WIB" in page
    assert slot_at(session, offering, TUESDAY).booked == 1


@pytest.mark.parametrize("path", ["ubah", "batal"])
def test_an_old_tab_is_told_that_the_ticket_was_moved_meanwhile(
    citizen: Citizen, session: Session, offering: OfficeService, path: str
) -> None:
    old = citizen.book()
    new = citizen.post(f"{old}/ubah", slot_id=slot_at(session, offering, WEDNESDAY).id).location
    assert "Jadwal sudah dipindah." in text_of(citizen.get(new).text)
    answer = citizen.post(f"{old}/{path}", slot_id=slot_at(session, offering, TUESDAY, 1).id)
    assert answer.location == new
    assert "Tidak ada yang diubah atau dibatalkan." in text_of(citizen.get(new).text)
    assert slot_at(session, offering, WEDNESDAY).booked == 1


def test_without_the_pages_own_proof_nothing_changes(
    citizen: Citizen, session: Session, offering: OfficeService
) -> None:
    ticket = citizen.book()
    for path in ("/ubah", "/batal"):
        assert citizen.client.post(ticket + path, data={"slot_id": "1"}).status_code == 400
    assert citizen.client.post("/bookings").status_code == 400
    assert slot_at(session, offering, TUESDAY).booked == 1
