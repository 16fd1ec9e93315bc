"""Each act of the office from the page of a person: move, cancel, book again, correct."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from queue_app.domain.booking import TicketState
from queue_app.domain.keyring import person_of
from queue_app.domain.roles import Role
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import Booking, OutboxMessage, Ticket
from queue_app.queries.booking.contacts import contact_of
from queue_app.services.arrivals.no_shows import mark_no_shows
from queue_app.services.booking import change
from tests.harness.at_counters import arrive, visit_of
from tests.harness.factories import make_applicant, make_booking
from tests.harness.fakes import FixedClock
from tests.harness.office import LAST_WEEK, NEXT_MONDAY, TOMORROW, Visitor, World, refusals
from tests.web.desk.booking.conftest import EMAIL, PHONE, actions, at, form_of, history, hour, keys


@pytest.mark.parametrize("late", [False, True], ids=["in time", "after the citizens' cut-off"])
def test_moving(desk: Visitor, world: World, booking: Booking, clock: FixedClock, late: bool) -> None:
    if late:
        desk.sign_in(world, world.staff(Role.DESK), now=clock.advance(hours=7))
    page = desk.get(at(booking, "pindah")).text
    assert hour(NEXT_MONDAY, 13) in page
    answer = desk.post(at(booking, "pindah"), {**form_of(page), "when": "lain", "later": hour(NEXT_MONDAY, 13)})
    ticket = world.afresh().get_one(Booking, booking.id).tickets[-1]
    assert answer.location == f"/meja/orang/{ticket.id}"
    assert (ticket.day, ticket.queue_number) == (NEXT_MONDAY, 21)
    page = desk.get(answer.location).text
    assert "Jadwal dipindah ke A-021, Sen 30 Nov, 13.00–14.00 WIB. Pesannya dikirim kepada orangnya." in page
    assert history(page)[0].endswith("Dipindah ke A-021, Sen 30 Nov, 13.00–14.00 WIB Budi desk") or any(
        line.endswith("Dipindah ke A-021, Sen 30 Nov, 13.00–14.00 WIB Budi desk") for line in history(page)
    )


def test_the_hour_that_somebody_has_is_not_offered_to_move_to(desk: Visitor, world: World, booking: Booking) -> None:
    page = desk.get(at(booking, "pindah")).text
    assert hour(TOMORROW, 9) not in page
    assert hour(TOMORROW, 13) in page


@pytest.mark.parametrize(
    ("phone", "email", "said"),
    [
        (PHONE, EMAIL, "Pesannya dikirim kepada orangnya."),
        (PHONE, None, "Tidak ada email: telepon orangnya."),
        (None, None, "Tidak ada kontak: beri tahu orangnya sendiri."),
    ],
)
def test_the_office_is_told_whether_the_person_hears_of_it(
    desk: Visitor, world: World, phone: str | None, email: str | None, said: str
) -> None:
    who = {"keyring": world.keyring, "now": LAST_WEEK, "phone": phone, "email": email}
    booking = make_booking(world.session, world.slot(TOMORROW).id, make_applicant(), **who)
    world.session.commit()
    answer = desk.post(at(booking, "batal"), {"reason": "Sakit, menelepon"})
    assert f"Tempatnya kembali untuk orang lain. {said}" in desk.get(answer.location).text


def test_an_hour_that_filled_meanwhile_keeps_the_page(desk: Visitor, world: World, booking: Booking) -> None:
    page = desk.get(at(booking, "pindah")).text
    for _place in range(2):
        world.book(NEXT_MONDAY, 13)
    answer = desk.post(at(booking, "pindah"), {**form_of(page), "when": hour(NEXT_MONDAY, 13)})
    assert answer.status_code == 409
    assert "Tempat terakhir pada jam itu baru saja terisi" in refusals(answer)[0]
    assert world.afresh().get_one(Ticket, booking.tickets[0].id).state is TicketState.BOOKED


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Pilih waktu kedatangan."),
        ({"when": "lain"}, "Pilih waktu kedatangan."),
        ({"when": "besok"}, "Pilih waktu kedatangan."),
        ({"when": "2026-11-30T06:00Z", "later": "2026-11-30T01:00Z"}, "Ada dua waktu yang dipilih."),
        ({"when": "2026-11-29T06:00Z"}, "Tempat terakhir pada jam itu"),
    ],
)
def test_hours_that_are_none(desk: Visitor, booking: Booking, values: dict[str, str], said: str) -> None:
    page = desk.get(at(booking, "pindah")).text
    answer = desk.post(at(booking, "pindah"), {**form_of(page), **values})
    assert answer.status_code in (409, 422)
    assert said in refusals(answer)[0]


def test_cancelling_wants_a_reason(desk: Visitor, world: World, booking: Booking) -> None:
    for reason, said in (("", "Tulis alasannya"), ("NIK 3314991703050001", "Jangan tulis NIK")):
        answer = desk.post(at(booking, "batal"), {"reason": reason})
        assert answer.status_code == 422
        assert said in refusals(answer)[0]
    assert desk.post(at(booking, "batal"), {"reason": "Sakit, menelepon"}).location == at(booking)
    assert actions(world) == [("ticket.cancelled", "ticket", "Sakit, menelepon")]
    page = desk.get(at(booking)).text
    assert keys(page) == {"u", "d", "h", "t", "l"}
    assert any("Dibatalkan Alasan: Sakit, menelepon Budi desk" in line for line in history(page))


def test_one_of_a_family_is_cancelled_alone_or_all_together(desk: Visitor, world: World) -> None:
    people = [make_applicant(name=name) for name in ("Siti Wahyuni", "Budi Santoso")]
    booking = make_booking(world.session, world.slot(TOMORROW).id, *people, keyring=world.keyring, now=LAST_WEEK)
    world.session.commit()
    page = desk.get(at(booking, "batal")).text
    assert "Semua, 2 orang" in page
    assert "Budi Santoso" in page
    assert desk.post(at(booking, "batal"), {"reason": "Demam"}).status_code == 422
    desk.post(at(booking, "batal"), {"reason": "Demam", "who": "1"})
    tickets = world.afresh().get_one(Booking, booking.id).tickets
    assert [one.state for one in tickets] == [TicketState.BOOKED, TicketState.CANCELLED]
    page = desk.get(at(booking)).text
    assert "Budi Santoso" in page
    assert "p" in keys(page)  # who is left can still be moved


def test_who_missed_it_is_booked_again_with_one_choice(
    desk: Visitor, world: World, booking: Booking, clock: FixedClock
) -> None:
    evening = clock.set(datetime(2026, 11, 24, 12, tzinfo=UTC))
    mark_no_shows(world.afresh(), now=evening)
    world.session.commit()
    desk.sign_in(world, world.staff(Role.DESK), now=evening)
    page = desk.get(at(booking)).text
    assert "Tidak hadir" in page
    assert keys(page) == {"u", "a", "d", "h", "t", "l"}
    page = desk.get(at(booking, "pesan-ulang")).text
    answer = desk.post(at(booking, "pesan-ulang"), {**form_of(page), "when": hour(NEXT_MONDAY, 9)})
    assert answer.status_code == 303
    again = desk.post(at(booking, "pesan-ulang"), {**form_of(page), "when": hour(NEXT_MONDAY, 9)})
    assert again.location == answer.location
    new = world.afresh().scalars(select(Booking).order_by(Booking.id.desc())).first()
    assert contact_of(new, world.keyring) == contact_of(booking, world.keyring)
    shown = desk.get(answer.location).text
    assert "Dipesan lagi: A-011, Sen 30 Nov, 09.00–10.00 WIB." in shown
    assert "Antrean lain orang ini" in shown
    assert at(booking) in shown


def test_a_failed_capture_leads_to_the_guaranteed_visit(desk: Visitor, world: World) -> None:
    ticket = arrive(world)
    visit = visit_of(world, ticket)
    visit.state, visit.outcome = VisitState.SERVED, Outcome.FAILED_DEVICE
    world.session.commit()
    page = desk.get(f"/meja/orang/{ticket.id}").text
    assert "Gagal: alat" in page
    assert "u" in keys(page)
    page = desk.get(f"/meja/orang/{ticket.id}/pesan-ulang").text
    assert "Tempatnya dijamin, di luar kuota umum." in page


def test_correcting_keeps_what_is_left_empty(desk: Visitor, world: World, booking: Booking) -> None:
    page = desk.get(at(booking, "perbaiki")).text
    assert 'value="Siti Wahyuni"' in page
    assert PHONE not in page
    values = {"name": "Siti Wahyuningsih", "phone": "0811 2222 333", "email": ""}
    assert desk.post(at(booking, "perbaiki"), values).location == at(booking)
    stored = world.afresh().get_one(Booking, booking.id)
    assert contact_of(stored, world.keyring).phone == "+628112222333"
    assert contact_of(stored, world.keyring).email == EMAIL
    assert person_of(stored.tickets[0], stored.code, world.keyring).name == "Siti Wahyuningsih"
    page = desk.get(at(booking)).text
    assert "Tiketnya dikirim lagi" in page
    assert any("Diperbaiki: nama, nomor HP Budi desk" in line for line in history(page))
    kinds = world.session.scalars(select(OutboxMessage.kind).where(OutboxMessage.booking_id == booking.id)).all()
    assert kinds == ["confirmation", "confirmation"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "Tulis nama lengkap"),
        ({"name": "Siti 3314"}, "berisi angka"),
        ({"phone": "123"}, "nomor HP Indonesia"),
        ({"phone": "081122223333", "without_phone": "y"}, "jangan keduanya"),
        ({"email": "siti@"}, "alamat email yang benar"),
        ({"email": "siti@contoh.id", "without_email": "y"}, "jangan keduanya"),
    ],
)
def test_corrections_that_are_none(desk: Visitor, world: World, booking: Booking, values: dict, said: str) -> None:
    answer = desk.post(at(booking, "perbaiki"), {"name": "Siti Wahyuni", **values})
    assert answer.status_code == 422
    assert said in refusals(answer)[0]
    assert actions(world) == []


def test_a_contact_can_be_taken_away_and_nothing_at_all_is_said_so(
    desk: Visitor, world: World, booking: Booking
) -> None:
    values = {"name": "Siti Wahyuni", "without_phone": "y", "without_email": "y"}
    desk.post(at(booking, "perbaiki"), values)
    assert world.afresh().get_one(Booking, booking.id).phone is None
    assert "tidak ada" in desk.get(at(booking)).text
    desk.post(at(booking, "perbaiki"), values)
    assert "Tidak ada yang berubah." in desk.get(at(booking)).text


@pytest.mark.parametrize("act", ["pindah", "batal", "perbaiki", "pesan-ulang"])
def test_an_old_page_of_a_moved_ticket_changes_nothing_and_says_so(
    desk: Visitor, world: World, booking: Booking, act: str
) -> None:
    change.reschedule(world.session, booking.id, world.slot(NEXT_MONDAY).id, now=LAST_WEEK)
    world.session.commit()
    new = world.afresh().get_one(Booking, booking.id).tickets[-1].id
    values = {"reason": "Sakit", "when": hour(TOMORROW, 8), "nonce": "nonce-of-sixteen-letters", "name": "Orang Lain"}
    assert desk.post(at(booking, act), values).location == f"/meja/orang/{new}"
    page = desk.get(f"/meja/orang/{new}").text
    assert "Tiket ini sudah dipindah. Yang berlaku sekarang: A-011, Sen 30 Nov" in page
    assert actions(world) == []
