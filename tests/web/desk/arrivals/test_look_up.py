"""A ticket that a scanner types on some page of staff: looked up, and nothing is recorded or stands in an address."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from queue_app.domain.roles import Role
from queue_app.models import CheckIn, Ticket
from queue_app.services.booking import change
from tests.harness.fakes import FixedClock
from tests.harness.office import LAST_WEEK, NONCE, TOMORROW, Visitor, World

LOOK_UP = "/meja/cari-tiket"


def scans(world: World) -> int:
    return world.afresh().scalar(select(func.count()).select_from(CheckIn)) or 0


@pytest.mark.parametrize("around", ["{}", "]Q1{}", "https://antrean.example/t/{}"])
def test_a_ticket_of_any_day_is_shown_in_its_list(desk: Visitor, world: World, around: str) -> None:
    booking = world.book(TOMORROW)
    token = world.token(booking)
    answer = desk.post(LOOK_UP, {"code": around.format(token)})
    number = booking.tickets[0].id
    assert answer.location == f"/meja/kedatangan?tanggal={TOMORROW}&orang={number}#baris-{number}"
    assert "Siti Wahyuni" in desk.get(answer.location).text
    assert scans(world) == 0


def test_a_booking_code_shows_its_booking(desk: Visitor, world: World) -> None:
    booking = world.book()
    answer = desk.post(LOOK_UP, {"code": booking.code.lower()})
    assert f"baris-{booking.tickets[0].id}" in desk.get(answer.location).text


def test_a_moved_ticket_leads_to_the_one_that_holds(desk: Visitor, world: World) -> None:
    booking = world.book()
    token = world.token(booking)
    slot = world.slot(TOMORROW)
    change.reschedule(world.afresh(), booking.id, slot.id, now=LAST_WEEK)
    world.session.commit()
    answer = desk.post(LOOK_UP, {"code": token})
    latest = world.afresh().scalars(select(Ticket.id).order_by(Ticket.id.desc())).first()
    assert answer.location.endswith(f"#baris-{latest}")


def test_what_cannot_be_looked_up_says_why(desk: Visitor, world: World) -> None:
    cancelled = world.book()
    change.cancel(world.afresh(), cancelled.id, now=LAST_WEEK)
    world.session.commit()
    for code, says in (
        ("0" * 34, "Bukan tiket dari sistem ini"),
        ("", "Bukan tiket dari sistem ini"),
        (world.token(cancelled), "Tiket ini sudah dibatalkan."),
    ):
        answer = desk.post(LOOK_UP, {"code": code})
        assert answer.status_code == 303
        assert says in desk.get(answer.location).text


def test_another_office_s_ticket_names_only_the_office(desk: Visitor, world: World) -> None:
    token = world.token(world.book())
    desk.sign_in(world, world.staff(Role.DESK, world.there))
    page = desk.get(desk.post(LOOK_UP, {"code": token}).location).text
    assert "Tiket ini untuk kantor lain" in page
    assert "Siti" not in page


def test_a_scanner_triggered_twice_keeps_its_first_answer(desk: Visitor, world: World, clock: FixedClock) -> None:
    """Without scripts too, and from the list to the scan page."""
    token = world.token(world.book())
    first = desk.post_json("/meja/pindai", {"code": token, "nonce": NONCE}).json
    clock.advance(seconds=1)
    again = desk.post_json("/meja/pindai", {"code": f"]Q1{token}", "nonce": f"{NONCE}2"}).json
    assert (again["scan_id"], again["word"], again["undo_url"]) == (first["scan_id"], "Hadir", first["undo_url"])
    assert scans(world) == 1
    clock.advance(seconds=2)
    later = desk.post_json("/meja/pindai", {"code": token, "nonce": f"{NONCE}3"}).json
    assert later["word"] == "Sudah hadir"


def test_what_was_taken_back_may_be_scanned_again_at_once(desk: Visitor, world: World) -> None:
    token = world.token(world.book())
    first = desk.post_json("/meja/pindai", {"code": token, "nonce": NONCE}).json
    desk.post_json(first["undo_url"], {})
    again = desk.post_json("/meja/pindai", {"code": token, "nonce": f"{NONCE}2"}).json
    assert again["word"] == "Hadir"
    assert again["scan_id"] != first["scan_id"]
