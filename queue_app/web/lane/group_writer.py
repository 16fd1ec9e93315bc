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

    ``names``: what no two wishes of one group may have in common; the later one goes with the next group. ``busy``: the
    result of a wish that comes while the queue stands still.
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
        self._changed = threading.Condition()
        self._works = False

    def put(self, wish: Wish) -> Future[Result]:
        """What will come of it. Cancelled in time, it is not stored."""
        waiting: _Waiting[Wish, Result] = _Waiting(wish)
        with self._changed:
            if self._queue and self._queue[0].since < waiting.since - STANDSTILL:
                waiting.result.set_result(self._busy)
                return waiting.result
            self._queue.append(waiting)
            if not self._works:
                self._works = True
                threading.Thread(target=self._work, name=self._name, daemon=True).start()
            self._changed.notify()
        return waiting.result

    def _work(self) -> None:
        while group := self._next_group():
            results = self._store([waiting.wish for waiting in group])
            for waiting, result in zip(group, results, strict=True):
                waiting.result.set_result(result)

    def _next_group(self) -> list[_Waiting[Wish, Result]]:
        """Of those who have waited longest; nobody after some time without any."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._queue, IDLE):
                self._works = False
                return []
            group: list[_Waiting[Wish, Result]] = []
            later: list[_Waiting[Wish, Result]] = []
            taken: set[Hashable] = set()
            while self._queue and len(group) < LARGEST_GROUP:
                waiting = self._queue.popleft()
                names = set(self._names(waiting.wish))
                if names & taken:
                    later.append(waiting)
                elif waiting.result.set_running_or_notify_cancel():
                    taken |= names
                    group.append(waiting)
            self._queue.extendleft(reversed(later))
        return group


@dataclass(eq=False)
class _Waiting(Generic[Wish, Result]):
    wish: Wish
    since: float = field(default_factory=time.monotonic)
    result: Future[Result] = field(default_factory=Future)
