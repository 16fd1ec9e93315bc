"""The simulated hall by hand, against the published rule, and for any day that hypothesis thinks of."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from queue_app.domain.calling import CallingRules, QueueState, Waiting, call_order
from queue_app.domain.simulation.hall import LONGEST_OVERTIME, Played, Post, play
from queue_app.domain.simulation.queue import Queue, Visitor

HOUR, EIGHT, NOON, THREE = 3600.0, 8 * 3600.0, 12 * 3600.0, 15 * 3600.0
RECORDING, CARD = 1, 2


def comes(at: float, minutes: float = 10, service: int = RECORDING, window: float | None = None) -> Visitor:
    return Visitor(at, service, minutes * 60, at if window is None else window)


def post(*shifts: tuple[float, float], services: tuple[int, ...] = (RECORDING,)) -> Post:
    return Post(frozenset(services), shifts or ((EIGHT, NOON), (NOON + HOUR, THREE)))


def calls(played: Played) -> list[tuple[int, int, float]]:
    """Who, at which counter, and how many minutes after eight."""
    return [(one.visitor, one.post, (one.began - EIGHT) / 60) for one in played.served]


def test_people_before_opening_wait_for_it_and_go_one_after_the_other() -> None:
    people = [comes(EIGHT - 600, 10, window=EIGHT), comes(EIGHT - 60, 20, window=EIGHT), comes(EIGHT + 5 * 60)]
    assert calls(play(people, [post()])) == [(0, 0, 0), (1, 0, 10), (2, 0, 30)]
    assert calls(play(people, [post(), post()])) == [(0, 0, 0), (1, 1, 0), (2, 0, 10)]


def test_an_earlier_window_goes_before_an_earlier_arrival() -> None:
    people = [comes(EIGHT, 60), comes(EIGHT + 60, window=EIGHT + HOUR), comes(EIGHT + 120, window=EIGHT)]
    assert [one for one, *_ in calls(play(people, [post()]))] == [0, 2, 1]


def test_nobody_is_called_in_a_break_but_who_is_there_is_served_to_the_end() -> None:
    people = [comes(NOON - 60, 30), comes(NOON - 30), comes(NOON + 60)]
    assert calls(play(people, [post()])) == [(0, 0, 239), (1, 0, 300), (2, 0, 310)]


def test_the_last_counter_stays_until_nobody_waits_and_an_earlier_one_does_not() -> None:
    people = [comes(NOON - 120, 90), comes(NOON - 60, 90), comes(NOON - 30, 90)]
    morning, whole_day = post((EIGHT, NOON)), post((EIGHT, THREE))
    played = play(people, [morning, whole_day])
    assert [at for _, at, _ in calls(played)] == [0, 1, 1]  # the first counter is free at 13.28, and has gone
    assert play(people, [morning]).served[-1].began > NOON
    many = [comes(NOON - 60, 90)] * 9
    played = play(many, [morning])
    assert max(one.began for one in played.served) < NOON + LONGEST_OVERTIME
    assert len(played.left) == 9 - len(played.served) > 0


def test_what_no_counter_takes_is_left() -> None:
    assert play([comes(EIGHT, service=CARD)], [post()]).left == [0]
    assert play([comes(EIGHT)], []).left == [0]


def test_one_kit_is_used_by_one_counter_and_the_other_takes_who_needs_none() -> None:
    people = [comes(EIGHT, 20), comes(EIGHT + 1, 20), comes(EIGHT + 2, 5, CARD), comes(EIGHT + 3, 5)]
    both = [post(services=(RECORDING, CARD))] * 2
    played = play(people, both, kits=1, with_kit={RECORDING})
    assert [(who, round(at)) for who, _, at in calls(played)] == [(0, 0), (2, 0), (1, 20), (3, 40)]
    assert play(people, both, kits=0, with_kit={RECORDING}).left == [0, 1, 3]


def test_busy_is_counted_within_the_shift_alone() -> None:
    assert play([comes(NOON - 600, 30)], [post((EIGHT, NOON))]).busy == [600]


people_of_any_day = some.lists(
    some.builds(
        Visitor,
        at=some.integers(int(7 * HOUR), int(16 * HOUR)).map(float),
        service=some.sampled_from((RECORDING, CARD, 3)),
        seconds=some.integers(1, 5000).map(float),
        window=some.sampled_from((EIGHT, EIGHT + HOUR, NOON)),
        late=some.booleans(),
        priority=some.booleans(),
        walk_in=some.booleans(),
    ),
    max_size=40,
).map(sorted)
posts_of_any_day = some.lists(
    some.builds(
        Post,
        services=some.frozensets(some.sampled_from((RECORDING, CARD)), min_size=1),
        shifts=some.sampled_from((((EIGHT, NOON),), ((EIGHT, NOON), (NOON + HOUR, THREE)), ((NOON, THREE),))),
    ),
    max_size=5,
)


@settings(max_examples=300, deadline=None)
@given(people_of_any_day, posts_of_any_day, some.none() | some.integers(0, 3))
def test_nobody_is_lost_doubled_or_served_where_somebody_is(
    people: list[Visitor], posts: list[Post], kits: int | None
) -> None:
    played = play(people, posts, kits=kits, with_kit={RECORDING})
    assert sorted([one.visitor for one in played.served] + played.left) == list(range(len(people)))
    for number, here in enumerate(posts):
        at_post = sorted((one.began, one.ended) for one in played.served if one.post == number)
        assert all(before[1] <= after[0] for before, after in pairwise(at_post))
        assert played.busy[number] <= here.open_seconds
    for one in played.served:
        assert people[one.visitor].at <= one.began
        assert people[one.visitor].service in posts[one.post].services
    if kits is not None:
        assert most_at_once(people, played) <= kits


def most_at_once(people: list[Visitor], played: Played) -> int:
    recordings = [one for one in played.served if people[one.visitor].service == RECORDING]
    changes = Counter(one.began for one in recordings)
    changes.subtract(one.ended for one in recordings)
    going, most = 0, 0
    for at in sorted(changes):
        going += changes[at]
        most = max(most, going)
    return most


@settings(max_examples=200, deadline=None)
@given(people_of_any_day, some.integers(0, 4), some.integers(0, 4), some.integers(7, 17))
def test_the_queue_is_that_of_the_published_rule(
    people: list[Visitor], regular: int, appointments: int, hour: int
) -> None:
    rules = CallingRules(regular_per_priority=regular, appointments_per_walk_in=appointments)
    midnight, queue = datetime(2026, 11, 26, tzinfo=UTC), Queue(rules)
    for number, one in enumerate(people):
        queue.add(number, one)
    waiting = [
        Waiting(
            number,
            midnight + timedelta(seconds=one.window),
            one.late,
            one.walk_in,
            one.priority,
            midnight + timedelta(seconds=one.at),
            number,
        )
        for number, one in enumerate(people)
    ]
    order = call_order(waiting, QueueState(), rules, now=midnight + timedelta(hours=hour))
    assert [queue.take(hour * HOUR) for _ in people] == [one.ticket_id for one in order]


@pytest.mark.parametrize("walk_in", [False, True])
def test_of_two_queues_who_stands_earliest_is_called(walk_in: bool) -> None:
    """Somebody without an appointment stands where they came, the others in their window."""
    people = [comes(EIGHT, 30, CARD), comes(EIGHT + 60, window=EIGHT)]
    people.append(Visitor(EIGHT + 120, CARD, 600, EIGHT + 120, walk_in=walk_in))
    people.append(comes(EIGHT + 180, window=EIGHT + 60))
    played = play(people, [post(services=(RECORDING, CARD))])
    assert [one for one, *_ in calls(played)] == [0, 1, 3, 2]
