"""From the page of a person: they did not stay away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_app.domain.booking import TicketState
from queue_app.domain.roles import Role
from queue_app.models import Booking, Ticket
from queue_app.services.arrivals.no_shows import mark_no_shows
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import Visitor, World, refusals
from tests.web.desk.booking.conftest import actions, at, history, keys

REASON = "Jam server salah"


@pytest.fixture
def missed(world: World, booking: Booking) -> Booking:
    """Of tomorrow, marked today by a clock that stood ahead."""
    assert mark_no_shows(world.afresh(), now=MONDAY_MORNING + timedelta(days=1, hours=14)) == 1
    world.session.commit()
    return booking


def test_with_a_reason_the_ticket_is_valid_again(desk: Visitor, world: World, missed: Booking) -> None:
    assert "a" in keys(desk.get(at(missed)).text)
    assert desk.get(at(missed, "batal-absen")).status_code == 200
    empty = desk.post(at(missed, "batal-absen"), {"reason": ""})
    assert (empty.status_code, len(refusals(empty))) == (422, 1)
    done = desk.post(at(missed, "batal-absen"), {"reason": REASON})
    page = desk.get(done.location).text
    assert "Catatan tidak hadir dibatalkan. Tiketnya berlaku lagi." in page
    said = f"Catatan tidak hadir dibatalkan Alasan: {REASON} Budi desk"
    assert any(line.endswith(said) for line in history(page))
    assert {"p", "b"} <= keys(page)
    assert "a" not in keys(page)
    assert world.afresh().get_one(Ticket, missed.tickets[0].id, populate_existing=True).state is TicketState.BOOKED
    assert ("ticket.booked", "ticket", REASON) in actions(world)
    again = desk.post(at(missed, "batal-absen"), {"reason": REASON})
    assert "keadaan tiket ini sudah berubah" in desk.get(again.location).text


def test_the_audit_says_what_was_taken_back(visitor: Visitor, world: World, missed: Booking) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR)).post(at(missed, "batal-absen"), {"reason": REASON})
    said = visitor.get("/admin/jejak").text
    assert "Catatan tidak hadir dibatalkan" in said
    assert "Kehadiran diurungkan" not in said


def test_after_its_day_it_is_to_be_moved(desk: Visitor, world: World, missed: Booking, clock: FixedClock) -> None:
    desk.sign_in(world, world.staff(Role.DESK), now=clock.advance(days=3))
    done = desk.post(at(missed, "batal-absen"), {"reason": REASON})
    page = desk.get(done.location).text
    assert "Harinya sudah lewat: pindahkan jadwalnya." in page
    assert "p" in keys(page)
    clock.advance(days=7)
    desk.sign_in(world, world.staff(Role.DESK), now=clock.now())
    assert mark_no_shows(world.afresh(), now=clock.now()) == 1
    world.session.commit()
    assert "a" not in keys(desk.get(at(missed)).text)


def test_a_counter_may_not(visitor: Visitor, world: World, missed: Booking) -> None:
    counter = visitor.sign_in(world, world.staff(Role.COUNTER))
    assert "a" not in keys(counter.get(at(missed)).text)
    assert counter.post(at(missed, "batal-absen"), {"reason": REASON}).status_code == 403
