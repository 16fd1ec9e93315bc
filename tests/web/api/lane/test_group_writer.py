"""The thread that writes for many: who goes together, who waits for the next group, and who is turned away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import wait as wait_for

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
        waiting = self.writer.put(wish)
        assert waiting is not None
        return waiting


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


def test_no_name_is_under_way_twice(store: Store) -> None:
    store.stand_still()
    waiting = [store.put(wish) for wish in [("a", "siti"), ("c", "budi"), ("e",)]]
    assert store.writer.put(("b", "siti")) is None
    assert store.writer.put(("d", "wati", "budi")) is None
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
