"""Booking for people who cannot do it themselves: at the desk and in the villages, and every way on after a refusal."""

import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from queue_app.domain.booking import TicketState
from queue_app.domain.errors import RepeatedRequest
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Booking, OfficeService, Slot, Ticket
from queue_app.web.desk.assisted import assist
from tests.harness.factories import make_applicant, make_booking, make_nik
from tests.harness.office import LAST_WEEK, NONCE, TODAY, TOMORROW, Visitor, World, refusals

PAGE = "/meja/bantu"
NINE_TOMORROW = "2026-11-24T02:00Z"
NOW, BEYOND = "sekarang", "tambahan"


@pytest.fixture
def village(visitor: Visitor, world: World) -> Visitor:
    return visitor.sign_in(world, world.staff(Role.VILLAGE))


def form(world: World, *people: tuple[str, str], **changes: str) -> dict[str, str]:
    values = {"service": str(world.offering.id), "priority": "", "phone": "", "when": NOW, "nonce": NONCE}
    for index, (nik, name) in enumerate(people or [(make_nik().digits, "Sri Lestari")]):
        values |= {f"persons-{index}-nik": nik, f"persons-{index}-name": name}
    return {"action": "book", **values, **changes}


def book(visitor: Visitor, world: World, *people: tuple[str, str], **changes: str) -> TestResponse:
    return visitor.post(PAGE, form(world, *people, **changes))


def only_booking(world: World) -> Booking:
    return world.afresh().scalars(select(Booking)).one()


def fill(world: World, *slots: Slot) -> None:
    for slot in slots:
        for _ in range(slot.capacity - slot.booked):
            make_booking(world.session, slot.id, make_applicant(), keyring=world.keyring, now=LAST_WEEK)
    world.session.commit()


def test_without_an_appointment_and_without_a_phone(desk: Visitor, world: World) -> None:
    page = desk.get(PAGE).text
    assert "Sisa 4 nomor, dilayani jam ini juga." in page
    assert re.search(r'value="sekarang" checked', page)
    answer = book(desk, world)
    assert answer.status_code == 303, refusals(answer)
    booking = only_booking(world)
    ticket = booking.tickets[0]
    assert (booking.channel, booking.phone, ticket.walk_in) == (Channel.DESK, None, True)
    assert (ticket.state, ticket.day, ticket.priority) == (TicketState.CHECKED_IN, TODAY, None)
    handed = desk.get(answer.location).text
    assert f"A-{ticket.queue_number:03d}" in handed
    assert "Sudah tercatat hadir" in handed
    assert "Sri Lestari" in handed
    assert "Orang berikutnya" in handed


def test_a_family_for_tomorrow_with_priority(desk: Visitor, world: World) -> None:
    people = [(make_nik().digits, name) for name in ("Sri Lestari", "Budi Lestari")]
    first = f"{people[0][0][:6]}-{people[0][0][6:12]}-{people[0][0][12:]}"  # as some card readers type it
    answer = book(
        desk,
        world,
        (first, "Sri Lestari"),
        people[1],
        ("", ""),
        priority="vulnerable",
        when=NINE_TOMORROW,
        phone="0812 3456 7890",
    )
    assert answer.status_code == 303, refusals(answer)
    tickets = only_booking(world).tickets
    assert [ticket.priority for ticket in tickets] == [Priority.VULNERABLE] * 2
    assert tickets[1].queue_number == tickets[0].queue_number + 1
    assert {(ticket.day, ticket.state) for ticket in tickets} == {(TOMORROW, TicketState.BOOKED)}
    handed = desk.get(answer.location).text
    assert all(f"A-{ticket.queue_number:03d}" in handed for ticket in tickets)
    assert "09.00–10.00 WIB" in handed
    assert "Fotokopi KK" in handed


def test_more_rows_and_other_hours_lose_nothing_that_was_typed(desk: Visitor, world: World) -> None:
    typed = form(world, ("331499", "Sri Lestari"), priority="urgent", phone="08", when=NINE_TOMORROW)
    page = desk.post(PAGE, {**typed, "action": "add"}).text
    assert 'id="persons-1-nik"' in page
    assert page.count(" autofocus=") == 1
    page = desk.post(PAGE, {**typed, "persons-1-nik": "", "persons-1-name": "Budi", "action": "hours"}).text
    for kept in ('value="331499"', 'value="Sri Lestari"', 'value="Budi"', 'value="08"', NONCE):
        assert kept in page
    assert 'value="urgent" selected' in page
    assert f'value="{NINE_TOMORROW}" checked' in page
    assert "Kesalahan" not in page
    full = form(world, *[("", str(index)) for index in range(5)])
    assert 'id="persons-5-nik"' not in desk.post(PAGE, {**full, "action": "add"}).text


def test_mistakes_are_said_in_the_citizens_words(desk: Visitor, world: World) -> None:
    answer = book(desk, world, ("3314", "4"), (make_nik().digits, ""), phone="12", when="", service="0")
    assert answer.status_code == 422
    assert refusals(answer) == [
        "Layanan: Pilih salah satu yang tersedia.",
        "NIK harus 16 angka, tetapi yang tertulis 4 angka. Periksa yang kurang atau lebih.",
        "Nama ini tidak berisi huruf. Tulis nama lengkap seperti pada Kartu Keluarga.",
        "Tulis nama lengkap orang yang akan datang.",
        "Tulis nomor HP Indonesia, misalnya 0812 3456 7890.",
        "Pilih waktu kedatangan.",
    ]
    twice = make_nik().digits
    assert "sudah ditulis untuk orang lain" in refusals(book(desk, world, (twice, "Sri"), (twice, "Budi")))[0]
    assert "Ada dua waktu" in refusals(book(desk, world, later=NINE_TOMORROW))[0]
    assert book(desk, world, nonce="short").status_code == 404
    assert world.afresh().scalars(select(Booking)).all() == []


def test_a_name_with_digits_is_asked_about_and_the_desk_is_told_to_compare(desk: Visitor, world: World) -> None:
    person = (make_nik().digits, "Sri 2 Lestari")
    asked = book(desk, world, person)
    assert asked.status_code == 422
    assert 'name="persons-0-name_confirmed"' in asked.text
    booked = book(desk, world, person, **{"persons-0-name_confirmed": "y"})
    assert booked.status_code == 303
    assert "nama memuat angka: cocokkan dengan kartu" in desk.get(booked.location).text
    page = desk.get("/meja/kedatangan").text
    assert page.count("nama memuat angka: cocokkan dengan kartu") == 1


def test_an_hour_that_filled_up_meanwhile(desk: Visitor, world: World) -> None:
    fill(world, world.slot(TOMORROW, 9))
    answer = book(desk, world, when=NINE_TOMORROW)
    assert answer.status_code == 409
    assert refusals(answer) == ["Jam itu baru saja penuh. Isiannya masih ada: pilih jam lain."]
    assert "Sri Lestari" in answer.text
    assert f'value="{NINE_TOMORROW}"' not in answer.text
    assert 'value="2026-11-24T01:00Z"' in answer.text


def test_a_place_beyond_the_quota_has_a_reason(desk: Visitor, world: World) -> None:
    assert BEYOND not in desk.get(PAGE).text
    fill(world, world.slot(TODAY, 9), world.slot(TODAY, 13))
    page = desk.get(PAGE).text
    assert "Tidak ada tempat kosong lagi hari ini." in page
    assert f'value="{BEYOND}"' in page
    answer = book(desk, world)
    assert (answer.status_code, len(refusals(answer))) == (409, 1)
    assert "beri tempat tambahan dengan alasan" in refusals(answer)[0]
    for reason, said in (("", "Tulis alasannya"), ("Ibu 3314990101900001", "Jangan tulis NIK")):
        answer = book(desk, world, when=BEYOND, reason=reason)
        assert answer.status_code == 422
        assert said in refusals(answer)[0]
        assert re.search(r'value="tambahan" checked', answer.text)
    assert book(desk, world, when=BEYOND, reason="Datang dari jauh").status_code == 303
    entry = world.afresh().scalars(select(AuditEntry).where(AuditEntry.action == "slot.extra_place")).one()
    assert entry.reason == "Datang dari jauh"


def test_the_numbers_of_a_day_are_used_up(desk: Visitor, world: World) -> None:
    world.afresh().get_one(OfficeService, world.offering.id).walk_ins_per_day = 1
    world.session.commit()
    two = [(make_nik().digits, "Sri"), (make_nik().digits, "Budi")]
    assert "sudah habis (1)" in refusals(book(desk, world, *two))[0]
    assert book(desk, world).status_code == 303
    assert "Nomor tanpa pemesanan untuk hari ini sudah habis." in desk.get(PAGE).text
    beyond = book(desk, world, when=BEYOND, reason="Rumahnya jauh", nonce=NONCE + "2")
    assert beyond.status_code == 303, refusals(beyond)


def test_who_has_a_place_already_is_a_press_away(desk: Visitor, world: World, visitor: Visitor) -> None:
    person = make_applicant()
    booking = make_booking(world.session, world.slot(TOMORROW, 8).id, person, keyring=world.keyring, now=LAST_WEEK)
    world.session.commit()
    again = (person.nik.digits, "Siti Wahyuni")
    answer = book(desk, world, again, when=NINE_TOMORROW)
    assert answer.status_code == 409
    assert re.search(rf'href="/meja/orang/{booking.tickets[0].id}"[^>]*>NIK ini sudah punya tiket', answer.text)
    visitor.sign_in(world, world.staff(Role.VILLAGE))
    answer = book(visitor, world, again, when=NINE_TOMORROW)
    assert answer.status_code == 409
    assert "/meja/orang/" not in answer.text


def test_the_same_form_books_once(desk: Visitor, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    original, asked = assist.book_assisted, []

    def lose_once(*given: object, **others: object) -> object:
        asked.append(given)
        if len(asked) == 1:
            raise RepeatedRequest()
        return original(*given, **others)

    monkeypatch.setattr(assist, "book_assisted", lose_once)
    person = (make_nik().digits, "Sri Lestari")
    first = book(desk, world, person)
    assert first.status_code == 303
    assert book(desk, world, person).location == first.location
    other = book(desk, world)  # the form of the person before, found again by going back
    assert other.status_code == 409
    assert f'href="{first.location}"' in other.text
    fresh = re.search(r'name="nonce"[^>]*value="([^"]+)"', other.text).group(1)
    assert fresh != NONCE
    assert book(desk, world, nonce=fresh).status_code == 303
    assert len(world.afresh().scalars(select(Ticket)).all()) == 2


def test_an_operator_in_a_village_books_for_later_only(village: Visitor, world: World, visitor: Visitor) -> None:
    home = village.get("/petugas/").text
    assert PAGE in home
    assert "/meja/pindai" not in home
    assert NOW not in village.get(PAGE).text
    assert book(village, world).status_code == 403
    assert book(village, world, when=BEYOND, reason="Datang dari jauh").status_code == 403
    answer = book(village, world, when=NINE_TOMORROW)
    assert answer.status_code == 303
    assert only_booking(world).channel is Channel.VILLAGE
    assert village.get(answer.location).status_code == 200

    visitor.sign_in(world, world.staff(Role.DESK))
    assert visitor.get(answer.location).status_code == 200
    at_the_desk = book(visitor, world, nonce=NONCE + "2").location
    visitor.sign_in(world, world.staff(Role.VILLAGE))
    assert visitor.get(at_the_desk).status_code == 404
    visitor.sign_in(world, world.staff(Role.VILLAGE, world.there))
    assert visitor.get(answer.location).status_code == 404
    assert visitor.get(f"{PAGE}/99999").status_code == 404
    assert "Pilih layanannya." not in visitor.get(PAGE).text
    assert book(visitor, world, when=NINE_TOMORROW).status_code == 422  # a service of the other office


def test_the_hours_alone(desk: Visitor, world: World) -> None:
    part = desk.get(f"{PAGE}/jam?layanan={world.offering.id}&prioritas=urgent&orang=2&pilihan={NINE_TOMORROW}").text
    assert "<html" not in part
    assert f'value="{NINE_TOMORROW}" checked' in part
    assert "Sen 23 Nov, 13.00–14.00 WIB" in part
    assert "kurang untuk 5 orang" in desk.get(f"{PAGE}/jam?layanan={world.offering.id}&orang=9").text
    for bent in ("", "?layanan=x", "?layanan=99999", "?layanan=%00&prioritas=king&orang=-1&pilihan=%00"):
        assert "Pilih dulu layanannya." in desk.get(f"{PAGE}/jam{bent}").text
