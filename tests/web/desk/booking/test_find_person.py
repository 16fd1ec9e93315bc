"""The search field of every staff page: each kind of search, on any day, and nothing of a person in address or log."""

import logging
import re
from datetime import timedelta

import pytest
from flask import Flask

from queue_app.domain.roles import Role
from queue_app.models import Booking
from queue_app.services.booking import change
from queue_app.services.booking.request import Applicant
from tests.harness.factories import make_applicant, make_booking, make_nik
from tests.harness.office import LAST_WEEK, NEXT_MONDAY, TODAY, TOMORROW, Visitor, World, refusals

FIND = "/meja/cari"


def person(booking: Booking, position: int = 0) -> str:
    return f"/meja/orang/{booking.tickets[position].id}"


def found(page: str) -> list[str]:
    return re.findall(r'ticket-line__link" href="([^"]+)"', page)


@pytest.mark.parametrize("day", [TODAY - timedelta(days=3), TODAY, NEXT_MONDAY], ids=["past", "today", "coming"])
@pytest.mark.parametrize(
    "typed", ["{code}", "{shown}", "{number}", "{bare}", "{nik}", "{phone}", "{token}", "{link}", "Wahyuni", "wah si"]
)
def test_each_kind_of_search_leads_to_the_person_on_any_day(
    desk: Visitor, world: World, typed: str, day: object, caplog: pytest.LogCaptureFixture
) -> None:
    nik = make_nik()
    slot = world.slot(day)
    who = Applicant("Siti Wahyuni", nik)
    booking = make_booking(
        world.session, slot.id, who, keyring=world.keyring, now=LAST_WEEK - timedelta(days=2), phone="+6281298765432"
    )
    world.session.commit()
    ticket, code = booking.tickets[0], booking.code
    values = {
        "code": code.lower(),
        "shown": f"{code[:4]}-{code[4:]}",
        "number": f"A-{ticket.queue_number:03d}",
        "bare": str(ticket.queue_number),
        "nik": nik.digits,
        "phone": "0812-9876-5432",
        "token": world.token(booking),
        "link": f"https://antrean.example/t/{world.token(booking)}",
    }
    with caplog.at_level(logging.DEBUG):
        answer = desk.post(FIND, {"q": typed.format(**values)})
    assert (answer.status_code, answer.location) == (303, person(booking))
    assert not any(secret in caplog.text for secret in (nik.digits, "98765432", "Wahyuni"))
    page = desk.get(answer.location).text
    assert "Siti Wahyuni" in page
    assert nik.masked in page
    assert nik.digits not in page
    assert "+6281298765432" not in page


def test_several_are_listed_with_todays_first(desk: Visitor, world: World) -> None:
    coming, today, past = world.book(NEXT_MONDAY), world.book(), world.book(TODAY - timedelta(days=3))
    answer = desk.post(FIND, {"q": "siti"})
    assert answer.status_code == 200
    assert found(answer.text) == [person(today), person(coming), person(past)]
    assert "hari ini" in answer.text
    assert desk.post(FIND, {"q": "A-011"}).text.count("autofocus") == 1
    numbers = [booking.tickets[0].queue_number for booking in (today, coming, past)]
    assert numbers == [11, 11, 11]
    assert found(desk.post(FIND, {"q": "11"}).text) == [person(today), person(coming), person(past)]


def test_everybody_of_a_family_is_found_by_its_telephone(desk: Visitor, world: World) -> None:
    people = (make_applicant(name="Siti Wahyuni"), make_applicant(name="Budi Santoso"))
    booking = make_booking(world.session, world.slot().id, *people, keyring=world.keyring, now=LAST_WEEK)
    world.session.commit()
    assert found(desk.post(FIND, {"q": "081234567890"}).text) == [person(booking), person(booking, 1)]


def test_eight_letters_are_a_code_first_and_a_name_else(
    desk: Visitor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    herman = world.book(name="Hermanto")
    assert desk.post(FIND, {"q": "Hermanto"}).location == person(herman)
    monkeypatch.setattr("queue_app.services.booking.request.new_booking_code", lambda: "HERMANT0")
    other = world.book(name="Siti Wahyuni")
    assert desk.post(FIND, {"q": "hermanto"}).location == person(other)


def test_a_moved_ticket_leads_to_the_one_that_holds(desk: Visitor, world: World) -> None:
    booking = world.book()
    old, token = booking.tickets[0].id, world.token(booking)
    change.reschedule(world.session, booking.id, world.slot(TOMORROW, 8).id, now=LAST_WEEK)
    world.session.commit()
    new = world.afresh().get_one(Booking, booking.id).tickets[-1].id
    for typed in (token, "A-011", "Siti"):
        assert desk.post(FIND, {"q": typed}).location == f"/meja/orang/{new}"
    assert desk.get(f"/meja/orang/{old}").location == f"/meja/orang/{new}"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("7KX9-2MQA", "kode pemesanan 7KX9-2MQA"),
        ("A-999", "nomor antrean A-999"),
        ("999", "nomor antrean 999"),
        ("3314991703050001", "NIK 3314 •••• •••• 0001"),
        ("081211112222", "nomor HP +62812•••222"),
        ("Zubaidah", "nama “zubaidah”"),
    ],
)
def test_nobody_says_what_was_looked_for_and_how_else(desk: Visitor, world: World, typed: str, said: str) -> None:
    world.book(offering=world.offering_there, name="Zubaidah")
    answer = desk.post(FIND, {"q": typed})
    assert answer.status_code == 200
    assert f"Tidak ada yang cocok dengan {said} di kantor ini." in answer.text
    assert "semua hari" in answer.text
    assert "Yang dapat diketik atau dipindai" in answer.text
    assert "3314991703050001" not in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Ketik atau pindai sesuatu dulu."),
        ("si", "paling sedikit tiga huruf"),
        ("1234567", "bukan NIK (16 angka)"),
        ("331499170305000", "16 angka"),
        ("3314994513900001", "bukan tanggal lahir"),
        ("\u200b\u202e", "Ketik atau pindai sesuatu dulu."),
    ],
)
def test_what_cannot_be_looked_for(desk: Visitor, world: World, typed: str, said: str) -> None:
    answer = desk.post(FIND, {"q": typed})
    assert answer.status_code == 422
    assert said in refusals(answer)[0]
    assert len(typed) < 5 or typed not in answer.text


def test_another_offices_people_are_not_there(desk: Visitor, world: World) -> None:
    there = world.book(offering=world.offering_there)
    for typed in (there.code, world.token(there), "Siti"):
        assert "Tidak ada yang cocok" in desk.post(FIND, {"q": typed}).text
    assert desk.get(person(there)).status_code == 404


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (Role.DESK, ["/petugas/", "/meja/pindai", "/meja/kedatangan", "/meja/bantu", "/loket/", "/meja/cari"]),
        (Role.COUNTER, ["/petugas/", "/loket/", "/loket/gangguan"]),
        (Role.ADMINISTRATOR, ["/petugas/", "/admin/layanan", "/admin/pesan", "/admin/jejak"]),
    ],
    ids=str,
)
def test_the_field_is_on_every_page_of_those_who_may_see_people(
    visitor: Visitor, world: World, role: Role, pages: list[str]
) -> None:
    visitor.sign_in(world, world.staff(role))
    for page in pages:
        text = visitor.get(page).text
        assert text.count("data-person-search") == 1, page
        assert 'name="q"' in text
        assert "F3" in text


@pytest.mark.parametrize("role", [Role.VILLAGE, Role.AUDITOR], ids=str)
def test_and_on_nobody_elses(visitor: Visitor, world: World, role: Role) -> None:
    visitor.sign_in(world, world.staff(role))
    assert "data-person-search" not in visitor.get("/petugas/").text
    assert visitor.post(FIND, {"q": "Siti"}).status_code == 403


def test_it_wants_the_form_token(desk: Visitor, app: Flask) -> None:
    assert desk.client.post(FIND, data={"q": "Siti"}).status_code == 400
