"""The day's list: search, filter, checking in by hand; and that no NIK gets into an address."""

import re

import pytest

from queue_app.domain.booking import TicketState
from queue_app.domain.roles import Role
from queue_app.models import Ticket
from queue_app.web.desk.forms import search_text
from tests.office import NONCE, TODAY, TOMORROW, Visitor, World, refusals

LIST = "/meja/kedatangan"


def names(page: str) -> list[str]:
    return re.findall(r"(\w+ \w+)<br><span class=\"quiet nowrap\">3314", page)


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
    assert "2 menunggu" in page
    assert names(desk.get(f"{LIST}?tanggal={TOMORROW}").text) == ["Rina Besok"]


@pytest.mark.parametrize("typed", ["SW", "s w", "Siti Wahyuni", "{code}", "{number}"])
def test_search_by_code_number_or_initials(
    desk: Visitor, world: World, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter(["7KX92MQA", "3BCD4EFG"])  # random ones may begin like the initials
    monkeypatch.setattr("queue_app.services.booking.new_booking_code", codes.__next__)
    booking = world.book(name="Siti Wahyuni")
    world.book(name="Budi Santoso")
    number = f"A-{booking.tickets[0].queue_number:03d}"
    assert names(search(desk, search=typed.format(code=booking.code[:5], number=number))) == ["Siti Wahyuni"]


@pytest.mark.parametrize("typed", ["3314990101900001", "3314 9901 0190 0001", "33.14.99.010190.0001", "0812 3456 7890"])
def test_a_nik_or_phone_number_reaches_no_address(desk: Visitor, world: World, typed: str) -> None:
    answer = desk.post(LIST, {"day": TODAY.isoformat(), "state": "", "search": typed})
    assert answer.status_code == 422
    assert "Location" not in answer.headers
    assert typed not in answer.text
    assert "Jangan ketik NIK" in refusals(answer)[0]


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


def test_filter_by_state(desk: Visitor, world: World) -> None:
    here, _absent = world.book(name="Siti Wahyuni"), world.book(name="Budi Santoso")
    desk.post_json("/meja/pindai", {"code": world.token(here), "nonce": NONCE})
    assert names(search(desk, state="hadir")) == ["Siti Wahyuni"]
    assert names(search(desk, state="menunggu")) == ["Budi Santoso"]
    assert names(search(desk, state="absen")) == []
    assert desk.post(LIST, {"day": TODAY.isoformat(), "state": "x"}).status_code == 422
    assert desk.post(LIST, {"day": "yesterday", "state": ""}).status_code == 422


@pytest.mark.parametrize(
    "query", ["?tanggal=x", "?keadaan=x", "?tanggal=9999-12-31", "?cari=%00", "?hasil=abc", "?hasil=" + "9" * 30]
)
def test_a_bent_address_still_shows_a_list(desk: Visitor, query: str) -> None:
    assert desk.get(LIST + query).status_code == 200


def by_hand(visitor: Visitor, ticket: Ticket, nonce: str = NONCE) -> str:
    answer = visitor.post(f"{LIST}/{ticket.id}/hadir", {"nonce": nonce})
    assert answer.status_code == 303
    return visitor.get(answer.location).text


def test_check_in_by_hand_and_undo(desk: Visitor, world: World) -> None:
    ticket = world.book().tickets[0]
    page = by_hand(desk, ticket)
    assert "1 hadir" in page
    undo = re.search(r'action="(/meja/pindai/\d+/urungkan)"', page)
    answer = desk.post(undo.group(1), {"from": "arrivals"})
    assert answer.location.startswith(LIST)
    assert "1 menunggu" in desk.get(answer.location).text


def test_the_nonce_of_a_page_is_good_for_each_of_its_rows(desk: Visitor, world: World) -> None:
    first, second = world.book(name="Siti Wahyuni").tickets[0], world.book(name="Budi Santoso").tickets[0]
    by_hand(desk, first)
    assert "2 hadir" in by_hand(desk, second)
    assert "2 hadir" in by_hand(desk, second)  # pressed twice


def test_a_ticket_of_another_office_cannot_be_checked_in(desk: Visitor, world: World) -> None:
    ticket = world.book(offering=world.offering_there).tickets[0]
    assert desk.post(f"{LIST}/{ticket.id}/hadir", {"nonce": NONCE}).status_code == 404
    assert world.afresh().get_one(Ticket, ticket.id).state is TicketState.BOOKED


def test_the_counter_reads_the_list_and_checks_nobody_in(visitor: Visitor, world: World) -> None:
    ticket = world.book().tickets[0]
    visitor.sign_in(world, world.staff(Role.COUNTER))
    page = visitor.get(LIST).text
    assert "Siti Wahyuni" in page
    assert "/hadir" not in page
    assert visitor.post(f"{LIST}/{ticket.id}/hadir", {"nonce": NONCE}).status_code == 403
