"""Who is called next: examples that can be read, and the same order from a plain model of `docs/calling.md`."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from queue_app.domain.calling import CallingRules, QueueState, Waiting, call_order, next_of_queues

EIGHT = datetime(2026, 11, 26, 1, tzinfo=UTC)
RULES = CallingRules()


def at(hour: float) -> datetime:
    """An instant of the day; 8 is eight o'clock."""
    return EIGHT + timedelta(hours=hour - 8)


def person(number: int, window: float = 8, arrived: float | None = None, **keywords: bool | int | datetime) -> Waiting:
    """Somebody with an appointment who came when the number says: one minute after the other."""
    facts = {"late": False, "walk_in": False, "priority": False} | keywords
    arrived = 8 + number / 60 if arrived is None else arrived
    return Waiting(ticket_id=1000 + number, window=at(window), arrived_at=at(arrived), number=number, **facts)


def numbers(
    *waiting: Waiting, line: QueueState | None = None, rules: CallingRules = RULES, now: float = 8.5
) -> list[int]:
    return [one.number for one in call_order(waiting, line or QueueState(), rules, now=at(now))]


def test_who_checked_in_first_is_first_whatever_the_number() -> None:
    assert numbers(person(3, arrived=8.1), person(1, arrived=8.3), person(2, arrived=8.2)) == [3, 2, 1]


def test_an_earlier_window_comes_before_an_earlier_check_in() -> None:
    assert numbers(person(21, window=9, arrived=7.9), person(1, window=8, arrived=9.2), now=9.5) == [1, 21]


def test_late_ones_stand_behind_those_of_the_window_in_which_they_came() -> None:
    late = person(1, window=9, arrived=9.1, late=True)
    assert numbers(late, person(21, 9, 9.4), person(22, 9, 9.6), person(41, 10, 9.7), now=10.5) == [21, 22, 1, 41]


def test_nobody_is_called_before_their_window_unless_nobody_else_waits() -> None:
    early, walk_in = person(21, window=9, arrived=8.1), person(50, arrived=8.4, walk_in=True)
    assert numbers(early, walk_in, person(1, arrived=8.5), now=8.5) == [1, 50, 21]
    assert numbers(early, now=8.5) == [21]


def test_who_has_no_appointment_comes_after_each_third_who_has_one() -> None:
    booked = [person(number) for number in range(1, 8)]
    walk_ins = [person(number, walk_in=True) for number in (50, 51, 52)]
    assert numbers(*booked, *walk_ins) == [1, 2, 3, 50, 4, 5, 6, 51, 7, 52]
    assert numbers(*booked, *walk_ins, line=QueueState(appointments_since_walk_in=2))[:3] == [1, 50, 2]
    assert numbers(*booked[:2], *walk_ins, rules=replace(RULES, appointments_per_walk_in=1)) == [1, 50, 2, 51, 52]


def test_of_one_window_each_third_is_somebody_with_priority() -> None:
    regular = [person(number) for number in range(1, 6)]
    priority = [person(number, arrived=8.4, priority=True) for number in (11, 12, 13)]
    assert numbers(*regular, *priority) == [11, 1, 2, 12, 3, 4, 13, 5]
    assert numbers(*regular, *priority, line=QueueState(regular_since_priority=1))[:3] == [1, 11, 2]


def test_priority_passes_nobody_of_an_earlier_window() -> None:
    assert numbers(person(21, window=9, arrived=8.2, priority=True), person(1), person(2), now=9.5) == [1, 2, 21]


def test_priority_counts_among_those_without_appointment_too() -> None:
    assert numbers(person(50, walk_in=True), person(51, walk_in=True, priority=True)) == [51, 50]


def test_who_was_skipped_stands_first_again_after_five_numbers() -> None:
    skipped = person(1, not_before=12 + RULES.skip_back)
    others = [person(number) for number in range(2, 9)]
    assert numbers(skipped, *others, line=QueueState(calls=12)) == [2, 3, 4, 5, 6, 1, 7, 8]
    assert numbers(skipped, *others[:2], line=QueueState(calls=12)) == [2, 3, 1]


def test_a_counter_of_several_lines_takes_the_earliest_window_then_who_came_first() -> None:
    a, b, c = person(21, window=9, arrived=8.1), person(1, arrived=8.6), person(2, arrived=8.5)
    assert next_of_queues([a, b, c], now=at(9.5)) is c
    assert next_of_queues([a], now=at(8.5)) is a
    assert next_of_queues([], now=at(8.5)) is None


def test_without_an_appointment_one_stands_among_the_lines_where_one_came() -> None:
    walk_in = person(50, window=8, arrived=9.2, walk_in=True)
    for window, first in ((9, 21), (10, 50)):  # ten o'clock has not come yet
        chosen = next_of_queues([walk_in, person(21, window=window, arrived=8.9)], now=at(9.5))
        assert chosen
        assert chosen.number == first


def test_who_is_alone_in_a_line_and_stands_back_lets_other_lines_go_first() -> None:
    skipped = person(1, window=8, not_before=6, back_since=at(8.5))
    heads = [*call_order([skipped], QueueState(calls=1), RULES, now=at(8.6)), person(2, window=8, arrived=8.4)]
    chosen = next_of_queues(heads, now=at(8.6))
    assert chosen
    assert chosen.number == 2
    heads[1] = person(21, window=9, arrived=8.9)
    assert next_of_queues(heads, now=at(9.1)) is heads[0]  # and yet is not forgotten


# The rule once more, as plainly as can be: at each call everybody is compared with everybody.


@dataclass
class Hall:
    rules: CallingRules
    now: datetime
    calls: int
    appointments: int  # since the last one without
    regular: int  # since the last one with priority

    def standing(self, one: Waiting) -> tuple[object, ...]:
        """The smaller, the sooner; as things are before the next call."""
        stands_back = one.not_before > self.calls
        return (
            stands_back,
            one.not_before if stands_back else 0,
            0 if stands_back else self.kind(one),
            () if one.walk_in or stands_back else (one.window, one.late),
            not stands_back and one.priority is not (self.regular >= self.rules.regular_per_priority),
            one.arrived_at,
            one.number,
            one.ticket_id,
        )

    def kind(self, one: Waiting) -> int:
        if one.walk_in:
            return 0 if self.appointments >= self.rules.appointments_per_walk_in else 2
        return 1 if one.window <= self.now else 3

    def call(self, one: Waiting) -> None:
        self.calls += 1
        self.appointments = 0 if one.walk_in else self.appointments + 1
        self.regular = 0 if one.priority else self.regular + 1

    def order(self, waiting: list[Waiting]) -> list[int]:
        left, called = list(waiting), []
        while left:
            first = next(one for one in left if all(self.standing(one) <= self.standing(other) for other in left))
            left.remove(first)
            self.call(first)
            called.append(first.ticket_id)
        return called


people = st.lists(
    st.builds(
        dict,
        window=st.sampled_from([at(8), at(9), at(10)]),
        late=st.booleans(),
        walk_in=st.booleans(),
        priority=st.booleans(),
        arrived_at=st.integers(0, 12).map(lambda tens: at(8 + tens / 6)),  # often at the same moment
        number=st.integers(1, 30),
        not_before=st.just(0) | st.integers(0, 25),
    ),
    max_size=14,
).map(lambda many: [Waiting(ticket_id=ticket_id, **facts) for ticket_id, facts in enumerate(many, start=1)])
lines = st.builds(QueueState, st.integers(0, 12), st.integers(0, 5), st.integers(0, 4) | st.just(1000))
all_rules = st.builds(
    CallingRules,
    regular_per_priority=st.integers(0, 4),
    appointments_per_walk_in=st.integers(0, 4),
    more_time_back=st.integers(0, 6),
)
moments = st.sampled_from([at(7.5), at(8.5), at(9), at(10.5)])


@given(people, lines, all_rules, moments, st.randoms(use_true_random=False))
def test_the_order_is_that_of_the_plain_model(waiting, line, rules, now, chance) -> None:  # type: ignore[no-untyped-def]
    model = Hall(rules, now, line.calls, line.appointments_since_walk_in, line.regular_since_priority)
    expected = model.order(waiting)
    chance.shuffle(waiting)  # in whichever order the database gives them
    assert [one.ticket_id for one in call_order(waiting, line, rules, now=now)] == expected
    assert sorted(expected) == sorted(one.ticket_id for one in waiting)  # nobody is lost, nobody called twice


@given(people.filter(bool), lines, all_rules, moments)
@settings(max_examples=60)
def test_calling_the_first_one_leaves_the_order_of_the_others(waiting, line, rules, now) -> None:  # type: ignore[no-untyped-def]
    first, *others = call_order(waiting, line, rules, now=now)
    left = [one for one in waiting if one.ticket_id != first.ticket_id]
    assert _tickets(call_order(left, line.after(first), rules, now=now)) == _tickets(others)


@given(people.filter(bool), lines, all_rules, moments, st.integers(0, 13))
@settings(max_examples=60)
def test_who_stands_back_lets_as_many_go_first_as_the_rule_says(waiting, line, rules, now, who) -> None:  # type: ignore[no-untyped-def]
    order = _tickets(call_order(waiting, line, rules, now=now))
    place = who % len(order)
    back = place + rules.more_time_back
    waiting = [
        replace(one, not_before=line.calls + back) if one.ticket_id == order[place] else replace(one, not_before=0)
        for one in waiting
    ]
    after = _tickets(call_order(waiting, line, rules, now=now))
    assert after.index(order[place]) >= min(back, len(order) - 1)


@given(people, people)
@settings(max_examples=30)
def test_somebody_who_comes_later_passes_nobody_of_their_own_kind(waiting, newcomers) -> None:  # type: ignore[no-untyped-def]
    """In one window, without priority and ratios, it is a plain queue."""
    plain = {"window": at(8), "late": False, "walk_in": False, "priority": False, "not_before": 0}
    waiting = [replace(one, **plain) for one in waiting]
    late = [replace(one, **plain, arrived_at=at(11), ticket_id=100 + one.ticket_id) for one in newcomers]
    order = _tickets(call_order([*late, *waiting], QueueState(), RULES, now=at(11.5)))
    assert order[: len(waiting)] == _tickets(call_order(waiting, QueueState(), RULES, now=at(11.5)))


def test_no_more_than_the_ratio_goes_between_two_with_priority() -> None:
    everybody = [person(number, priority=number % 2 == 0) for number in range(1, 31)]
    order = call_order(everybody, QueueState(), RULES, now=at(8.5))
    turns = [index for index, one in enumerate(order) if one.priority]
    between = [later - sooner - 1 for sooner, later in itertools.pairwise(turns)]
    assert set(between[:6]) == {RULES.regular_per_priority}


def _tickets(order: list[Waiting] | tuple[Waiting, ...]) -> list[int]:
    return [one.ticket_id for one in order]
