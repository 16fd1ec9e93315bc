"""The hall of a simulated day: people come, counters that are open call them, and kits are shared.

From one event to the next: somebody comes, a counter opens, a counter is free again. Times are seconds since midnight.
Left out on purpose, since they move a few minutes from one person to another: people who do not answer, are put aside,
passed on or undone; disruptions; and the moment in which nobody presses the key.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from queue_app.domain.calling import CallingRules

from .queue import Queue, Visitor

LONGEST_OVERTIME = 4 * 3600  # nobody is called later than that, and who still waits goes home
NOBODY = -1  # in the place of a visitor: a shift begins


@dataclass(frozen=True)
class Post:
    """A counter on a day: what it takes, and its shifts in order; between two of them is a break."""

    services: frozenset[int]
    shifts: tuple[tuple[float, float], ...]

    @property
    def closes(self) -> float:
        return self.shifts[-1][1]

    @property
    def open_seconds(self) -> float:
        return sum(end - start for start, end in self.shifts)


class Served(NamedTuple):
    """``visitor`` and ``post``: their places in what was played."""

    visitor: int
    post: int
    began: float
    ended: float


@dataclass
class Played:
    """A day that is over. ``left``: who was called by nobody; ``busy``: seconds of each post within its shifts."""

    served: list[Served] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)


def play(
    visitors: Sequence[Visitor],
    posts: Sequence[Post],
    *,
    kits: int | None = None,
    with_kit: Collection[int] = (),
    rules: CallingRules | None = None,
) -> Played:
    """``visitors``: in the order in which they come. ``with_kit``: the services of which ``kits`` go at once."""
    day = _Day(visitors, posts, kits, frozenset(with_kit), rules or CallingRules())
    day.go_by()
    return day.played


class _Day:
    def __init__(
        self,
        visitors: Sequence[Visitor],
        posts: Sequence[Post],
        kits: int | None,
        with_kit: frozenset[int],
        rules: CallingRules,
    ) -> None:
        self.visitors, self.posts, self.kits, self.with_kit = visitors, posts, kits, with_kit
        self.queues = {one: Queue(rules) for one in {visitor.service for visitor in visitors}}
        self.takes = [sorted(post.services & self.queues.keys()) for post in posts]
        last = {one: max((post.closes for post in posts if one in post.services), default=0) for one in self.queues}
        # Who waits when their last counter closes is served by it: no other one would take them.
        self.stays_for = [
            {one for one in takes if last[one] == post.closes} for takes, post in zip(self.takes, posts, strict=True)
        ]
        self.idle_since = dict.fromkeys(range(len(posts)), 0.0)
        self.events = [(start, place, NOBODY) for place, post in enumerate(posts) for start, _ in post.shifts]
        heapify(self.events)
        self.played = Played(busy=[0.0] * len(posts))

    def go_by(self) -> None:
        events, come = self.events, 0
        while events or come < len(self.visitors):
            if events and (come == len(self.visitors) or events[0][0] <= self.visitors[come].at):
                now, place, visitor = heappop(events)
                self._at_counter(now, place, visitor)
            else:
                self._comes(come)
                come += 1
        self.played.left = sorted(one for queue in self.queues.values() for one in queue.everybody())

    def _at_counter(self, now: float, place: int, visitor: int) -> None:
        """A shift begins, or the counter has finished with somebody."""
        if visitor == NOBODY:
            if place in self.idle_since:
                self._call(place, now)
            return
        self.idle_since[place] = now
        if self.kits is not None and self.visitors[visitor].service in self.with_kit:
            self.kits += 1
            for other in sorted(self.idle_since, key=lambda one: self.idle_since[one]):
                self._call(other, now)
        else:
            self._call(place, now)

    def _comes(self, number: int) -> None:
        visitor = self.visitors[number]
        self.queues[visitor.service].add(number, visitor)
        idle = [one for one in self.idle_since if visitor.service in self.posts[one].services]
        for place in sorted(idle, key=lambda one: self.idle_since[one]):  # who has waited longest for somebody
            if self._call(place, visitor.at):
                return

    def _call(self, place: int, now: float) -> bool:
        """The next one for an idle counter, if it is open and anybody waits whom it may take."""
        best = None
        for service in self.takes[place]:
            queue = self.queues[service]
            if queue.waiting and self._may(place, service, now):
                head = queue.head(now)
                if best is None or head < best[0]:
                    best = (head, service)
        if best is None:
            return False
        service = best[1]
        number = self.queues[service].take(now)
        ended = now + self.visitors[number].seconds
        if self.kits is not None and service in self.with_kit:
            self.kits -= 1
        del self.idle_since[place]
        heappush(self.events, (ended, place, number))
        self.played.served.append(Served(number, place, now, ended))
        for start, end in self.posts[place].shifts:
            self.played.busy[place] += max(0.0, min(end, ended) - max(start, now))
        return True

    def _may(self, place: int, service: int, now: float) -> bool:
        if self.kits is not None and self.kits < 1 and service in self.with_kit:
            return False
        for start, end in self.posts[place].shifts:
            if start <= now < end:
                return True
        closes = self.posts[place].closes
        return closes <= now < closes + LONGEST_OVERTIME and service in self.stays_for[place]
