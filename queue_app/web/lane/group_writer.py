"""One thread that writes for many: what comes while it waits for the disk goes together into the next transaction."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Wish = TypeVar("Wish")
Result = TypeVar("Result")

LARGEST_GROUP = 64
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

    def put(self, wish: Wish) -> Future[Result] | None:
        """The result to come; None when another wish under way has one of its names. Cancelled in time, it is not
        stored.
        """
        waiting: _Waiting[Wish, Result] = _Waiting(wish, frozenset(self._names(wish)))
        with self._changed:
            if self._queue and self._queue[0].since < waiting.since - STANDSTILL:
                waiting.result.set_result(self._busy)
                return waiting.result
            if self._taken & waiting.names:
                return None
            self._taken |= waiting.names
            self._queue.append(waiting)
            if not self._works:
                self._works = True
                threading.Thread(target=self._work, name=self._name, daemon=True).start()
            self._changed.notify()
        return waiting.result

    def _work(self) -> None:
        while group := self._next_group():
            wanted = [waiting for waiting in group if waiting.result.set_running_or_notify_cancel()]
            results = self._store([waiting.wish for waiting in wanted]) if wanted else ()
            with self._changed:
                self._taken.difference_update(*(waiting.names for waiting in group))
            for waiting, result in zip(wanted, results, strict=True):
                waiting.result.set_result(result)

    def _next_group(self) -> list[_Waiting[Wish, Result]]:
        """Of those who have waited longest; nobody after some time without any."""
        with self._changed:
            self._works = self._changed.wait_for(lambda: bool(self._queue), IDLE)
            return [self._queue.popleft() for _ in range(min(len(self._queue), LARGEST_GROUP))]


@dataclass(eq=False)
class _Waiting(Generic[Wish, Result]):
    wish: Wish
    names: frozenset[Hashable]
    since: float = field(default_factory=time.monotonic)
    result: Future[Result] = field(default_factory=Future)
