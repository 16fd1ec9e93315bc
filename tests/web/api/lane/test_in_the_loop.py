"""The lane as the server's event loop asks it: many wait at once, and of those who are refused one asks for all."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import EnvironBuilder

from queue_app.adapters.measures import REQUESTS
from queue_app.adapters.tally import own
from queue_app.db import claiming
from queue_app.web.before_flask import KNOWN_REFUSALS
from queue_app.web.before_flask.wsgi_answer import Answer, Environ, ask
from queue_app.web.lane import LANE, Lane, claims
from tests.concurrency.races import assert_sound
from tests.harness.office import TOMORROW, World
from tests.web.api.lane.conftest import Outcomes
from tests.web.api.program import PERSON, Program

Store = Callable[..., Any]


class Loop:
    """Requests that come in the same moment, and how many of them came to Flask."""

    def __init__(self, app: Flask, program: Program) -> None:
        self._app, self._headers, self._lane = app, program.headers, app.extensions[LANE]
        self.asked = 0

    def ask_all(self, slot_id: int, people: Sequence[int]) -> list[Answer]:
        async def answers() -> list[Answer]:
            return await asyncio.gather(*(self._answer(slot_id, serial) for serial in people))

        with ThreadPoolExecutor(1) as thread:  # the tests' own may have the loop of a browser's driver
            return thread.submit(_run, answers).result()

    async def _answer(self, slot_id: int, serial: int) -> Answer:
        environ = self._environ(slot_id, serial)
        lane: Lane = self._lane
        return await lane.answer(environ, lambda: self._usual(environ))

    def _usual(self, environ: Environ) -> asyncio.Future[Answer]:
        self.asked += 1
        return asyncio.get_running_loop().run_in_executor(None, ask, self._app.wsgi_app, environ)

    def _environ(self, slot_id: int, serial: int) -> Environ:
        person = {**PERSON, "nik": f"33149917030500{serial:02d}"}
        path = f"/api/v1/slots/{slot_id}/bookings"
        builder = EnvironBuilder(path, method="POST", json={"applicant": person}, headers=self._headers)
        return builder.get_environ()


def _run(answers: Callable[[], Coroutine[Any, Any, list[Answer]]]) -> list[Answer]:
    return asyncio.run(answers())


@pytest.fixture
def loop(app: Flask, known: Program) -> Loop:
    return Loop(app, known)


def statuses(answers: list[Answer]) -> Counter[str]:
    return Counter(answer.status[:3] for answer in answers)


def test_of_those_who_are_refused_one_asks_for_all(app: Flask, loop: Loop, world: World, outcomes: Outcomes) -> None:
    app.extensions[KNOWN_REFUSALS].now = lambda: 1000.0  # within one second
    slot = world.slot(TOMORROW)
    answers = loop.ask_all(slot.id, range(1, 31))
    assert statuses(answers) == {"201": slot.capacity, "409": 30 - slot.capacity}
    assert outcomes()["granted"] == slot.capacity
    assert loop.asked == 1
    assert len({answer.body for answer in answers if answer.status.startswith("409")}) == 1
    assert_sound(app)


def test_when_nothing_was_learned_each_asks(app: Flask, loop: Loop, world: World) -> None:
    """As what is kept for a second has just become too old."""
    slot = world.slot(TOMORROW)
    answers = loop.ask_all(slot.id, range(1, 11))
    assert statuses(answers) == {"201": slot.capacity, "409": 10 - slot.capacity}
    assert loop.asked == 10 - slot.capacity


def test_the_same_person_many_times_in_one_moment(app: Flask, loop: Loop, world: World) -> None:
    answers = loop.ask_all(world.slot(TOMORROW).id, [7] * 12)
    assert statuses(answers) == {"201": 1, "409": 11}
    assert world.slot(TOMORROW).booked == 1
    assert_sound(app)


def test_without_the_database_all_are_told_to_come_again(
    app: Flask, loop: Loop, world: World, outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = world.slot(TOMORROW).id

    def away() -> Any:
        raise OperationalError(None, None, Exception("the server is gone"))

    monkeypatch.setattr(claims, "claiming", away)
    answers = loop.ask_all(slot, range(1, 6))
    assert statuses(answers) == {"503": 5}
    assert {answer.header("retry-after") for answer in answers} == {"5"}
    assert outcomes() == {"busy": 5}
    monkeypatch.setattr(claims, "claiming", claiming)
    assert statuses(loop.ask_all(slot, [1])) == {"201": 1}


def test_when_the_lane_itself_fails_flask_does_the_work(
    app: Flask, loop: Loop, world: World, outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: Any, **_keywords: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(claims, "book_many", broken)
    assert statuses(loop.ask_all(world.slot(TOMORROW).id, [1, 2])) == {"201": 2}
    assert outcomes() == {"failed": 2}
    assert_sound(app)


def test_who_was_not_answered_in_time_may_ask_again(
    app: Flask, loop: Loop, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction is under way when patience ends: the place is theirs, and asking again tells them."""
    entered, go_on = threading.Event(), threading.Event()
    book_many = claims.book_many

    def slow(*arguments: Any, **keywords: Any) -> Any:
        entered.set()
        assert go_on.wait(30)
        return book_many(*arguments, **keywords)

    monkeypatch.setattr(claims, "book_many", slow)
    monkeypatch.setattr("queue_app.web.lane.PATIENCE", 0.2)
    slot = world.slot(TOMORROW).id
    loop._headers = {**loop._headers, "Idempotency-Key": "sekali"}
    assert statuses(loop.ask_all(slot, [1])) == {"503": 1}
    assert entered.is_set()
    go_on.set()
    monkeypatch.setattr("queue_app.web.lane.PATIENCE", 30.0)
    assert statuses(loop.ask_all(slot, [1])) == {"201": 1}
    assert world.slot(TOMORROW).booked == 1
    assert_sound(app)


def test_a_refusal_out_of_memory_is_no_answer_of_flask(app: Flask, loop: Loop, world: World) -> None:
    """Who went through the lane in vain, and then met the gate, is counted there alone."""
    app.extensions[KNOWN_REFUSALS].now = lambda: 1000.0
    slot, refused = world.slot(TOMORROW).id, (REQUESTS, "api.book", "409")
    loop.ask_all(slot, range(1, 20))
    before = own.counts[refused]
    assert statuses(loop.ask_all(slot, range(20, 40))) == {"409": 20}
    assert own.counts[refused] == before
