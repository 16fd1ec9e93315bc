"""Comparing the person with the ticket after a scan, and scanning a whole family by its booking code."""

import re

import pytest
from sqlalchemy import select

from queue_app.domain.arrivals import IdentityResult
from queue_app.domain.booking import TicketState
from queue_app.models import Booking, CheckIn, Ticket
from queue_app.services.booking import change
from tests.harness.factories import make_applicant, make_booking
from tests.harness.fakes import FixedClock
from tests.harness.office import LAST_WEEK, NONCE, Visitor, World
from tests.web.desk.arrivals.test_scan_answers import SCAN, scan


def family(world: World, *names: str) -> Booking:
    applicants = [make_applicant(name=name) for name in names]
    booking = make_booking(world.session, world.slot().id, *applicants, keyring=world.keyring, now=LAST_WEEK)
    world.session.commit()
    return booking


def states(world: World, booking: Booking) -> set[TicketState]:
    return set(world.afresh().scalars(select(Ticket.state).where(Ticket.booking_id == booking.id)))


def identities(world: World) -> list[IdentityResult | None]:
    return list(world.afresh().scalars(select(CheckIn.identity).order_by(CheckIn.nonce)))


def test_a_match_is_recorded_and_shown(desk: Visitor, world: World) -> None:
    (person,) = scan(desk, world.token(world.book()))["persons"]
    assert person["name"] == "Siti Wahyuni"
    assert re.fullmatch(r"3314\u00a0••••\u00a0••••\u00a0\d{4}", person["nik"])
    answer = desk.post_json(person["identity_url"], {"result": "matches"}).json
    assert answer["persons"][0]["identity"] == "Identitas cocok ✓"
    assert (answer["result"], answer["persons"][0]["identity_url"]) == ("checked_in", "")
    assert answer["undo_url"]
    assert identities(world) == [IdentityResult.MATCHES]


def test_a_typing_error_is_still_served(desk: Visitor, world: World) -> None:
    booking = world.book()
    (person,) = scan(desk, world.token(booking))["persons"]
    answer = desk.post_json(person["identity_url"], {"result": "typing_error"}).json
    assert answer["persons"][0]["identity"] == "Salah ketik, diperbaiki di loket"
    assert states(world, booking) == {TicketState.CHECKED_IN}


def test_another_person_is_not_admitted_and_the_ticket_stays_with_its_owner(
    desk: Visitor, world: World, clock: FixedClock
) -> None:
    booking = world.book()
    (person,) = scan(desk, world.token(booking))["persons"]
    clock.advance(minutes=5)  # found out later than any undo
    answer = desk.post_json(person["identity_url"], {"result": "other_person"}).json
    assert (answer["result"], answer["tone"], answer["word"]) == ("other_person", "stop", "Bukan orangnya")
    assert "Tiket tetap milik pemiliknya" in answer["detail"]
    assert not answer["undo_url"]
    assert states(world, booking) == {TicketState.BOOKED}
    assert scan(desk, world.token(booking), NONCE + "2")["result"] == "checked_in"


def test_without_scripts_the_same_forms_lead_back_to_the_answer(desk: Visitor, world: World) -> None:
    page = desk.get(desk.post(SCAN, {"code": world.token(world.book()), "nonce": NONCE}).location).text
    action = re.search(r'action="([^"]+/identitas)"', page)
    assert action
    done = desk.post(action[1], {"result": "matches"})
    assert done.status_code == 303
    assert "Identitas cocok ✓" in desk.get(done.location).text
    assert desk.post(action[1], {"result": "nonsense"}).status_code == 400


def test_the_scan_page_alone_may_compile_the_decoder(desk: Visitor) -> None:
    assert "'wasm-unsafe-eval'" in desk.get(SCAN).headers["Content-Security-Policy"]
    assert "wasm" not in desk.get("/meja/kedatangan").headers["Content-Security-Policy"]
    decoder = desk.get(
        f"/static/{desk.client.application.extensions['static_version']}/vendor/zxing-wasm/reader/zxing_reader.wasm",
        headers={"Accept-Encoding": "br"},
    )
    assert (decoder.content_type, decoder.headers["Content-Encoding"]) == ("application/wasm", "br")


def test_a_code_admits_the_whole_family(desk: Visitor, world: World) -> None:
    booking = family(world, "Siti Wahyuni", "Budi Santoso")
    answer = scan(desk, booking.code)
    assert (answer["word"], answer["tone"], answer["count"]) == ("Hadir", "ok", "2 orang")
    assert [person["name"] for person in answer["persons"]] == ["Siti Wahyuni", "Budi Santoso"]
    assert scan(desk, booking.code) == answer  # the same nonce
    compared = desk.post_json(answer["everybody_url"], {"result": "matches", "everybody": "1"}).json
    assert {person["identity"] for person in compared["persons"]} == {"Identitas cocok ✓"}
    assert not compared["everybody_url"]
    undone = desk.post_json(answer["undo_url"]).json
    assert (undone["result"], states(world, booking)) == ("undone", {TicketState.BOOKED})


@pytest.mark.parametrize("wrong", [0, 1])
def test_one_of_the_family_is_somebody_else(desk: Visitor, world: World, wrong: int) -> None:
    booking = family(world, "Siti Wahyuni", "Budi Santoso")
    persons = scan(desk, booking.code)["persons"]
    answer = desk.post_json(persons[wrong]["identity_url"], {"result": "other_person"}).json
    assert (answer["result"], answer["word"], answer["tone"]) == ("mixed", "Hadir sebagian", "wait")
    words = [person["word"] for person in answer["persons"]]
    assert (words.pop(wrong), words) == ("Bukan orangnya", ["Hadir"])
    page = desk.get(f"{SCAN}?hasil={answer['scan_id']}").text
    assert "Bukan orangnya" in page
    assert "Budi Santoso" in page


def test_whoever_came_before_is_named_among_the_others(desk: Visitor, world: World) -> None:
    booking = family(world, "Siti Wahyuni", "Budi Santoso")
    scan(desk, world.token(booking))
    answer = scan(desk, booking.code, NONCE + "2")
    assert (answer["word"], answer["tone"]) == ("Hadir", "wait")
    assert [person["word"] for person in answer["persons"]] == ["Sudah hadir", "Hadir"]
    assert "Tercatat" in answer["persons"][0]["detail"]
    desk.post_json(answer["undo_url"])  # takes back what this scan did, and nothing else
    assert states(world, booking) == {TicketState.CHECKED_IN, TicketState.BOOKED}


def test_a_family_of_which_all_have_cancelled(desk: Visitor, world: World) -> None:
    booking = family(world, "Siti Wahyuni", "Budi Santoso")
    change.cancel(world.session, booking.id, now=LAST_WEEK)
    world.session.commit()
    answer = scan(desk, booking.code)
    assert (answer["word"], answer["undo_url"], answer["everybody_url"]) == ("Dibatalkan", "", "")
