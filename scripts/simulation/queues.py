"""The queues that requests stand in: processor cores, and a disk that many commits share. Time is simulated."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter, deque
from collections.abc import Callable

Act = Callable[[], None]


class Events:
    """What happens next. ``now``: seconds since the opening, below zero before it."""

    def __init__(self) -> None:
        self.now = float("-inf")
        self._heap: list[tuple[float, int, Act]] = []
        self._serial = itertools.count()

    def at(self, when: float, act: Act) -> None:
        heapq.heappush(self._heap, (when, next(self._serial), act))

    def run(self) -> None:
        """Until nothing is left to happen."""
        while self._heap:
            self.now, _, act = heapq.heappop(self._heap)
            act()


class Busy:
    """Seconds of work in each second, over all who worked."""

    def __init__(self) -> None:
        self._seconds: dict[int, float] = {}

    def work(self, begin: float, length: float, servers: float = 1) -> None:
        end = begin + length
        while begin < end:
            second = int(begin // 1)
            until = min(end, second + 1)
            self._seconds[second] = self._seconds.get(second, 0) + (until - begin) * servers
            begin = until

    def share(self, first: int, seconds: int, servers: int) -> float:
        """Of what so many could have worked in so many seconds."""
        return sum(self._seconds.get(first + second, 0) for second in range(seconds)) / (seconds * servers)


class Cores:
    """First come, first served. What a job costs is asked when a core begins with it: much has changed by then.

    ``together``: for how many one job stands, which in truth would be spread over as many cores. So many cores are one
    here, and as much quicker.
    """

    def __init__(self, events: Events, cores: int, together: float = 1) -> None:
        self._events = events
        self._free = max(1, int(cores / together))
        self._quicker = cores / self._free
        self._waiting: deque[tuple[Callable[[], float], Act]] = deque()
        self.busy = Busy()

    def ask(self, cost: Callable[[], float], done: Act) -> None:
        """``cost`` in seconds of one core."""
        if self._free:
            self._free -= 1
            self._begin(cost, done)
        else:
            self._waiting.append((cost, done))

    def _begin(self, cost: Callable[[], float], done: Act) -> None:
        length = cost() / self._quicker
        self.busy.work(self._events.now, length, self._quicker)

        def end() -> None:
            if self._waiting:
                self._begin(*self._waiting.popleft())
            else:
                self._free += 1
            done()

        self._events.at(self._events.now + length, end)


class Disk:
    """Group commit: a flush takes all that wait, but of one row no more than a single transaction brings.

    ``group``: claims that a transaction holds. The row that everybody wants is locked until the flush is over, so who
    wants it in another transaction waits for the next one.
    """

    def __init__(self, events: Events, flush: float, group: int) -> None:
        self._events, self._flush, self._group = events, flush, group
        self._waiting: deque[tuple[object, float, Act]] = deque()
        self._works = False
        self.busy = Busy()
        self.flushes: Counter[int] = Counter()
        self.most_turns = 0  # of one row, one after the other
        self._turns: Counter[object] = Counter()

    def commit(self, row: object, claims: float, done: Act) -> None:
        self._waiting.append((row, claims, done))
        if not self._works:
            self._works = True
            self._begin()

    def _begin(self) -> None:
        taken: dict[object, float] = {}
        going: list[Act] = []
        later: deque[tuple[object, float, Act]] = deque()
        for row, claims, done in self._waiting:
            if row not in taken or taken[row] + claims <= self._group:
                taken[row] = taken.get(row, 0) + claims
                going.append(done)
            else:
                later.append((row, claims, done))
        self._waiting = later
        self._turns.update(dict.fromkeys(taken, 1))
        self.most_turns = max(self.most_turns, max(self._turns[row] for row in taken))
        self.busy.work(self._events.now, self._flush)
        self.flushes[int(self._events.now // 1)] += 1

        def end() -> None:
            if self._waiting:
                self._begin()
            else:
                self._works = False
            for done in going:
                done()

        self._events.at(self._events.now + self._flush, end)
