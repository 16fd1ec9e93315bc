"""The thread that writes for many: who goes together, who waits for the next group, and who is turned away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from unittest.mock import patch

import pytest

from queue_app.web.lane import group_writer
from queue_app.web.lane.group_writer import LARGEST_GROUP, GroupWriter

Wish = tuple[str, ...]  # its names; the first one is its result
LIMIT = 30  # seconds that a test waits for a thread


class Store:
    """Keeps each group, and stands still at a gate."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.gate, self.arrived = threading.Event(), threading.Event()
        self.gate.set()
        self.writer = GroupWriter[Wish, str]("test", self, iter, busy="busy")

    def __call__(self, many: Sequence[Wish]) -> list[str]:
        self.arrived.set()
        assert self.gate.wait(LIMIT)
        self.groups.append([wish[0] for wish in many])
        return [wish[0] for wish in many]

    def stand_still(self) -> Future[str]:
        """With one wish of a group of its own."""
        self.gate.clear()
        self.arrived.clear()
        first = self.put(("first",))
        assert self.arrived.wait(LIMIT)
        return first

    def put(self, wish: Wish) -> Future[str]:
        result: Future[str] = Future()
        assert self.writer.put(wish, result)
        return result


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.gate.set()


def test_what_comes_while_it_writes_goes_together(store: Store) -> None:
    waiting = [store.stand_still(), *(store.put((str(n),)) for n in range(LARGEST_GROUP + 6))]
    store.gate.set()
    assert [one.result(LIMIT) for one in waiting] == ["first", *map(str, range(LARGEST_GROUP + 6))]
    assert [len(group) for group in store.groups] == [1, LARGEST_GROUP, 6]


def test_a_group_waits_for_as_many_as_the_last_one_had(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was just answered comes again in a moment, and the first of them shall not go alone."""
    monkeypatch.setattr(group_writer, "LINGER", LIMIT)
    store.stand_still()
    last = [store.put((f"last {n}",)) for n in range(3)]
    store.gate.set()
    wait_for(last, LIMIT)
    waiting = [store.put(("a",)), store.put(("b",))]
    assert not wait_for(waiting, 0.1).done
    wait_for([*waiting, store.put(("c",))], LIMIT)
    assert store.groups == [["first"], ["last 0", "last 1", "last 2"], ["a", "b", "c"]]


def test_it_waits_for_the_others_no_longer_than_a_moment(store: Store) -> None:
    store.stand_still()
    last = [store.put((f"last {n}",)) for n in range(3)]
    store.gate.set()
    wait_for(last, LIMIT)
    assert store.put(("alone",)).result(LIMIT) == "alone"


def test_an_event_loop_is_woken_once_for_a_group(store: Store) -> None:
    async def many() -> tuple[list[str], int]:
        loop = asyncio.get_running_loop()
        results = [loop.create_future() for _ in range(20)]
        gone = loop.create_future()
        with patch.object(loop, "call_soon_threadsafe", wraps=loop.call_soon_threadsafe) as wake_up:
            for n, result in enumerate(results):
                assert store.writer.put((str(n),), result)
            assert store.writer.put(("gone",), gone)
            gone.cancel()
            store.gate.set()
            return list(await asyncio.gather(*results)), wake_up.call_count

    store.stand_still()
    with ThreadPoolExecutor(1) as thread:  # the tests' own may have the loop of a browser's driver
        results, woken = thread.submit(asyncio.run, many()).result(LIMIT)
    assert results == [str(n) for n in range(20)]
    assert store.groups == [["first"], results]
    assert woken == 1


def test_a_loop_that_has_ended_needs_no_answer(store: Store) -> None:
    async def leave() -> None:
        assert store.writer.put(("left",), asyncio.get_running_loop().create_future())

    store.stand_still()
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, leave()).result(LIMIT)
    stays = store.put(("stays",))
    store.gate.set()
    assert stays.result(LIMIT) == "stays"
    assert store.put(("next",)).result(LIMIT) == "next"


def test_no_name_is_under_way_twice(store: Store) -> None:
    store.stand_still()
    waiting = [store.put(wish) for wish in [("a", "siti"), ("c", "budi"), ("e",)]]
    assert not store.writer.put(("b", "siti"), Future())
    assert not store.writer.put(("d", "wati", "budi"), Future())
    store.gate.set()
    wait_for(waiting, LIMIT)
    assert store.groups == [["first"], ["a", "c", "e"]]
    assert store.put(("b", "siti")).result(LIMIT) == "b"


def test_who_has_gone_leaves_the_name_to_others(store: Store) -> None:
    store.stand_still()
    assert store.put(("gone", "siti")).cancel()
    store.gate.set()
    assert store.put(("stays",)).result(LIMIT) == "stays"
    assert store.put(("a", "siti")).result(LIMIT) == "a"


def test_who_has_gone_is_not_stored(store: Store) -> None:
    store.stand_still()
    gone, stays = store.put(("gone",)), store.put(("stays",))
    assert gone.cancel()
    store.gate.set()
    assert stays.result(LIMIT) == "stays"
    assert store.groups == [["first"], ["stays"]]
    with pytest.raises(CancelledError):
        gone.result(0)


def test_while_it_stands_still_nobody_joins(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = store.stand_still()
    second = store.put(("second",))
    monkeypatch.setattr(group_writer, "STANDSTILL", -1.0)
    assert store.put(("third",)).result(0) == "busy"
    store.gate.set()
    assert [first.result(LIMIT), second.result(LIMIT)] == ["first", "second"]


def test_a_thread_without_work_ends_and_the_next_wish_starts_another(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_writer, "IDLE", 0.01)
    assert store.put(("a",)).result(LIMIT) == "a"
    for thread in _threads():
        thread.join(LIMIT)
    assert not _threads()
    assert store.put(("b",)).result(LIMIT) == "b"


def test_many_threads_put_and_each_gets_its_own(store: Store) -> None:
    got: dict[str, str] = {}

    def put(name: str) -> Callable[[], None]:
        return lambda: got.update({name: store.put((name, f"person {name}")).result(LIMIT)})

    threads = [threading.Thread(target=put(str(n))) for n in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    assert got == {str(n): str(n) for n in range(200)}


def _threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "test"]
