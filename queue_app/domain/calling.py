"""The next one to be called: the published rule of the office (`docs/calling.md`).

Each service has a queue of its own. In it people stand by their arrival window; whoever comes late stands behind those
of the window in which they came. Within a window those with priority are mixed in by a set ratio, and otherwise who
checked in first is first. Those without an appointment come in between by a set ratio. Nobody is called before their
window begins, unless nobody else waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

NEVER_YET = 1000  # more than any ratio: the first person with priority does not wait for others to be called


@dataclass(frozen=True)
class CallingRules:
    """The numbers in the rule; each office sets its own."""

    regular_per_priority: int = 2  # of one window, before one with priority
    appointments_per_walk_in: int = 3
    calls_before_skip: int = 3  # the first call and those that repeat it
    skip_back: int = 5  # numbers that go before somebody who did not answer (docs/rules.md R-CALL-2)
    skips_before_absent: int = 1
    more_time_back: int = 5  # numbers that go before somebody who asked for more time
    nearly: int = 3  # people ahead from which on it is nearly one's turn


@dataclass(frozen=True)
class Waiting:
    """Somebody in a queue. ``not_before``: they stand back until the queue has made that many calls, since
    ``back_since``.
    """

    ticket_id: int
    window: datetime
    late: bool
    walk_in: bool
    priority: bool
    arrived_at: datetime
    number: int
    not_before: int = 0
    back_since: datetime | None = None


@dataclass(frozen=True)
class QueueState:
    """What a queue remembers of the day's calls."""

    calls: int = 0
    appointments_since_walk_in: int = 0
    regular_since_priority: int = NEVER_YET

    def after(self, called: Waiting) -> QueueState:
        return QueueState(
            calls=self.calls + 1,
            appointments_since_walk_in=0 if called.walk_in else self.appointments_since_walk_in + 1,
            regular_since_priority=0 if called.priority else self.regular_since_priority + 1,
        )


def call_order(
    waiting: Iterable[Waiting], queue: QueueState, rules: CallingRules, *, now: datetime
) -> tuple[Waiting, ...]:
    """Everybody in a queue, in the order in which they would be called if nobody else came.

    ``not_before`` is left only on those who are called before their time, because nobody else is there.
    """
    places = _Places(waiting)
    order = []
    while places:
        called = places.take(queue, rules, now)
        order.append(called)
        queue = queue.after(called)
    return tuple(order)


def next_of_queues(heads: Iterable[Waiting], *, now: datetime) -> Waiting | None:
    """Whom a counter takes that serves several queues: of their first ones, who stands in the earliest window, then who
    came first. Somebody without an appointment stands where they came, and somebody who is alone in a queue and stands
    back, where they were sent back: else a counter would call them again at once, past the other queues.
    """

    def standing(one: Waiting) -> tuple[bool, datetime, datetime, int, int]:
        since = one.arrived_at if one.walk_in else one.window
        if one.not_before:
            since = one.back_since or one.arrived_at
        return (since > now, since, one.arrived_at, one.number, one.ticket_id)

    return min(heads, key=standing, default=None)


Rank = tuple[datetime, int, int]  # when they checked in, their number, the ticket: the last one makes it unique
Group = tuple[datetime, bool]  # the window, and whether they are the late ones of it


class _Places:
    """Those who may be called, in groups of one window, and those who stand back for a while."""

    def __init__(self, waiting: Iterable[Waiting]) -> None:
        everybody = sorted(waiting, key=_rank)
        self._standing_back = sorted((one for one in everybody if one.not_before), key=lambda one: one.not_before)
        self._walk_ins: list[Waiting] = []
        self._windows: dict[Group, list[Waiting]] = {}
        for one in everybody:
            if not one.not_before:
                self._stand(one)

    def __bool__(self) -> bool:
        return bool(self._walk_ins or self._windows or self._standing_back)

    def take(self, queue: QueueState, rules: CallingRules, now: datetime) -> Waiting:
        while self._standing_back and self._standing_back[0].not_before <= queue.calls:
            self._stand(self._standing_back.pop(0))
        if not self._walk_ins and not self._windows:
            return self._standing_back.pop(0)  # nobody is there to go before them
        begun = [group for group in self._windows if group[0] <= now]
        turn_of_walk_in = queue.appointments_since_walk_in >= rules.appointments_per_walk_in
        if self._walk_ins and (turn_of_walk_in or not begun):
            return _take_from(self._walk_ins, queue, rules)
        group = min(begun or self._windows)
        called = _take_from(self._windows[group], queue, rules)
        if not self._windows[group]:
            del self._windows[group]
        return called

    def _stand(self, one: Waiting) -> None:
        group = self._walk_ins if one.walk_in else self._windows.setdefault((one.window, one.late), [])
        group.append(replace(one, not_before=0) if one.not_before else one)
        if one.not_before:
            group.sort(key=_rank)


def _take_from(group: list[Waiting], queue: QueueState, rules: CallingRules) -> Waiting:
    turn_of_priority = queue.regular_since_priority >= rules.regular_per_priority
    for priority in (turn_of_priority, not turn_of_priority):
        for index, one in enumerate(group):
            if one.priority is priority:
                return group.pop(index)
    raise AssertionError("an empty group is not kept")


def _rank(one: Waiting) -> Rank:
    return (one.arrived_at, one.number, one.ticket_id)
