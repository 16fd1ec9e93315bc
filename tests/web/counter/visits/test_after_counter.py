"""After the counter: the guaranteed further visit of whom it failed for, and what the list of arrivals shows."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from queue_app.domain.booking import TicketState
from queue_app.domain.roles import Role
from queue_app.domain.visits import VisitState
from queue_app.models import Booking, Slot
from tests.harness.at_counters import PAGE, Officer, arrive, visit_of
from tests.harness.office import Visitor, World
from tests.web.citizen import text_of


@pytest.mark.parametrize("capacity", [6, 0])
def test_a_failed_capture_leads_to_a_guaranteed_visit(officer: Officer, world: World, capacity: int) -> None:
    """Outside the public quota, whether there are public places left or none; printed at once; no second one."""
    ticket = arrive(world)
    for slot in world.afresh().scalars(select(Slot).where(Slot.booked == 0)):
        slot.planned = slot.capacity = capacity
    world.session.commit()
    officer.presses("p", "m")
    assert officer.press("s", outcome="failed_fingerprint").status_code == 303
    page = text_of(officer.look())
    assert "A-011, Gagal: sidik jari: tawarkan datang lagi" in page
    assert "Fotokopi KK" in page
    assert "Tangan bersih dan kering" in page
    hours = re.findall(r'name="starts_at" type="radio" value="([^"]+)"', officer.shown)
    refused = officer.press("d")
    assert officer.notice == "Pilih dulu jam kedatangan berikutnya."
    assert refused.location == PAGE
    offered = re.search(r'name="request_key"[^>]*value="([^"]+)"', officer.look()).group(1)
    answers = [
        officer.visitor.post(f"/loket/{ticket.id}/datang-lagi", {"request_key": offered, "starts_at": hours[1]})
        for _twice in range(2)
    ]
    booking = world.afresh().scalars(select(Booking).order_by(Booking.id.desc())).first()
    assert {answer.location for answer in answers} == {f"/meja/cetak/{booking.id}"}
    assert {answer.status_code for answer in answers} == {307}  # printing gets the form as well
    (again,) = booking.tickets
    assert (again.state, again.person_index) == (TicketState.BOOKED, ticket.person_index)
    assert (again.slot.capacity - again.slot.booked, again.slot.booked) == (capacity, 1)
    page = text_of(officer.look())
    assert f"A-011 datang lagi dengan nomor A-{again.queue_number:03d}" in page
    assert "d" not in officer.keys
    printed = officer.visitor.post(answers[0].location, {"printer": "80mm"}, follow_redirects=True)
    assert printed.status_code == 200
    officer.presses("z")  # it has not failed after all: what is booked stays, and the desk cancels it
    assert "datang lagi dengan" not in text_of(officer.look())


def test_the_list_of_arrivals_shows_the_counter_and_takes_back_who_was_absent(
    officer: Officer, world: World, client: FlaskClient
) -> None:
    ticket = arrive(world)
    officer.presses("p")
    desk = Visitor(client.application.test_client()).sign_in(world, world.staff(Role.DESK))

    def row() -> str:
        return re.search(rf'id="baris-{ticket.id}".*?</tr>', desk.get("/meja/kedatangan").text, re.S).group(0)

    assert "Loket 1" in row()
    assert 'data-key="m"' not in row()  # the counter's
    officer.presses("u", "u", "l", "p", "u", "u", "l")
    back = re.search(r'data-key="a"[^>]*formaction="([^"]+)"', row()).group(1)
    for _twice in range(2):
        desk.post(back, {"nonce": "n" * 20, "dari": "absent"})
        assert visit_of(world, ticket).state is VisitState.WAITING
