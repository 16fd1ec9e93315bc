"""One thread that writes for many: what comes while it waits for the disk goes together into the next transaction."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent import futures
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Wish = TypeVar("Wish")
Result = TypeVar("Result")
Future = asyncio.Future[Result] | futures.Future[Result]  # of somebody in an event loop, or of a thread that waits

LARGEST_GROUP = 64
# Seconds that a group waits for as many as the last one had. Those who were just answered are on their way with the
# next wish, and the first few of them would go alone: half of what a booking costs is shared by its group.
LINGER = 0.005
STANDSTILL = 2.0  # seconds: when the first in the queue has waited so long, nobody else joins it
IDLE = 5.0  # seconds after which a thread without work ends; the next wish starts another one


class GroupWriter(Generic[Wish, Result]):
    """``store`` gets a group and returns a result for each of its wishes; it never raises.

    ``names``: what no two wishes may have in common that are under way. ``busy``: the result of a wish that comes while
    the queue stands still.
    """

    def __init__(
        self,
        name: str,
        store: Callable[[Sequence[Wish]], Sequence[Result]],
        names: Callable[[Wish], Iterable[Hashable]],
        *,
        busy: Result,
    ) -> None:
        self._name, self._store, self._names, self._busy = name, store, names, busy
        self._queue: deque[_Waiting[Wish, Result]] = deque()
        self._taken: set[Hashable] = set()  # the names of all that are under way
        self._changed = threading.Condition()
        self._works = False
        self._enough = 1  # wishes in the queue for which the thread is woken

    def put(self, wish: Wish, result: Future[Result]) -> bool:
        """Let it be stored, and ``result`` told; False when another wish under way has one of its names. A wish whose
        future is done before its turn comes is not stored.
        """
        waiting = _Waiting(wish, frozenset(self._names(wish)), result)
        with self._changed:
            if self._queue and self._queue[0].since < waiting.since - STANDSTILL:
                result.set_result(self._busy)
                return True
            if self._taken & waiting.names:
                return False
            self._taken |= waiting.names
            self._queue.append(waiting)
            if not self._works:
                self._works = True
                threading.Thread(target=self._work, name=self._name, daemon=True).start()
            if len(self._queue) >= self._enough:
                self._changed.notify()
        return True

    def _work(self) -> None:
        last = 1
        while group := self._next_group(last):
            last = len(group)
            wanted = [waiting for waiting in group if not waiting.result.done()]
            results = self._store([waiting.wish for waiting in wanted]) if wanted else ()
            with self._changed:
                self._taken.difference_update(*(waiting.names for waiting in group))
            _tell_all([(waiting.result, result) for waiting, result in zip(wanted, results, strict=True)])

    def _next_group(self, last: int) -> list[_Waiting[Wish, Result]]:
        """Of those who have waited longest; nobody after some time without any."""
        with self._changed:
            self._works = self._have_come(1, IDLE)
            if self._works:
                self._have_come(last, LINGER)
            return [self._queue.popleft() for _ in range(min(len(self._queue), LARGEST_GROUP))]

    def _have_come(self, many: int, within: float) -> bool:
        self._enough = many
        return self._changed.wait_for(lambda: len(self._queue) >= many, within)


@dataclass(eq=False)
class _Waiting(Generic[Wish, Result]):
    wish: Wish
    names: frozenset[Hashable]
    result: Future[Result]
    since: float = field(default_factory=time.monotonic)


def tell(future: Future[Result], result: Result) -> None:
    """For the thread or the loop that may: does nothing for who has been told or does not wait any more."""
    with contextlib.suppress(futures.InvalidStateError):  # gone in this moment
        if not future.done():
            future.set_result(result)


def _tell_all(results: Sequence[tuple[Future[Result], Result]]) -> None:
    """Those of an event loop together: it would wake up for each."""
    of_loops = defaultdict(list)
    for future, result in results:
        if isinstance(future, asyncio.Future):
            of_loops[future.get_loop()].append((future, result))
        else:
            tell(future, result)
    for loop, told in of_loops.items():
        with contextlib.suppress(RuntimeError):  # it has ended, and nobody waits any more
            loop.call_soon_threadsafe(_tell_each, told)


def _tell_each(results: Sequence[tuple[Future[Result], Result]]) -> None:
    for future, result in results:
        tell(future, result)
