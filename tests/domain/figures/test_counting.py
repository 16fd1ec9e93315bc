"""How each figure of a day is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import Share
from queue_app.domain.figures.counting import (
    ServiceFigures,
    SoldOut,
    Work,
    count_services,
    first_calls,
    service_seconds,
    sold_out,
    work,
)
from queue_app.domain.figures.facts import OfficeDay, Person, Places, Step
from queue_app.domain.figures.histogram import MINUTES, Span, bar_of, percentile, percentile_span
from queue_app.domain.priority import Channel
from queue_app.domain.visits import StepKind, VisitState

EIGHT = datetime(2026, 11, 26, 1, tzinfo=UTC)
A, B = 1, 2  # slots of one place each


def at(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


PERSON = Person(
    ticket_id=1,
    service_id=1,
    slot_id=A,
    channel=Channel.ONLINE,
    walk_in=False,
    priority=None,
    state=TicketState.CHECKED_IN,
    starts_at=EIGHT,
    made_at=at(-9000),
    lead=6,
    left_at=None,
    arrived_at=at(-20),
    visit=VisitState.SERVED,
    outcome=None,
)


def place(slot_id: int, share: Share = Share.PUBLIC, planned: int = 1, *, accepts: bool = True) -> Places:
    return Places(slot_id, 1, share, planned, accepts, at(60))


def booked(slot_id: int, made: float, left: float | None = None) -> Person:
    return replace(PERSON, slot_id=slot_id, made_at=at(made), left_at=None if left is None else at(left))


def full(*people: Person, places: tuple[Places, ...] = (place(A), place(B))) -> SoldOut:
    return sold_out(ServiceFigures(list(places), list(people)))


def test_a_day_is_sold_out_when_the_last_public_place_goes() -> None:
    assert full(booked(A, -90)) == SoldOut()
    assert full(booked(A, -90), booked(B, -80)) == SoldOut(at(-80), at(-80))
    assert full() == full(places=()) == SoldOut()


def test_a_place_given_back_makes_the_day_free_until_somebody_takes_it() -> None:
    given_back = (booked(A, -90), booked(B, -80, left=-70))
    assert full(*given_back) == SoldOut(at(-80), None)
    assert full(*given_back, booked(B, -60)) == SoldOut(at(-80), at(-60))


def test_who_moves_within_the_day_leaves_no_gap() -> None:
    """The old place goes and the new one is taken at one moment."""
    moved = (booked(A, -90), booked(B, -80, left=-70), booked(B, -70))
    assert full(*moved) == SoldOut(at(-80), at(-80))


def test_what_becomes_of_a_place_after_the_day_makes_nothing_free() -> None:
    assert full(booked(A, -90), booked(B, -80, left=3000)) == SoldOut(at(-80), at(-80))


def test_only_public_places_that_are_given_count() -> None:
    others = (place(3, Share.ASSISTED), place(4, accepts=False), place(5, planned=0))
    assert full(booked(A, -90), places=(place(A), *others)) == SoldOut(at(-90), at(-90))
    figures = ServiceFigures([place(A), *others])
    assert (figures.planned(public=True), figures.planned(public=False), figures.closed) == (1, 1, 1)


@pytest.mark.parametrize(
    ("arrived", "called", "walk_in", "minutes"),
    [
        (-20, 5, False, 5),  # from the window on: who came early waits by choice
        (-20, -10, False, 0),  # called before it
        (10, 25, False, 15),
        (-20, 5, True, 25),  # nobody told them when to come
    ],
)
def test_a_wait_begins_with_arrival_or_the_booked_window(
    arrived: int, called: int, walk_in: bool, minutes: int
) -> None:
    person = replace(PERSON, arrived_at=at(arrived), walk_in=walk_in)
    assert person.wait(at(called)) == minutes * 60


def steps(*made: tuple[float, StepKind], counter: int | None = 7, actor: str = "staff:3") -> list[Step]:
    return [Step(1, at(minutes), kind, counter, actor) for minutes, kind in made]


def test_service_time_leaves_out_what_was_put_aside() -> None:
    made = steps(
        (0, StepKind.CALL),
        (1, StepKind.START),
        (4, StepKind.HOLD),
        (20, StepKind.RESUME),
        (21, StepKind.START),
        (26, StepKind.FINISH),
    )
    assert service_seconds(made) == {1: 8 * 60}
    assert first_calls(made) == {1: at(0)}
    assert work(made) == {(7, 3): Work(calls=2, served=1, seconds=10 * 60)}


def test_who_does_not_answer_takes_the_time_of_a_counter() -> None:
    made = steps((0, StepKind.CALL), (1, StepKind.RECALL), (3, StepKind.SKIP))
    assert work(made) == {(7, 3): Work(calls=1, unanswered=1, seconds=180)}
    assert service_seconds(made) == {}


def test_what_the_day_ends_is_nobodys_service() -> None:
    day = OfficeDay(
        [], [replace(PERSON, visit=VisitState.DAY_ENDED)], steps((0, StepKind.START), (90, StepKind.DAY_END))
    )
    (figures,) = count_services(day).values()
    assert (figures.waits, figures.service_times) == ([0], [])


def test_in_the_list_there_is_no_counter_and_an_end_counts_once() -> None:
    made = [(0, StepKind.START), (5, StepKind.FINISH), (6, StepKind.START), (9, StepKind.FINISH)]
    assert work(steps(*made, counter=None)) == {(0, 3): Work(served=1)}
    assert service_seconds(steps(*made, counter=None)) == {1: 8 * 60}


def test_percentiles_are_by_nearest_rank_and_right_to_the_bar() -> None:
    values = [1.0, 2.5, 4, 8, 61]
    assert (percentile(values, 0.5), percentile(values, 0.9), percentile([], 0.5)) == (4, 61, None)
    bars: dict[int, int] = {}
    for value in values:
        low = bar_of(value, MINUTES)
        bars[low] = bars.get(low, 0) + 1
    assert percentile_span(bars, 0.5) == Span(3, 5)
    assert percentile_span(bars, 0.9) == Span(60, 75)
    assert percentile_span({240: 1}, 0.5) == Span(240, None)
    assert percentile_span({}, 0.5) is None


@pytest.mark.parametrize("share", [0.5, 0.9])
@pytest.mark.parametrize("count", [1, 2, 9, 10, 11, 100, 1001])
def test_the_bar_holds_the_exact_percentile(count: int, share: float) -> None:
    values = [(number * 7919 % 1000) / 3 for number in range(count)]
    bars: dict[int, int] = {}
    for value in values:
        bars[bar_of(value, MINUTES)] = bars.get(bar_of(value, MINUTES), 0) + 1
    exact, span = percentile(values, share), percentile_span(bars, share)
    assert exact is not None
    assert span is not None
    assert span.low <= exact
    assert span.high is None or exact < span.high
