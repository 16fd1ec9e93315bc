"""People book, give back and move all at once, for a while: places and numbers must come out even."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from queue_app.domain.booking import TicketState
from tests.concurrency.races import assert_sound, booked_of
from tests.faults.clients import Client, Task, Wish
from tests.faults.conftest import LONG
from tests.faults.ledger import compare

SECONDS = 30 if LONG else 6
CLIENTS, HOURS, PLACES = 12, (8, 9, 10, 11), 5
FORGOTTEN = 1.2  # seconds after which a worker asks the database again whether a slot is full


def test_booking_and_cancelling_in_a_storm(opened: Callable[..., list[int]], trial: Any, wish: Any) -> None:
    slots = opened(capacity=PLACES, hours=HOURS)

    def come_and_go(client: Client, wish: Wish) -> str:
        answer = client.insist(wish)
        if not answer.booked:
            return str(answer.code)
        again = client.insist(wish)  # as if the answer had been lost, while others go on hearing "full"
        assert again.body == answer.body, again
        code, token = answer.body["code"], answer.body["token"]
        if wish.person % 3 == 0:  # every third moves to another slot first, when there is a place
            other = {"slot_id": slots[slots.index(wish.slot_id) - 1]}
            moved = client.ask("POST", f"/api/v1/bookings/{code}/reschedule", other, {"Ticket-Token": token})
            assert moved.booked or moved.code == "slot_full", moved
            token = moved.body["token"] if moved.booked else token
        cancelled = client.cancel(code, token)
        assert cancelled.status == 200, cancelled
        return "cancelled"

    def tasks() -> Iterator[Task]:
        until = time.monotonic() + SECONDS
        for turn in itertools.count():
            if time.monotonic() > until:
                return
            # Every second wants the first slot, which is full therefore; the rest spreads and comes and goes freely.
            yield partial(come_and_go, wish=wish(slots[turn % 2 * (1 + turn // 2 % 3)]))

    with trial() as running:
        results = running.crowd.do(tasks(), CLIENTS)
        # At the end all places are free, and nobody goes on hearing "full": they can be had again, each once.
        time.sleep(FORGOTTEN)
        last = [wish(slot) for slot in slots for _ in range(2 * PLACES)]
        answers = running.crowd.do([partial(Client.insist, wish=wanted) for wanted in last], CLIENTS)
    assert Counter(answer.code for answer in answers) == {None: len(slots) * PLACES, "slot_full": len(slots) * PLACES}
    assert results.count("cancelled") > 3 * SECONDS, "hardly a storm"
    _account, stored = compare(running.app, running.crowd.folder)
    assert [booked_of(running.app, slot) for slot in slots] == [PLACES] * len(slots)
    active = [booking for booking in stored if booking.states[-1] is TicketState.BOOKED]
    assert len(active) == len(slots) * PLACES
    assert_sound(running.app)
