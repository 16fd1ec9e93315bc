"""`kill -9` of workers in the rush: who was told "booked" has a place, and who was told nothing can ask again."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from queue_app.config import Settings
from queue_app.domain.booking import TicketState
from tests.concurrency.races import assert_sound, booked_of
from tests.faults.clients import Client, Task, Wish
from tests.faults.conftest import LONG
from tests.faults.ledger import compare, read_bookings, read_ledgers

ROUNDS = 20 if LONG else 6
PAUSE = 0.5  # seconds between two kills
CLIENTS = 16
HOURS = tuple(range(8, 16))
PLACES = 2_000  # in each slot: there is always something to lose


def test_workers_killed_in_a_rush(opened: Callable[..., list[int]], trial: Any, wish: Any) -> None:
    slots = opened(capacity=PLACES, hours=HOURS)
    chance = random.Random(1)
    over = threading.Event()
    left: list[Wish] = []

    def leave(client: Client, wish: Wish) -> None:
        left.append(wish)
        client.leave(wish)

    def tasks() -> Iterator[Task]:
        for turn in itertools.count():
            if over.is_set():
                return
            wanted = wish(slots[turn % len(slots)])
            yield partial(leave if chance.random() < 0.1 else Client.insist, wish=wanted)

    with trial() as running:
        with running.crowd.doing(tasks(), CLIENTS):
            for turn in range(ROUNDS):
                time.sleep(PAUSE)
                running.server.wait(lambda: bool(running.server.workers()))
                workers = running.server.workers()
                running.server.kill(*(workers if turn % 3 == 2 else [chance.choice(workers)]))
            over.set()
        running.server.wait_until_ready()
        assert running.crowd.unanswered > 0, "no request was struck"
        struck = read_ledgers(running.crowd.folder)
        assert struck.unanswered == {wanted.key for wanted in left}
        before = {booking.person: booking.fact for booking in read_bookings(running.app, struck)}
        running.crowd.do([partial(Client.insist, wish=wanted) for wanted in left], CLIENTS)
    account, stored = compare(running.app, running.crowd.folder)
    assert not account.refused
    assert account.acknowledged.keys() == account.sent.keys()
    for wanted in left:
        if wanted.person in before:  # it was stored, but nobody was there to hear of it
            assert account.acknowledged[wanted.key] == {before[wanted.person]}
    assert len(stored) == len(account.sent) == sum(booked_of(running.app, slot) for slot in slots)
    assert all(booking.states == (TicketState.BOOKED,) for booking in stored)
    assert_sound(running.app)


def test_a_worker_killed_between_commit_and_answer(
    opened: Callable[..., list[int]], trial: Any, wish: Any, settings: Settings
) -> None:
    (slot,) = opened(capacity=PLACES)
    wishes = [wish(slot) for _ in range(4 * CLIENTS)]
    with trial("tests.faults.dies_after_commit") as running:
        running.crowd.do([partial(Client.insist, wish=wanted) for wanted in wishes], CLIENTS)
        assert (settings.instance / "died").exists()
        assert running.crowd.unanswered > 0
    account, stored = compare(running.app, running.crowd.folder)
    assert account.acknowledged.keys() == account.sent.keys()
    assert len(stored) == len(wishes) == booked_of(running.app, slot)
    assert_sound(running.app)
