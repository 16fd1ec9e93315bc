"""Bodies under way: how long one may take, how many there may be, and who makes room."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest

from queue_app.server import bodies
from queue_app.server.bodies import NO_ROOM, TOO_SLOW, Bodies
from queue_app.web.before_flask.body import LARGEST_BODY, MALFORMED

Read = asyncio.Task[Any]


class Sender:
    """granian's side of one request: its body comes when ``send`` says so."""

    def __init__(self) -> None:
        self._body: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def send(self, body: bytes) -> None:
        self._body.set_result(body)

    def break_off(self) -> None:
        self._body.set_exception(RuntimeError("the connection is gone"))

    def __call__(self) -> Awaitable[bytes]:
        return self._body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 1024 + 100):
            yield b" " * 1024


def posted(address: str, **headers: str) -> dict[str, Any]:
    return {"REMOTE_ADDR": address, "CONTENT_LENGTH": "3", "wsgi.input": BytesIO(), **headers}


def run_in_a_loop(test: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """In a thread of its own: the one of the tests may have the loop of a browser's driver."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, test()).result()


def in_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    def run() -> None:
        run_in_a_loop(test)

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


async def begun(reading: Bodies, address: str, senders: int) -> list[Read]:
    tasks = [asyncio.create_task(reading.read(posted(address), Sender())) for _ in range(senders)]
    await asyncio.sleep(0)
    return tasks


@in_a_loop
async def test_a_body_is_there_when_it_has_come() -> None:
    sender, environ = Sender(), posted("192.0.2.1")
    reading = asyncio.create_task(Bodies().read(environ, sender))
    await asyncio.sleep(0)
    sender.send(b"a=1")
    assert await reading is None
    assert environ["wsgi.input"].read() == b"a=1"


@in_a_loop
async def test_a_sender_that_breaks_off_has_sent_nothing() -> None:
    sender = Sender()
    reading = asyncio.create_task(Bodies().read(posted("192.0.2.1"), sender))
    await asyncio.sleep(0)
    sender.break_off()
    assert await reading == MALFORMED


@in_a_loop
async def test_of_a_body_without_a_length_no_more_is_read_than_shows_that_it_is_too_large() -> None:
    environ = posted("192.0.2.1", HTTP_TRANSFER_ENCODING="chunked")
    assert await Bodies().read(environ, Sender()) is None
    assert LARGEST_BODY < len(environ["wsgi.input"].read()) <= LARGEST_BODY + 1024


def test_who_sends_too_slowly_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.0)
    assert run_in_a_loop(_never_finished) == TOO_SLOW


async def _never_finished() -> Any:
    return await Bodies().read(posted("192.0.2.1"), Sender())


@in_a_loop
async def test_one_address_cannot_take_the_places_of_others() -> None:
    reading = Bodies()
    held = await begun(reading, "192.0.2.1", bodies.MOST_OF_ONE)
    assert await reading.read(posted("192.0.2.1"), Sender()) == NO_ROOM
    other = Sender()
    other.send(b"a=1")
    assert await reading.read(posted("192.0.2.2"), other) is None
    reading.give_up()
    assert {await task for task in held} == {TOO_SLOW}


@in_a_loop
async def test_behind_a_proxy_everybody_has_an_own_address() -> None:
    reading = Bodies(trusted_proxies=1)
    held = [
        asyncio.create_task(reading.read(posted("127.0.0.1", HTTP_X_FORWARDED_FOR=f"10.0.0.1, 192.0.2.{n}"), Sender()))
        for n in range(bodies.MOST_OF_ONE + 1)
    ]
    await asyncio.sleep(0)
    assert not any(task.done() for task in held)
    reading.give_up()
    await asyncio.gather(*held)


@in_a_loop
async def test_all_addresses_together_have_their_limit_too() -> None:
    reading = Bodies()
    senders = bodies.MOST // bodies.MOST_OF_ONE
    held = [task for n in range(senders) for task in await begun(reading, f"192.0.2.{n}", bodies.MOST_OF_ONE)]
    assert await reading.read(posted("198.51.100.1"), Sender()) == NO_ROOM
    reading.give_up()
    await asyncio.gather(*held)
    late = Sender()
    late.send(b"a=1")
    assert await reading.read(posted("198.51.100.1"), late) is None, "they gave their places back"


def test_when_many_are_slow_who_has_been_at_it_longest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SLOW", 0.0)
    run_in_a_loop(_takes_turns)


async def _takes_turns() -> None:
    reading = Bodies()
    held = await begun(reading, "192.0.2.1", bodies.MOST_SLOW_OF_ONE)
    other = await begun(reading, "192.0.2.2", 1)
    await asyncio.sleep(0.01)
    # All of them are slow before any of those who make room has noticed: each takes a place of its own.
    more = await begun(reading, "192.0.2.1", 3)
    await asyncio.sleep(0.01)
    assert [task.done() for task in held] == [True] * 3 + [False] * (bodies.MOST_SLOW_OF_ONE - 3)
    assert not any(task.done() for task in (*more, *other))
    reading.give_up()
    await asyncio.gather(*held, *more, *other)


@in_a_loop
async def test_a_town_behind_one_address_sends_its_forms_in_the_same_moment() -> None:
    reading, senders = Bodies(), [Sender() for _ in range(20 * bodies.MOST_SLOW_OF_ONE)]
    tasks = [asyncio.create_task(reading.read(posted("192.0.2.1"), sender)) for sender in senders]
    await asyncio.sleep(0)
    for sender in senders:
        sender.send(b"a=1")
    assert await asyncio.gather(*tasks) == [None] * len(senders)
