"""The days and hours that a citizen can choose from, and why not the others."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.models import OfficeService, Slot
from tests.harness.factories import make_offering, make_office
from tests.harness.fakes import FixedClock
from tests.web.citizen import Citizen, slots_on, text_of


def test_days_are_shown_with_their_reason_and_twelve_at_a_time(citizen: Citizen) -> None:
    citizen.give_details()
    first = citizen.choice().text
    assert first.count('<li class="day-card') == 12
    assert "Pendaftaran sudah ditutup" in first  # today
    assert "mulai=2026-12-09" in first
    later = citizen.choice("?mulai=2026-12-09").text
    assert "Hari sebelumnya" in later
    last = citizen.choice("?mulai=2026-12-28").text
    assert "Dibuka Sab 28 Nov pukul 07.00" in last


@pytest.mark.parametrize("query", ["?hari=gestern", "?hari=9999-12-31", "?mulai=0001-01-01", "?hari=2026-11-23"])
def test_an_odd_day_in_the_address_is_harmless(citizen: Citizen, query: str) -> None:
    citizen.give_details()
    assert citizen.choice(query).status_code == 200


def test_when_all_is_full_the_next_opening_and_other_offices_are_named(
    citizen: Citizen, session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    other = make_office(session, "gemolong")
    make_offering(session, other, offering.service, now=clock.now())
    session.execute(Slot.__table__.update().values(booked=Slot.capacity))
    session.commit()
    citizen.give_details()
    for page in (citizen.choice().text, citizen.get("/sragen/ktp-rekam").text):
        assert "Semua tempat sudah terisi." in page
        assert "Tempat berikutnya dibuka Selasa, 24 November 2026 pukul 07.00 WIB." in text_of(page)
        assert 'href="/gemolong/ktp-rekam"' in page
    assert slots_on(citizen.choice().text) == {}


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
    assert "Choose day and time" in citizen.get(answer.location).text
    assert citizen.get("/slots/999999/bookings").status_code == 404
