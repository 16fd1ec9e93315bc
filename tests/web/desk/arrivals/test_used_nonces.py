"""A nonce answers for one act: used again for somebody else it records nothing, and says so."""

from __future__ import annotations

import re

from sqlalchemy import select

from queue_app.domain.booking import TicketState
from queue_app.models import CheckIn, Ticket
from tests.harness.office import NONCE, Visitor, World, refusals

SCAN = "/meja/pindai"


def test_a_page_that_somebody_went_back_to_does_not_answer_for_the_person_before(desk: Visitor, world: World) -> None:
    first, second = world.book(), world.book(name="Budi Santoso")
    assert desk.post(SCAN, {"code": world.token(first), "nonce": NONCE}).status_code == 303
    again = desk.post(SCAN, {"code": second.code, "nonce": NONCE})
    assert again.status_code == 409
    assert "sudah dipakai untuk orang lain" in refusals(again)[0]
    assert f'value="{second.code}"' in again.text  # as it was typed, and ready to be sent with a new nonce
    fresh = re.search(r'name="nonce"[^>]*value="([^"]+)"', again.text).group(1)
    assert world.afresh().get_one(Ticket, second.tickets[0].id).state is TicketState.BOOKED
    assert desk.post(SCAN, {"code": second.code, "nonce": fresh}).status_code == 303
    found = world.afresh().get_one(Ticket, second.tickets[0].id, populate_existing=True)
    assert found.state is TicketState.CHECKED_IN


def test_the_script_is_told_as_well(desk: Visitor, world: World) -> None:
    first, second = world.book(), world.book(hour=13)
    for _twice in range(2):
        assert desk.post_json(SCAN, {"code": world.token(first), "nonce": NONCE}).json["result"] == "checked_in"
    for typed in (world.token(second), second.code, "7KX92MQA"):
        answer = desk.post_json(SCAN, {"code": typed, "nonce": NONCE})
        assert (answer.status_code, answer.json["code"]) == (409, "request_changed")
    assert len(world.afresh().scalars(select(CheckIn)).all()) == 1
