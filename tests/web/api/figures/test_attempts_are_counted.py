"""Each refused claim counts once, whether the application refuses it or what is known of the slot."""

from __future__ import annotations

from queue_app.adapters.refused import refused
from tests.harness.factories import make_nik
from tests.harness.office import TOMORROW, World
from tests.web.api.program import PERSON, Program


def test_each_refusal_counts_once_and_no_booking_does(program: Program, world: World) -> None:
    refused.take()
    slot_id = world.slot(TOMORROW).id
    answers = [program.book(slot_id, {**PERSON, "nik": make_nik().digits}).status_code for _ in range(7)]
    full = answers.count(409)
    assert full == 5
    assert refused.take() == {(slot_id, "slot_full"): full}
    program.book(slot_id, {**PERSON, "nik": "1"})
    assert not refused
