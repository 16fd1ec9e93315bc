"""The quota that a day bears: what it goes by, what it stops at, and Bantul's 800 numbers for 400 people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_app.domain.quota_advice import OVERBOOKING_MAX, Advice, Limit, Targets, advise
from queue_app.domain.simulation.day import DayPlan, Service, Window, outlook
from queue_app.domain.simulation.hall import Post
from queue_app.domain.simulation.service_times import ServiceTimes

HOUR = 3600.0
OPEN = ((8 * HOUR, 12 * HOUR), (13 * HOUR, 15 * HOUR))
HOURS = (8, 9, 10, 11, 13, 14)
CARD, FAMILY = 1, 2


def plan(places: int, *, absence: float = 0.0, counters: int = 4, minutes: float = 9) -> DayPlan:
    windows = tuple(Window(CARD, hour * HOUR, (hour + 1) * HOUR, places // 6) for hour in HOURS)
    service = Service(ServiceTimes(minutes * 60), absence=absence)
    return DayPlan(windows, {CARD: service}, (Post(frozenset({CARD}), OPEN),) * counters)


def keeps(advice: Advice, targets: Targets, *, everybody: bool) -> bool:
    return targets.missed_by(advice.proposed[everybody]) is None


def test_bantul_without_over_booking() -> None:
    """800 numbers and 400 people, and counters for about 400: nothing is promised to more than could be served."""
    bantul = plan(798, absence=0.5, counters=12)
    advice = advise(bantul, {CARD}, Targets())
    assert advice.now == 798
    assert 380 <= advice.places == advice.full <= 480
    assert keeps(advice, Targets(), everybody=True)
    usual, everybody = advice.current
    assert usual.came == pytest.approx(399, rel=0.03)
    assert usual.left == 0  # it went well in Bantul, because half stayed away
    assert everybody.left > 0  # on the day on which they do not, people go home after four hours more
    assert everybody.most_wait > 2 * HOUR
    assert advice.proposed[0].idle > 0.3  # the price: half of the chairs are empty on a usual day


def test_bantul_with_over_booking_gets_a_tenth_more_and_never_800() -> None:
    bantul = plan(798, absence=0.5, counters=12)
    without, with_it = (advise(bantul, {CARD}, Targets(overbooking=share)) for share in (0, 0.1))
    assert with_it.full == without.full
    assert with_it.places == int(without.full * 1.1)
    assert with_it.limit is Limit.OVERBOOKING
    assert advise(bantul, {CARD}, Targets(overbooking=1.0)) == with_it  # no setting goes past the bound
    assert with_it.proposed[1].most_wait > without.proposed[1].most_wait


def test_who_all_come_are_not_over_booked() -> None:
    """Where hardly anybody stays away the targets stop it, and not the bound."""
    advice = advise(plan(240, absence=0.02), {CARD}, Targets(overbooking=OVERBOOKING_MAX))
    assert advice.full <= advice.places < int(advice.full * 1.1)
    assert advice.limit is not Limit.OVERBOOKING


@pytest.mark.parametrize(
    ("targets", "limit"),
    [
        (Targets(wait=300, overtime=4 * HOUR), Limit.WAIT),
        (Targets(wait=4 * HOUR, overtime=20 * 60), Limit.OVERTIME),
    ],
)
def test_one_place_more_would_miss_the_target_that_is_named(targets: Targets, limit: Limit) -> None:
    advice = advise(plan(240), {CARD}, targets)
    assert advice.limit is limit
    assert keeps(advice, targets, everybody=True)
    seen = advise(plan(240), {CARD}, replace(targets, wait=2 * targets.wait, overtime=2 * targets.overtime))
    assert seen.places > advice.places


def test_more_counters_bear_more_and_longer_services_less() -> None:
    three, four = (advise(plan(120, counters=number), {CARD}, Targets()).places for number in (3, 4))
    assert three < four
    assert advise(plan(120, minutes=18), {CARD}, Targets()).places < 0.7 * four


def test_kits_bound_recordings_whatever_the_counters() -> None:
    day = plan(120, counters=8)
    recording = {CARD: replace(day.services[CARD], needs_kit=True)}
    bound = replace(day, services=recording, kits=2)
    assert advise(bound, {CARD}, Targets()).places == pytest.approx(
        advise(plan(120, counters=2), {CARD}, Targets()).places, rel=0.1
    )
    assert advise(replace(bound, kits=0), {CARD}, Targets()).places == 0


def test_other_services_and_what_is_kept_stay_and_take_their_time() -> None:
    day = plan(120)
    family = tuple(replace(window, service=FAMILY) for window in day.windows)
    kept = tuple(replace(window, kept=True, places=5) for window in day.windows)
    posts = (Post(frozenset({CARD, FAMILY}), OPEN),) * 4
    both = replace(
        day,
        windows=day.windows + family + kept,
        posts=posts,
        services={CARD: day.services[CARD], FAMILY: day.services[CARD]},
    )
    advice = advise(both, {CARD}, Targets())
    assert advice.now == 120
    assert advice.proposed[0].places == advice.places + 120 + 30
    assert advise(both, {CARD, FAMILY}, Targets()).now == 240


def test_an_office_that_the_others_fill_alone_is_advised_nothing() -> None:
    full = plan(900)
    family = replace(full.windows[0], service=FAMILY, places=10)
    day = replace(
        full, windows=(*full.windows, family), services={CARD: full.services[CARD], FAMILY: full.services[CARD]}
    )
    posts = (Post(frozenset({CARD, FAMILY}), OPEN),) * 4
    for targets in (Targets(), Targets(overbooking=0.1)):
        advice = advise(replace(day, posts=posts), {FAMILY}, targets)
        assert (advice.places, advice.limit) == (0, Limit.OTHERS)


def test_each_service_keeps_its_part_and_its_hours() -> None:
    day = plan(120)
    family = tuple(replace(window, service=FAMILY, places=10) for window in day.windows)
    posts = (Post(frozenset({CARD, FAMILY}), OPEN),) * 2
    services = dict.fromkeys((CARD, FAMILY), day.services[CARD])
    advice = advise(replace(day, windows=day.windows + family, posts=posts, services=services), services, Targets())
    (now_card, card), (now_family, other) = advice.by_service[CARD], advice.by_service[FAMILY]
    assert (now_card, now_family, card + other) == (120, 60, advice.places)
    assert abs(card - 2 * other) <= 2


def test_the_answer_is_the_same_each_time() -> None:
    assert advise(plan(120, absence=0.2), {CARD}, Targets()) == advise(plan(120, absence=0.2), {CARD}, Targets())


def test_a_longer_look_agrees() -> None:
    """Few days are played for an answer in half a second; two hundred say nearly the same."""
    targets = Targets()
    day = plan(240)
    advice = advise(day, {CARD}, targets)
    places = [advice.places // 6] * 6
    seen = outlook(day.with_places(places), days=200)
    assert seen.most_wait < 1.25 * targets.wait
    assert seen.overtime < 1.25 * targets.overtime
