"""The same request many times at the same moment: one booking, and everybody gets its answer."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from queue_app.models import Booking, CheckIn
from tests.concurrency.races import assert_sound
from tests.harness.office import TODAY, TOMORROW, World
from tests.web.api.program import PERSON, Program

TIMES = 20


def at_once(app: Flask, key: str, send: Callable[[Program, int], Any]) -> list[Any]:
    """What ``send(program, turn)`` got in each of as many threads, all beginning together."""
    start, got = threading.Barrier(TIMES), []

    def run(turn: int) -> None:
        program = Program(FlaskClient(app, app.response_class), key)
        start.wait(30)
        got.append(send(program, turn))

    threads = [threading.Thread(target=run, args=(turn,), daemon=True) for turn in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(got) == TIMES
    return got


def test_one_key_twenty_times(app: Flask, world: World, make_key: Callable[..., str]) -> None:
    slot = world.slot(TOMORROW).id
    answers = at_once(app, make_key(), lambda program, turn: program.book(slot, key="the-same"))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert world.slot(TOMORROW).booked == 1
    assert_sound(app)


def test_control_without_a_key_the_others_are_refused(app: Flask, world: World, make_key: Callable[..., str]) -> None:
    """The index on persons still stands; but nineteen do not learn that they have a booking."""
    slot = world.slot(TOMORROW).id
    answers = at_once(app, make_key(), lambda program, turn: program.book(slot))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: TIMES - 1}


def test_another_body_under_the_same_key(app: Flask, world: World, make_key: Callable[..., str]) -> None:
    slot = world.slot(TOMORROW).id
    people = [{**PERSON, "nik": f"33149917030500{turn + 1:02d}"} for turn in range(TIMES)]
    answers = at_once(app, make_key(), lambda program, turn: program.book(slot, people[turn], key="the-same"))
    assert Counter(answer.json.get("code") for answer in answers if answer.status_code != 201) == {
        "request_changed": TIMES - 1
    }
    assert world.afresh().scalar(select(func.count()).select_from(Booking)) == 1
    assert_sound(app)


def test_one_scan_twenty_times(app: Flask, world: World, make_key: Callable[..., str]) -> None:
    body = {"token": world.token(world.book(TODAY, 9)), "office": "sragen", "nonce": "nonce-001"}
    answers = at_once(app, make_key(), lambda program, turn: program.post("/check-ins", body))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert world.afresh().scalar(select(func.count()).select_from(CheckIn)) == 1
    assert_sound(app)
