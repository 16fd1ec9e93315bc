"""People whom nobody serves beside counters that are idle: each time for a reason that can be said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_app.domain.simulation.day import DayPlan, Service, Window, outlook
from queue_app.domain.simulation.hall import Post
from queue_app.domain.simulation.service_times import ServiceTimes
from queue_app.domain.unserved import Cause, uneven, unserved

HOUR = 3600.0
CARD, FAMILY = 1, 2
OPEN = ((8 * HOUR, 12 * HOUR),)


def plan(cards: int, families: int, *, starts: int = 8, kits: int | None = None) -> DayPlan:
    """Three counters, of which one alone takes cards; people for cards come in one hour."""
    times = ServiceTimes(600)
    return DayPlan(
        windows=(
            Window(CARD, starts * HOUR, (starts + 1) * HOUR, cards),
            Window(FAMILY, 8 * HOUR, 9 * HOUR, families),
        ),
        services={CARD: Service(times, needs_kit=True), FAMILY: Service(times)},
        posts=(Post(frozenset({CARD}), OPEN), Post(frozenset({FAMILY}), OPEN), Post(frozenset({FAMILY}), OPEN)),
        kits=kits,
    )


@pytest.mark.parametrize(
    ("day", "cause"),
    [
        (plan(80, 5), Cause.OTHER_SERVICES),
        (plan(40, 5, starts=11), Cause.OTHER_HOURS),
        (plan(10, 5, kits=0), Cause.KITS),
    ],
)
def test_each_cause(day: DayPlan, cause: Cause) -> None:
    seen = outlook(day, days=20)
    (found,) = unserved(day, seen)
    assert (found.service, found.cause) == (CARD, cause)
    assert found.people == pytest.approx(seen.left)
    assert found.idle == pytest.approx(seen.idle_at[0])
    assert seen.idle > 0.1


def test_a_day_that_is_simply_full_needs_no_reason() -> None:
    full = plan(80, 160)
    seen = outlook(full, days=10)
    assert seen.left > 20
    assert seen.idle < 0.1
    assert list(unserved(full, seen)) == []


def test_where_everybody_is_served_there_is_nothing_to_say() -> None:
    day = plan(6, 6)
    assert list(unserved(day, outlook(day, days=10))) == []


def test_what_services_and_counters_have_adds_up() -> None:
    seen = outlook(plan(80, 160), days=10)
    assert sum(seen.left_of.values()) == pytest.approx(seen.left)
    assert sum(seen.idle_at) / 3 == pytest.approx(seen.idle)
    nobody = replace(plan(0, 0), posts=())
    assert (outlook(nobody, days=1).idle, outlook(nobody, days=1).idle_at) == (0.0, ())


def test_counters_that_are_unevenly_busy() -> None:
    few, many = uneven(outlook(plan(20, 2), days=20)) or (0.0, 0.0)
    assert few < 0.3 < many - few
    assert uneven(outlook(plan(20, 40), days=20)) is None
