"""The page of the person before: a kiosk must not answer from it for the next one."""

from __future__ import annotations

from queue_app.domain.booking import TicketState
from queue_app.models import Ticket
from tests.harness.office import NONCE, World
from tests.web.kiosk.touch import TICKET, Kiosk


def test_a_used_page_admits_nobody_else(kiosk: Kiosk, world: World) -> None:
    first, second = world.book(), world.book(hour=13)
    for _twice in range(2):
        assert "A-011" in kiosk.send(TICKET, code=world.token(first), key=NONCE).text
    told = kiosk.send(TICKET, code=world.token(second), key=NONCE).text
    assert "Halaman ini sudah dipakai orang lain" in told
    assert "A-011" not in told
    assert world.afresh().get_one(Ticket, second.tickets[0].id).state is TicketState.BOOKED
