"""The days and hours that a citizen can choose from, and why not the others."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.models import OfficeService, ServiceDay, Slot
from queue_app.services.calendar import closing
from queue_app.services.calendar.holidays import add_holiday
from queue_app.web.booking.offerings import days_of
from queue_app.web.public.calendar.choice import build_chooser
from tests.harness.factories import TESTER, make_offering, make_office, slots_of
from tests.harness.fakes import FixedClock
from tests.web.citizen import DETAILS, Citizen, slots_on, text_of
from tests.web.public.booking.family import FAMILY


def test_days_are_shown_with_their_reason_and_twelve_at_a_time(citizen: Citizen) -> None:
    citizen.give_details()
    first = citizen.days().text
    assert first.count('<li class="day-list__item') == 12
    assert "Senin, 23 November 2026 Pemesanan sudah ditutup" in text_of(first)  # today
    assert "Selasa, 24 November 2026 4 tempat" in text_of(first)
    assert "mulai=2026-12-09" in first
    later = citizen.days("?mulai=2026-12-09").text
    assert "Hari sebelumnya" in later
    assert "Hari terdekat yang masih ada tempat: Selasa, 24 November 2026 · 4 tempat" in text_of(later)
    last = citizen.days("?mulai=2026-12-28").text
    assert "Dibuka Sabtu, 28 November 2026 pukul 07.00" in last


@pytest.mark.parametrize("query", ["?hari=gestern", "?hari=9999-12-31", "?mulai=0001-01-01", "?hari=2026-11-23"])
def test_an_odd_day_in_the_address_is_harmless(citizen: Citizen, query: str) -> None:
    citizen.give_details()
    assert citizen.days(query).status_code == 200


def test_when_all_is_full_the_next_opening_and_other_offices_are_named(
    citizen: Citizen, session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    other = make_office(session, "gemolong")
    there = make_offering(session, other, offering.service, now=clock.now())
    session.execute(Slot.__table__.update().values(booked=Slot.capacity))
    session.commit()
    citizen.give_details()
    for page in (citizen.days().text, citizen.get("/sragen/ktp-rekam").text):
        assert "Semua tempat sudah terisi." in page
        assert "Tempat berikutnya dibuka Selasa, 24 November 2026 pukul 07.00 WIB." in text_of(page)
        assert 'href="/gemolong/ktp-rekam"' not in page  # full as well
    assert slots_on(citizen.choice().text) == {}
    slot = slots_of(session, there, date(2026, 11, 26))[0]
    slot.booked = 1
    session.commit()
    for path in ("/sragen/ktp-rekam", "/sragen/ktp-rekam/hari", "/sragen/ktp-rekam/pilih"):
        page = citizen.get(path).text
        assert 'href="/gemolong/ktp-rekam"' in page
        assert "Dispendukcapil Gemolong Kamis, 26 November 2026, 1 tempat" in text_of(page)
    citizen.give_details(**FAMILY)
    assert 'href="/gemolong/ktp-rekam"' not in citizen.days().text  # no room for three


def test_the_days_are_made_when_nobody_has_made_them_today(
    citizen: Citizen, session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    clock.advance(days=60)
    citizen.give_details()
    assert slots_on(citizen.choice().text)
    session.refresh(offering)
    assert offering.days_made_until is not None
    assert offering.days_made_until > clock.now().date() + timedelta(days=30)


def test_the_page_that_refused_can_be_reloaded_and_read_in_english(citizen: Citizen) -> None:
    citizen.give_details()
    slot_id = min(slots_on(citizen.choice().text))
    answer = citizen.get(f"/slots/{slot_id}/bookings?lang=en")
    assert answer.location == "/sragen/ktp-rekam/pilih?hari=2026-11-24"
    assert "Choose the hour on Tuesday, 24 November 2026" in citizen.get(answer.location).text
    assert citizen.get("/slots/999999/bookings").status_code == 404


def test_no_hours_stand_beside_a_list_of_days(citizen: Citizen, session: Session, offering: OfficeService) -> None:
    """Those of one day beside the days of another fortnight would be taken for theirs."""
    citizen.give_details()
    for query in ("", "?mulai=2026-12-09", "?mulai=2026-12-28"):
        page = citizen.days(query).text
        assert slots_on(page) == {}, query
        assert "Pilih hari" in page
    hours = citizen.days("?hari=2026-12-10&mulai=2026-11-24").text
    assert "Pilih jam pada Kamis, 10 Desember 2026" in text_of(hours)
    assert "day-list" not in hours
    assert set(slots_on(hours)) == {slot.id for slot in slots_of(session, offering, date(2026, 12, 10))}


def test_the_button_names_the_full_day_before_a_script_adds_the_hour(citizen: Citizen) -> None:
    citizen.give_details()
    page = citizen.choice("2026-12-07").text
    assert "Pesan Senin, 7 Desember 2026</button>" in page
    assert 'data-label="Senin, 7 Desember 2026 pukul 09.00"' in page
    assert 'data-text="Pesan {slot}"' in page


def test_a_day_that_filled_meanwhile_is_said_and_not_replaced(
    citizen: Citizen, session: Session, offering: OfficeService
) -> None:
    citizen.give_details()
    for slot in slots_of(session, offering, date(2026, 12, 8)):
        slot.booked = slot.capacity
    session.commit()
    page = citizen.days("?hari=2026-12-08").text
    assert "Selasa, 8 Desember 2026 baru saja penuh. Pilih hari lain." in text_of(page)
    assert slots_on(page) == {}
    assert "Selasa, 8 Desember 2026 Penuh" in text_of(page)  # on the page that is shown
    assert 'href="/sragen/ktp-rekam/pilih?hari=2026-12-08"' not in page


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-23", "Senin, 23 November 2026 tidak dapat dipilih (Pemesanan sudah ditutup)."),
        ("2026-12-28", "Senin, 28 Desember 2026 tidak dapat dipilih (Dibuka Sabtu, 28 November 2026 pukul 07.00)."),
        ("2026-11-29", "Minggu, 29 November 2026 tidak ada dalam daftar."),
        ("2026-11-25", "Rabu, 25 November 2026 tidak dapat dipilih (Tutup: Pelatihan petugas)."),
    ],
)
def test_why_a_wanted_day_is_no_choice(
    citizen: Citizen, session: Session, offering: OfficeService, clock: FixedClock, day: str, said: str
) -> None:
    closed = session.scalars(select(ServiceDay).where(ServiceDay.day == date(2026, 11, 25))).one()
    closing.close_day(session, closed.id, reason_id="Pelatihan petugas", reason_en="", actor=TESTER, now=clock.now())
    session.commit()
    citizen.give_details()
    assert f"{said} Pilih hari lain." in text_of(citizen.days(f"?hari={day}").text)


def test_a_holiday_of_the_office_alone_is_told_by_its_name(
    citizen: Citizen, session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    day, by = date(2026, 11, 25), {"reason": "Perda 5/2019", "actor": TESTER, "now": clock.now()}
    names = {"office_id": offering.office_id, "name_id": "Hari jadi kota", "name_en": "City day"}
    add_holiday(session, day, **names, **by, today=date(2026, 11, 23))
    session.commit()
    citizen.give_details()
    page = text_of(citizen.days("?hari=2026-11-25").text)
    assert "Rabu, 25 November 2026 tidak dapat dipilih (Libur: Hari jadi kota)." in page


def test_an_hour_that_no_longer_fits_a_family_is_said_too(
    citizen: Citizen, session: Session, offering: OfficeService
) -> None:
    citizen.give_details(**FAMILY)
    said = "Pada Selasa, 24 November 2026 tidak ada lagi jam yang cukup untuk 3 orang."
    assert said in text_of(citizen.days("?hari=2026-11-24").text)  # two places in each hour


def test_the_steps_are_counted(citizen: Citizen) -> None:
    assert "Langkah 1 dari 3" in citizen.get("/sragen/ktp-rekam/data").text
    citizen.give_details()
    assert "Langkah 2 dari 3" in citizen.days().text
    assert "Langkah 3 dari 3" in citizen.choice().text
    ticket = citizen.book()
    assert "Langkah 1 dari 2" in citizen.get(f"{ticket}/ubah").text
    assert "Langkah 2 dari 2" in citizen.get(f"{ticket}/ubah?hari=2026-11-25").text


def test_where_the_hour_is_changed_the_day_is_kept(citizen: Citizen) -> None:
    """Mending the details leads back to the hours of the same day."""
    citizen.give_details()
    page = citizen.choice("2026-11-26").text
    assert 'href="/sragen/ktp-rekam/data?hari=2026-11-26#name"' in page
    answer = citizen.post("/sragen/ktp-rekam/data?hari=2026-11-26", **{**DETAILS, "name": "Siti W"})
    assert answer.location == "/sragen/ktp-rekam/pilih?hari=2026-11-26"


def test_a_single_day_needs_no_choice(app: Flask, offering: OfficeService, clock: FixedClock) -> None:
    """As when only the hour can still be changed."""
    with app.test_request_context("/"):
        days = days_of(offering, now=clock.now())
        tuesday = next(day for day in days if day.day == date(2026, 11, 24))
        alone = build_chooser([tuesday], "Asia/Jakarta", lambda **_: "/")
        assert (alone.day, len(alone.slots)) == (tuesday.day, 2)
        assert build_chooser(days, "Asia/Jakarta", lambda **_: "/").day is None
