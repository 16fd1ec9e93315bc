"""The same race over processes that share nothing but the database: what several web servers do."""

from __future__ import annotations

import multiprocessing.forkserver
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask

from queue_app.config import Settings
from tests.concurrency.conftest import Place
from tests.concurrency.desk_process import book_many
from tests.concurrency.races import assert_sound, booked_of, tickets_of

PROCESSES, REQUESTS, PLACES = 4, 50, 50


@pytest.mark.slow
def test_fifty_places_and_four_processes(app: Flask, settings: Settings, opened: Callable[..., Place]) -> None:
    place = opened(capacity=PLACES // 2)
    slots = list(place.slots[0])
    # Each process from one that has only imported the program: nothing is inherited, and it is read once.
    multiprocessing.set_forkserver_preload(["tests.concurrency.desk_process"])
    context = multiprocessing.get_context("forkserver")
    start, results = context.Barrier(PROCESSES), context.Queue()
    processes = [
        context.Process(
            target=book_many,
            args=(settings.instance, settings.database_url, slots, 100 * number, REQUESTS, start, results),
        )
        for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    answers: Counter[str] = Counter()
    numbers = []
    for _ in processes:
        some_answers, some_numbers = results.get(timeout=120)
        answers += some_answers
        numbers += some_numbers
    for process in processes:
        process.join(30)
        assert process.exitcode == 0
    assert answers == {"booked": PLACES, "slot_full": PROCESSES * REQUESTS - PLACES}
    assert len(set(numbers)) == len(tickets_of(app)) == PLACES
    assert [booked_of(app, slot) for slot in slots] == [PLACES // 2] * 2
    assert_sound(app)
