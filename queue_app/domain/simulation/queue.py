"""The queue of one service, by the published rule (`domain/calling.py`) as far as it can matter for a whole day."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from queue_app.domain.calling import NEVER_YET, CallingRules

Rank = tuple[float, bool, float, int]  # window, late, when they came, who
Heap = list[Rank]


class Visitor(NamedTuple):
    """Somebody who comes. ``seconds``: from the call until the counter is free; ``window``: when theirs begins, of a
    walk-in the moment in which they came.
    """

    at: float
    service: int
    seconds: float
    window: float
    late: bool = False
    priority: bool = False
    walk_in: bool = False


class Queue:
    """Of each kind those without and with priority; within one window a set ratio mixes them, and another one mixes in
    those without an appointment. The tests play days through both this and `call_order`.
    """

    def __init__(self, rules: CallingRules) -> None:
        self._rules = rules
        self._booked: tuple[Heap, Heap] = ([], [])
        self._walk_ins: tuple[Heap, Heap] = ([], [])
        self._appointments_since_walk_in = 0
        self._regular_since_priority = NEVER_YET
        self._first: Heap | None = None  # known until somebody comes or goes
        self.waiting = 0

    def add(self, number: int, visitor: Visitor) -> None:
        kind = self._walk_ins if visitor.walk_in else self._booked
        # Walk-ins have no windows: who came first is first.
        stands = (0.0, False) if visitor.walk_in else (visitor.window, visitor.late)
        heappush(kind[visitor.priority], (*stands, visitor.at, number))
        self.waiting += 1
        self._first = None

    def head(self, now: float) -> tuple[bool, float, float, int]:
        """How the next one stands beside those of other queues: who stands earliest is called before them."""
        heap = self._next(now)
        window, _late, at, number = heap[0]
        since = at if self._is_of_walk_ins(heap) else window
        return since > now, since, at, number

    def take(self, now: float) -> int:
        heap = self._next(now)
        priority = heap is self._booked[1] or heap is self._walk_ins[1]
        self._appointments_since_walk_in = 0 if self._is_of_walk_ins(heap) else self._appointments_since_walk_in + 1
        self._regular_since_priority = 0 if priority else self._regular_since_priority + 1
        self.waiting -= 1
        self._first = None
        return heappop(heap)[3]

    def everybody(self) -> Iterator[int]:
        for heap in (*self._booked, *self._walk_ins):
            yield from (rank[3] for rank in heap)

    def _next(self, now: float) -> Heap:
        """The heap whose first one is called. The moment matters only where somebody without an appointment waits."""
        if self._first is None or self._walk_ins[0] or self._walk_ins[1]:
            self._first = self._found(now)
        return self._first

    def _found(self, now: float) -> Heap:
        group = min((heap[0][:2] for heap in self._booked if heap), default=None)
        turn_of_walk_in = self._appointments_since_walk_in >= self._rules.appointments_per_walk_in
        turn_of_priority = self._regular_since_priority >= self._rules.regular_per_priority
        walk_ins = self._walk_ins
        if group is None or ((walk_ins[0] or walk_ins[1]) and (turn_of_walk_in or group[0] > now)):
            return walk_ins[turn_of_priority] or walk_ins[not turn_of_priority]
        first = self._booked[turn_of_priority]
        return first if first and first[0][:2] == group else self._booked[not turn_of_priority]

    def _is_of_walk_ins(self, heap: Heap) -> bool:
        return heap is self._walk_ins[0] or heap is self._walk_ins[1]
