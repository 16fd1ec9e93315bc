"""The day's list: search, filters, what a row says, keeping up to date; and that no NIK gets into an address."""

import logging
import re

import pytest
from flask import Flask
from sqlalchemy import event

from queue_app.db import db
from queue_app.domain.arrivals import IdentityResult
from queue_app.domain.priority import Priority
from queue_app.models import CheckIn, Ticket
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.booking.request import Applicant
from queue_app.services.calendar.closing import close_day
from queue_app.web.desk.arrivals.forms import search_text
from tests.harness.factories import TESTER, make_applicant, make_booking, make_nik
from tests.harness.fakes import FixedClock
from tests.harness.office import LAST_WEEK, NONCE, TODAY, TOMORROW, Visitor, World, refusals

LIST = "/meja/kedatangan"


def names(page: str) -> list[str]:
    return re.findall(r"(\w+ \w+)</a><br><span class=\"quiet nowrap\">3314", page)


def counts(page: str) -> list[int]:
    """Of the tabs: all, expected, arrived, in service, served, absent; and not served, where there is somebody."""
    return [int(number) for number in re.findall(r"tabs__link.*<strong>(\d+)</strong>", page)]


def search(visitor: Visitor, **values: str) -> str:
    answer = visitor.post(LIST, {"day": TODAY.isoformat(), "state": "", "search": "", **values})
    assert answer.status_code == 303, refusals(answer)
    return visitor.get(answer.location).text


def test_the_list_shows_today_in_order_of_time(desk: Visitor, world: World) -> None:
    world.book(hour=13, name="Siti Wahyuni")
    world.book(hour=8, name="Budi Santoso")
    world.book(TOMORROW, name="Rina Besok")
    world.book(offering=world.offering_there, name="Orang Lain")
    page = desk.get(LIST).text
    assert names(page) == ["Budi Santoso", "Siti Wahyuni"]
    assert counts(page) == [2, 2, 0, 0, 0, 0]
    assert names(desk.get(f"{LIST}?tanggal={TOMORROW}").text) == ["Rina Besok"]


@pytest.mark.parametrize("typed", ["SW", "s w", "Siti Wahyuni", "{code}", "{number}"])
def test_search_by_code_number_or_initials(
    desk: Visitor, world: World, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter(["7KX92MQA", "3BCD4EFG"])  # random ones may begin like the initials
    monkeypatch.setattr("queue_app.services.booking.request.new_booking_code", codes.__next__)
    booking = world.book(name="Siti Wahyuni")
    world.book(name="Budi Santoso")
    number = f"A-{booking.tickets[0].queue_number:03d}"
    assert names(search(desk, search=typed.format(code=booking.code[:5], number=number))) == ["Siti Wahyuni"]


@pytest.mark.parametrize("typed", ["0812 3456 7890", "6281234567890", "Siti 3314990101900001", "3314990101900001 2"])
def test_a_phone_number_reaches_no_address(desk: Visitor, world: World, typed: str) -> None:
    answer = desk.post(LIST, {"day": TODAY.isoformat(), "search": typed})
    assert answer.status_code == 422
    assert "Location" not in answer.headers
    assert typed not in answer.text
    assert "Jangan ketik nomor HP" in refusals(answer)[0]


@pytest.mark.parametrize("form", ["{}", "{0:.4} {0[4]}{0[5]}{0[6]}{0[7]}-{rest}"], ids=["plain", "grouped"])
def test_a_nik_finds_its_owner_and_comes_into_no_address_page_or_log(
    desk: Visitor, world: World, form: str, caplog: pytest.LogCaptureFixture
) -> None:
    nik = make_nik()
    booking = make_booking(
        world.session,
        world.slot().id,
        make_applicant(),
        Applicant(name="Rina Besok", nik=nik),
        keyring=world.keyring,
        now=LAST_WEEK,
    )
    world.session.commit()
    world.book(hour=8, name="Orang Lain")
    ticket = booking.tickets[1]
    typed = form.format(nik.digits, rest=nik.digits[8:])
    with caplog.at_level(logging.DEBUG):
        answer = desk.post(LIST, {"day": TODAY.isoformat(), "search": typed})
    assert answer.location == f"{LIST}?orang={ticket.id}#baris-{ticket.id}"
    page = desk.get(answer.location).text
    assert names(page) == ["Rina Besok"]
    assert "Keluarga 2/2" in page
    assert not any(nik.digits in text or typed in text for text in (page, answer.text, caplog.text))


@pytest.mark.parametrize(
    ("typed", "said"),
    [("3314990101900001", "Tidak ada antrean untuk NIK itu"), ("3314 9945 1390 0001", "bukan tanggal lahir")],
)
def test_a_nik_that_finds_nobody_is_not_given_back(desk: Visitor, world: World, typed: str, said: str) -> None:
    world.book(TOMORROW)
    answer = desk.post(LIST, {"day": TODAY.isoformat(), "search": typed})
    assert answer.status_code == 422
    assert typed not in answer.text
    assert said in refusals(answer)[0]


def test_a_nik_of_another_office_finds_nobody(desk: Visitor, world: World) -> None:
    ticket = world.book(offering=world.offering_there).tickets[0]
    nik = world.keyring.open(ticket.nik, bound_to=f"ticket/{ticket.booking.code}/0/nik")
    assert desk.post(LIST, {"day": TODAY.isoformat(), "search": nik}).status_code == 422
    assert names(desk.get(f"{LIST}?orang={ticket.id}").text) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Siti Wahyuni", "SW"),
        ("Ratna", "R"),
        ("Siti", "S"),
        ("sw", "sw"),
        ("7KX9-2MQA", "7KX9-2MQA"),
        ("ABCD", "ABCD"),
        ("A-012", "A-012"),
        ("7" * 40, "7" * 9),
    ],
)
def test_of_a_name_only_the_initials_get_into_the_address(typed: str, kept: str) -> None:
    assert search_text(typed) == kept


def test_a_closed_day_expects_nobody(desk: Visitor, world: World) -> None:
    world.book(TOMORROW, name="Siti Wahyuni")
    close_day(
        world.session, world.day(TOMORROW).id, reason_id="Listrik padam", reason_en="", actor=TESTER, now=LAST_WEEK
    )
    world.session.commit()
    page = search(desk, day=TOMORROW.isoformat())
    assert counts(page) == [1, 0, 0, 0, 0, 0, 1]
    assert "Ditutup kantor" in page


def test_filters(desk: Visitor, world: World) -> None:
    here, _absent = world.book(name="Siti Wahyuni"), world.book(hour=13, name="Budi Santoso")
    desk.post_json("/meja/pindai", {"code": world.token(here), "nonce": NONCE})
    page = search(desk, state="hadir")
    assert names(page) == ["Siti Wahyuni"]
    assert counts(page) == [2, 1, 1, 0, 0, 0]
    assert names(search(desk, state="menunggu")) == ["Budi Santoso"]
    assert names(search(desk, state="absen")) == names(search(desk, state="selesai")) == []
    assert names(search(desk, hour="13.00")) == ["Budi Santoso"]
    assert names(search(desk, hour="09.00", state="hadir")) == ["Siti Wahyuni"]
    assert 'value="13.00"' in page
    assert 'name="service"' not in page  # there is one, and so no choice
    assert names(search(desk, service=str(world.offering.service_id))) == ["Siti Wahyuni", "Budi Santoso"]
    assert desk.post(LIST, {"day": TODAY.isoformat(), "state": "x"}).status_code == 422
    assert desk.post(LIST, {"day": "yesterday", "state": ""}).status_code == 422


def test_a_row_says_what_the_desk_needs_to_know_and_no_more(desk: Visitor, world: World) -> None:
    ticket = world.book(name="Siti Wahyuni").tickets[0]
    desk.post_json("/meja/pindai", {"code": world.token(ticket.booking), "nonce": NONCE})
    page = desk.get(LIST).text
    assert "Identitas belum diperiksa" in page
    assert not any(mark in page.split("<tbody")[1] for mark in ("pill--plain", "Keluarga"))
    ticket = world.afresh().get_one(Ticket, ticket.id)
    ticket.walk_in, ticket.priority = True, Priority.VULNERABLE
    world.session.query(CheckIn).update({"identity": IdentityResult.TYPING_ERROR})
    world.session.commit()
    page = desk.get(LIST).text
    for mark in (">Prioritas<", ">Tanpa pemesanan<", "Tidak cocok – salah ketik"):
        assert mark in page
    assert not any(word in page.lower() for word in ("lansia", "vulnerable", "belum diperiksa"))


def test_the_list_keeps_itself_up_to_date_and_nobody_logged_in(
    desk: Visitor, world: World, app: Flask, clock: FixedClock
) -> None:
    booking = world.book()
    etag = re.search(r'data-etag="([^"]+)"', desk.get(f"{LIST}?keadaan=hadir").text).group(1)
    fragment = f"{LIST}/isi?keadaan=hadir"
    known = {"If-None-Match": f'"{etag}"'}
    same = desk.get(fragment, headers=known)
    assert (same.status_code, same.text) == (304, "")
    session = world.afresh()
    asked = Scan(world.token(booking), world.here.id, None, NONCE)
    check_in(session, asked, keyring=world.keyring, now=clock.now())
    session.commit()
    fresh = desk.get(fragment, headers=known)
    assert names(fresh.text) == ["Siti Wahyuni"]
    assert "belum-hadir" in fresh.text
    assert "<html" not in fresh.text
    assert "csrf" not in fresh.text
    known = {"If-None-Match": fresh.headers["ETag"]}
    clock.advance(minutes=3)
    assert "belum-hadir" not in desk.get(fragment, headers=known).text  # the two minutes are over
    for _ in range(4):
        clock.advance(minutes=9)
        desk.get(fragment)
    assert desk.get(fragment).status_code == 303  # to log in: half an hour without a person


def test_a_long_list_is_one_statement(desk: Visitor, world: World, app: Flask) -> None:
    for _ in range(2):
        world.book()
        world.book(hour=13)
    sent = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *facts: sent.append(facts[2]))
    assert len(names(desk.get(LIST).text)) == 4
    assert len([statement for statement in sent if "FROM ticket" in statement]) == 1


@pytest.mark.parametrize(
    "query",
    [
        "?tanggal=x",
        "?keadaan=x",
        "?tanggal=9999-12-31",
        "?cari=%00",
        "?hasil=abc",
        "?hasil=" + "9" * 30,
        "?orang=9999999",
        "?layanan=x&jam=%C2%B2",
        "/isi?tanggal=0001-01-01",
    ],
)
def test_a_bent_address_still_shows_a_list(desk: Visitor, query: str) -> None:
    assert desk.get(LIST + query).status_code == 200
