"""What a plan is made of: measured, said, taken for granted, or asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_app.domain.calling import CallingRules
from queue_app.domain.quota_advice import Targets
from queue_app.domain.quota_inputs import (
    FEWEST,
    USUAL_MINUTES,
    USUAL_RECORDING,
    Assumptions,
    DayFacts,
    Doubt,
    ServiceFacts,
    doubts,
    plan_of,
)
from queue_app.domain.simulation.day import Window
from queue_app.domain.simulation.hall import Post
from queue_app.domain.simulation.service_times import ServiceTimes

CARD, FAMILY, BIRTH = 1, 2, 3
MORNING, WHOLE_DAY = ((8.0, 12.0),), ((8.0, 12.0), (13.0, 15.0))
UNKNOWN = ServiceFacts(None, 0, 0, 0, 0.0, 0, 0.0, needs_kit=False)
FACTS = DayFacts(
    windows=tuple(Window(service, 8.0, 9.0, 10) for service in (CARD, FAMILY, BIRTH)),
    services=dict.fromkeys((CARD, FAMILY, BIRTH), UNKNOWN),
    posts=(
        Post(frozenset({CARD}), MORNING),
        Post(frozenset({CARD, FAMILY}), WHOLE_DAY),
        Post(frozenset({FAMILY}), MORNING),
    ),
    numbers=(1, 2, 3),
    rostered=True,
    officers=3,
    kits=4,
    rules=CallingRules(),
)


def test_what_nobody_has_measured_is_what_the_office_says_or_the_usual() -> None:
    said = replace(UNKNOWN, stated=8)
    known = replace(UNKNOWN, times=ServiceTimes(300, {5: 40}, 40), came=45, missed=15)
    for facts, seconds, absence in ((UNKNOWN, USUAL_MINUTES * 60, 0), (said, 480, 0), (known, 300, 0.25)):
        service = plan_of(replace(FACTS, services={CARD: facts, FAMILY: facts}), {CARD}, Assumptions()).services[CARD]
        assert (service.times.mean, service.absence) == (seconds, absence)
    recording = plan_of(
        replace(FACTS, services={CARD: replace(UNKNOWN, needs_kit=True), FAMILY: UNKNOWN}), {CARD}, Assumptions()
    )
    assert recording.services[CARD].times.mean == USUAL_RECORDING * 60
    assert replace(UNKNOWN, came=FEWEST - 2, missed=1).absence is None


def test_what_is_asked_about_counts_for_the_services_asked_for_alone() -> None:
    plan = plan_of(FACTS, {CARD}, Assumptions(seconds=600, absence=0.4, kits=0))
    assert [(one.times.mean, one.absence) for one in plan.services.values()] == [(600, 0.4), (USUAL_MINUTES * 60, 0)]
    assert plan.kits == 0


def test_a_service_without_a_counter_is_left_out_and_named() -> None:
    assert FACTS.without_counter == {BIRTH}
    plan = plan_of(FACTS, {CARD}, Assumptions())
    assert {window.service for window in plan.windows} == set(plan.services) == {CARD, FAMILY}


def test_hours_in_which_no_counter_is_open_are_left_out_and_counted() -> None:
    """A break is none of them: who comes then waits for its end."""
    windows = tuple(Window(CARD, float(hour), hour + 1.0, 5) for hour in (6, 7, 12, 14, 15, 20))
    kept = Window(CARD, 20.0, 21.0, 3, kept=True)
    facts = replace(FACTS, windows=(*windows, kept, Window(BIRTH, 20.0, 21.0, 7)))
    assert [window.starts for window in plan_of(facts, {CARD}, Assumptions()).windows] == [12, 14]
    assert facts.out_of_hours == {CARD: 20}


def test_a_window_that_outlasts_its_counters_is_named_and_ends_with_them() -> None:
    """Cards are given until 15, family cards and births by nobody later; nobody comes to a counter that is closed."""
    windows = (Window(CARD, 13.0, 16.0, 5), Window(CARD, 14.0, 15.0, 5), Window(FAMILY, 14.0, 17.0, 0))
    facts = replace(FACTS, windows=windows)
    assert facts.outlasting == {CARD}
    assert [(one.starts, one.ends) for one in plan_of(facts, {CARD}, Assumptions()).windows] == [
        (13, 15),
        (14, 15),
        (14, 15),
    ]


@pytest.mark.parametrize(("counters", "taking", "longest"), [(1, 1, 0), (2, 2, 1), (4, 4, 3)])
def test_another_number_of_counters(counters: int, taking: int, longest: int) -> None:
    """The last ones stay closed; those that are added are open as long as the longest. Others stay as they are."""
    posts = plan_of(FACTS, {CARD}, Assumptions(counters=counters)).posts
    here = [post for post in posts if CARD in post.services]
    assert (len(here), [post.shifts for post in here].count(WHOLE_DAY)) == (taking, longest)
    assert FACTS.posts[2] in posts


@pytest.mark.parametrize(
    ("facts", "wanted", "found"),
    [
        (FACTS, Assumptions(), []),
        (FACTS, Assumptions(targets=Targets(wait=60)), []),  # chosen, and not guessed
        (replace(FACTS, rostered=False), Assumptions(), [Doubt.NO_ROSTER]),
        (FACTS, Assumptions(absence=0.0), [Doubt.ASKED]),
        (FACTS, Assumptions(kits=0), [Doubt.ASKED]),
        (replace(FACTS, rostered=False), Assumptions(counters=2), [Doubt.NO_ROSTER, Doubt.ASKED]),
    ],
)
def test_what_makes_an_answer_an_estimate(facts: DayFacts, wanted: Assumptions, found: list[Doubt]) -> None:
    said = replace(facts, services=dict.fromkeys(facts.services, replace(UNKNOWN, stated=8)))
    assert list(doubts(said, {CARD}, wanted)) == found


def test_a_time_that_nobody_knows_is_doubted_for_the_services_asked_about() -> None:
    measured, said = replace(UNKNOWN, times=ServiceTimes(300, {5: 40}, 40)), replace(UNKNOWN, stated=8)
    facts = replace(FACTS, services={CARD: measured, FAMILY: said, BIRTH: UNKNOWN})
    assert list(doubts(facts, {CARD, FAMILY}, Assumptions())) == []
    assert list(doubts(facts, {CARD, BIRTH}, Assumptions())) == [Doubt.NO_TIMES]
    assert list(doubts(facts, {BIRTH}, Assumptions(seconds=60))) == [Doubt.ASKED]
