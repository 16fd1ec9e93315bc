"""A family books in one go: one booking with a number each, and one person who stays at home."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.booking import TicketState
from queue_app.models import Booking, OfficeService, Slot, Ticket
from queue_app.services.booking.request import Applicant
from tests.harness.factories import make_applicant, make_booking, make_nik, slots_of
from tests.web.citizen import DETAILS, SERVICE, Citizen, slots_on, text_of
from tests.web.public.booking.family import FAMILY, PATH, others

pytestmark = pytest.mark.offering(capacity=4)

TUESDAY = date(2026, 11, 24)


def test_a_family_books_at_once_where_all_fit(
    citizen: Citizen, session: Session, offering: OfficeService, keyring: FileKeyring
) -> None:
    narrow, wide = slots_of(session, offering, TUESDAY)
    make_booking(session, narrow.id, make_applicant(), make_applicant(), keyring=keyring)
    session.commit()
    citizen.give_details(**FAMILY)
    choice = citizen.choice().text
    assert slots_on(choice) == {narrow.id: False, wide.id: True}
    assert "hanya 2 tempat" in choice
    assert "orang=3" in choice  # and so the hours that are looked up again
    for said in (
        "Siti Wahyuni",
        "Budi Santoso",
        "Ani Lestari",
        "3314 9958 0405 0003",
        "Pesan Selasa, 24 November 2026 untuk 3 orang",
    ):
        assert said in text_of(choice), said
    assert f'href="{PATH}?hari=2026-11-24#others-1-name"' in choice
    answer = citizen.claim(wide.id)
    assert answer.status_code == 303
    session.rollback()
    booking = session.scalars(select(Booking).order_by(Booking.id.desc())).first()
    assert booking is not None
    numbers = [ticket.queue_number for ticket in booking.tickets]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    ticket = citizen.get(answer.location).text
    assert "Tempat untuk 3 orang sudah dipesan." in ticket
    assert ticket.index("Untuk semua: tunjukkan ini sekali") < ticket.index("ticket--person")
    assert len(set(re.findall(r'<path stroke="#000" d="([^"]+)"', ticket))) == 4
    for person in ("S. W.", "B. S.", "A. L."):
        assert person in ticket
    for name in ("Siti", "Budi", "Lestari"):
        assert name not in ticket


def test_the_hours_looked_up_again_are_those_for_the_party(
    client: FlaskClient, session: Session, offering: OfficeService, keyring: FileKeyring
) -> None:
    make_booking(session, slots_of(session, offering, TUESDAY)[0].id, make_applicant(), keyring=keyring)
    session.commit()
    hours = f"{SERVICE}/jam?hari=2026-11-24"
    assert list(slots_on(client.get(f"{hours}&orang=4").text).values()) == [False, True]
    assert list(slots_on(client.get(hours).text).values()) == [True, True]
    for odd in ("0", "6", "-1", "x", "9" * 50):
        assert client.get(f"{hours}&orang={odd}").status_code in {400, 404}


def test_an_hour_too_small_by_now_and_days_without_room_are_explained_for_the_party(
    citizen: Citizen, session: Session, offering: OfficeService, keyring: FileKeyring
) -> None:
    citizen.give_details(**FAMILY)
    page = citizen.choice().text
    wanted = min(slots_on(page))
    make_booking(session, wanted, make_applicant(), make_applicant(), keyring=keyring)
    session.commit()
    answer = citizen.claim(wanted, page=page)
    assert answer.status_code == 409
    assert "sudah tidak cukup tempat untuk 3 orang" in text_of(answer.text)
    for slot in session.scalars(select(Slot)):
        slot.planned = slot.capacity = slot.booked + 2
    session.commit()
    assert "Tidak ada jam yang tempatnya cukup untuk 3 orang." in text_of(citizen.choice().text)
    assert "Pesan untuk lebih sedikit orang" in citizen.choice().text


def test_who_of_a_family_has_booked_already_is_nobodys_business(
    citizen: Citizen, session: Session, offering: OfficeService, keyring: FileKeyring
) -> None:
    slot = slots_of(session, offering, TUESDAY)[1]
    known = Applicant("Budi Santoso", make_nik())
    make_booking(session, slot.id, known, keyring=keyring)
    session.commit()
    answers = []
    for order in ((known.nik.digits, make_nik().digits), (make_nik().digits, known.nik.digits)):
        people = others(*(("Orang Lain", nik) for nik in order))
        citizen.give_details(**people)
        answer = citizen.claim(slot.id)
        assert answer.status_code == 409
        summary = answer.text.split("govuk-error-summary__body")[1].split("</div>")[0]
        answers.append(text_of(summary))
    assert answers[0] == answers[1]
    assert "Salah satu dari NIK ini" in answers[0]
    assert "Budi" not in answers[0]


def test_one_stays_at_home_and_then_all(
    citizen: Citizen, session: Session, offering: OfficeService, keyring: FileKeyring
) -> None:
    first = citizen.book(**FAMILY)
    booking = session.scalars(select(Booking)).one()
    tokens = [f"/t/{keyring.ticket_token(ticket.id)}" for ticket in booking.tickets]
    assert citizen.post(f"{first}/batal").status_code == 422  # who?
    assert citizen.post(f"{first}/batal", who="4").status_code == 422
    answer = citizen.post(f"{first}/batal", who="0")
    assert answer.location == tokens[1]
    page = text_of(citizen.get(tokens[1]).text)
    assert "Tiket A-001 sudah dibatalkan. Yang lain tetap berlaku: A-002, A-003." in page
    assert "Tiket antrean untuk 2 orang" in page
    own = citizen.get(tokens[0])
    assert "tidak berlaku lagi." in own.text
    assert f'href="{tokens[1]}"' in own.text
    assert own.headers["Offline-Copy"] == "drop"
    found = citizen.post("/tiket-saya", code=booking.code, phone=DETAILS["phone"])
    assert found.location == tokens[1]
    assert citizen.post(f"{tokens[2]}/batal", who="1").location == tokens[2]
    alone = citizen.get(tokens[2]).text
    assert "Untuk semua" not in alone
    assert '<p class="ticket__number">A-003</p>' in alone
    assert "Dibatalkan" in alone
    assert citizen.post(f"{tokens[2]}/batal").location == tokens[2]
    session.rollback()
    assert set(session.scalars(select(Ticket.state))) == {TicketState.CANCELLED}
    assert set(session.scalars(select(Slot.booked))) == {0}


def test_states_are_told_for_each_person_and_print_calendar_and_share_name_all(
    citizen: Citizen, session: Session
) -> None:
    path = citizen.book(**FAMILY)
    citizen.get(path)
    share = re.findall(r'href="(https://wa\.me/[^"]+)"', citizen.get(path).text)[0]
    for number in ("A-001", "A-002", "A-003"):
        assert number in share
        assert number in citizen.get(f"{path}/kalender.ics").text
        assert number in citizen.get(f"{path}/cetak").text
    assert citizen.get(f"{path}/cetak").text.count("<svg xmlns") == 4
    assert "Semua 3 orang pindah bersama:" in citizen.get(f"{path}/ubah").text
    session.rollback()
    second = session.scalars(select(Ticket).where(Ticket.position == 1)).one()
    second.state = TicketState.CHECKED_IN
    session.commit()
    page = citizen.get(path).text
    assert page.count('<p class="pill pill--success">Hadir</p>') == 1
    assert f"{path}/ubah" not in page
