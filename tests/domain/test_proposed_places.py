"""Which times a closure takes, and who is proposed which place."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain.calendar import Share
from queue_app.domain.clock import office_date
from queue_app.domain.closures import (
    DAYS_MAX,
    ClosedTime,
    InvalidClosure,
    OfferTerms,
    held_until,
)
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.proposed_places import Party, Proposal, Room, propose

MONDAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # in Sragen
JAKARTA = "Asia/Jakarta"


def party(booking_id: int, places: int = 1, **of: object) -> Party:
    facts = {"service_id": 1, "office_id": 1, "day": MONDAY, "priority": None, "channel": Channel.ONLINE} | of
    return Party(booking_id=booking_id, places=places, **facts)  # type: ignore[arg-type]  # each of its own type


def room(slot_id: int, hour: int, free: int = 1, **of: object) -> Room:
    starts_at = NINE + timedelta(hours=hour)
    facts = {"service_id": 1, "office_id": 1, "share": Share.PUBLIC, "day": office_date(starts_at, JAKARTA)} | of
    return Room(slot_id=slot_id, starts_at=starts_at, free=free, **facts)  # type: ignore[arg-type]  # each of its own type


def slots(plan: dict[int, Proposal | None]) -> dict[int, int | None]:
    return {booking_id: proposal.slot_id if proposal else None for booking_id, proposal in plan.items()}


def test_the_earliest_place_for_whoever_booked_first() -> None:
    rooms = [room(3, 3), room(1, 1), room(2, 2)]
    assert slots(propose([party(8), party(7), party(9)], rooms)) == {7: 1, 8: 2, 9: 3}


def test_priority_goes_before_the_order_of_booking() -> None:
    plan = propose([party(7), party(8, priority=Priority.VULNERABLE)], [room(1, 1), room(2, 2)])
    assert slots(plan) == {8: 1, 7: 2}


def test_a_party_is_never_torn_apart() -> None:
    rooms = [room(1, 1, free=2), room(2, 2, free=3)]
    assert slots(propose([party(7, places=3), party(8, places=2)], rooms)) == {7: 2, 8: 1}
    assert slots(propose([party(7, places=4)], rooms)) == {7: None}


def test_a_small_one_is_not_kept_from_what_a_large_one_could_not_use() -> None:
    rooms = [room(1, 1, free=1), room(2, 2, free=2)]
    assert slots(propose([party(7, places=2), party(8), party(9)], rooms)) == {7: 2, 8: 1, 9: None}


def test_only_the_same_service() -> None:
    assert slots(propose([party(7)], [room(1, 1, service_id=2), room(2, 2)])) == {7: 2}


def test_another_office_only_when_their_own_has_nothing() -> None:
    rooms = [room(1, 1, office_id=2), room(2, 2)]
    assert slots(propose([party(7), party(8), party(9)], rooms)) == {7: 2, 8: 1, 9: None}


def test_their_own_day_or_a_later_one_before_an_earlier_one() -> None:
    rooms = [room(1, 1), room(2, 25), room(3, 49)]
    tuesday = MONDAY + timedelta(days=1)
    assert slots(propose([party(7, day=tuesday), party(8, day=tuesday), party(9)], rooms)) == {7: 2, 8: 3, 9: 1}


def test_another_office_later_rather_than_their_own_earlier() -> None:
    rooms = [room(1, 1), room(2, 25, office_id=2)]
    tuesday = MONDAY + timedelta(days=1)
    assert slots(propose([party(7, day=tuesday), party(8, day=tuesday)], rooms)) == {7: 2, 8: 1}


def test_of_earlier_days_the_last_one_and_of_its_hours_the_first() -> None:
    rooms = [room(1, 1), room(2, 25, share=Share.ASSISTED), room(3, 25), room(4, 24)]
    thursday = MONDAY + timedelta(days=3)
    parties = [party(number, day=thursday, channel=Channel.DESK) for number in (6, 7, 8, 9)]
    assert slots(propose(parties, rooms)) == {6: 4, 7: 3, 8: 2, 9: 1}
    assert slots(propose([party(5, day=thursday, places=2)], [room(1, 1, free=2), room(2, 25)])) == {5: 1}


def test_added_places_come_after_the_free_ones_of_the_slot_and_before_a_later_slot() -> None:
    rooms = [room(1, 1, free=1, extra=2), room(2, 2, free=5)]
    plan = propose([party(7, places=2), party(8), party(9)], rooms)
    assert plan == {7: Proposal(1, 1), 8: Proposal(1, 1), 9: Proposal(2, 0)}


def test_a_slot_that_is_over_full_is_no_debt() -> None:
    assert propose([party(7)], [room(1, 1, free=-2, extra=1)]) == {7: Proposal(1, 1)}


@pytest.mark.parametrize(
    ("channel", "priority", "given"),
    [
        (Channel.ONLINE, None, [3, None, None]),
        (Channel.ONLINE, Priority.URGENT, [2, 3, None]),
        (Channel.DESK, None, [1, 3, None]),
        (Channel.VILLAGE, Priority.URGENT, [1, 2, 3]),
    ],
)
def test_shares_are_for_whom_they_are_kept(channel: Channel, priority: Priority | None, given: list[int]) -> None:
    rooms = [room(1, 1, share=Share.ASSISTED), room(2, 2, share=Share.PRIORITY), room(3, 3)]
    parties = [party(number, channel=channel, priority=priority) for number in (7, 8, 9)]
    assert list(slots(propose(parties, rooms)).values()) == given


def test_of_one_hour_the_public_place_goes_first() -> None:
    rooms = [room(1, 1, share=Share.ASSISTED), room(2, 1)]
    assert slots(propose([party(7, channel=Channel.DESK), party(8)], rooms)) == {7: 2, 8: None}


@given(
    st.lists(st.tuples(st.integers(1, 5), st.booleans(), st.integers(1, 2), st.integers(0, 3)), max_size=30),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 4), st.integers(0, 2), st.integers(1, 2)), max_size=12),
)
def test_no_room_gives_more_than_it_has_and_nobody_fits_into_what_is_left(
    people: list[tuple[int, bool, int, int]], places: list[tuple[int, int, int, int]]
) -> None:
    parties = [
        party(
            number,
            size,
            priority=Priority.URGENT if urgent else None,
            office_id=office,
            day=MONDAY + timedelta(days=day),
        )
        for number, (size, urgent, office, day) in enumerate(people)
    ]
    rooms = [
        room(number, hour, free, extra=extra, office_id=office)
        for number, (hour, free, extra, office) in enumerate(places)
    ]
    plan = propose(parties, rooms)
    given = dict.fromkeys(range(len(rooms)), 0)
    for one in parties:
        if proposal := plan[one.booking_id]:
            given[proposal.slot_id] += one.places
    assert all(given[slot_id] <= free + extra for slot_id, (_, free, extra, _office) in enumerate(places))
    left = [free + extra - given[slot_id] for slot_id, (_, free, extra, _office) in enumerate(places)]
    assert all(one.places > max(left, default=0) for one in parties if plan[one.booking_id] is None)


def test_whole_days_and_hours_of_days() -> None:
    eight, ten = NINE - timedelta(hours=1), NINE + timedelta(hours=1)
    whole = ClosedTime(MONDAY, MONDAY + timedelta(days=1))
    assert whole.covers(1, NINE, ten, JAKARTA, planned=2)
    assert whole.covers(1, NINE + timedelta(days=1), ten + timedelta(days=1), JAKARTA, planned=2)
    assert not whole.covers(1, NINE + timedelta(days=2), ten + timedelta(days=2), JAKARTA, planned=2)
    hours = ClosedTime(MONDAY, MONDAY, time(9), time(12))
    assert hours.covers(1, NINE, ten, JAKARTA, planned=2)
    assert not hours.covers(1, eight, NINE, JAKARTA, planned=2), "it ends when the closure begins"
    assert hours.covers(1, eight, NINE + timedelta(minutes=1), JAKARTA, planned=2)
    assert not ClosedTime(MONDAY, MONDAY, time(7), time(9)).covers(1, NINE, ten, JAKARTA, planned=2)
    named = ClosedTime(MONDAY, MONDAY, services=frozenset({2}))
    assert not named.covers(1, NINE, ten, JAKARTA, planned=2)
    assert named.covers(2, NINE, ten, JAKARTA, planned=2)


def test_only_the_hours_that_were_dropped() -> None:
    ten = NINE + timedelta(hours=1)
    dropped = ClosedTime(MONDAY, MONDAY, only_dropped=True)
    assert dropped.covers(1, NINE, ten, JAKARTA, planned=0)
    assert not dropped.covers(1, NINE, ten, JAKARTA, planned=1)
    assert not dropped.whole_days, "the day goes on beside them"


@pytest.mark.parametrize(
    ("time_of", "reason"),
    [
        ((MONDAY, MONDAY - timedelta(days=1)), "date_range"),
        ((MONDAY - timedelta(days=2), MONDAY - timedelta(days=1)), "past_date"),
        ((MONDAY, MONDAY + timedelta(days=DAYS_MAX)), "too_long"),
        ((MONDAY, MONDAY, time(9), None), "hours"),
        ((MONDAY, MONDAY, time(9), time(9)), "hours"),
    ],
)
def test_times_that_cannot_be_meant(time_of: tuple, reason: str) -> None:
    with pytest.raises(InvalidClosure) as refusal:
        ClosedTime(*time_of).check(today=MONDAY)
    assert refusal.value.details["reason"] == reason


@pytest.mark.parametrize("terms", [{"extra_places": 51}, {"hold_hours": 0}, {"precedence_days": 61}])
def test_terms_beyond_reason(terms: dict[str, int]) -> None:
    with pytest.raises(InvalidClosure):
        OfferTerms(**terms).check()


def test_a_place_is_not_held_into_its_own_hour() -> None:
    hold = timedelta(hours=48)
    assert held_until(NINE + timedelta(days=9), hold, now=NINE) == NINE + hold
    assert held_until(NINE + timedelta(hours=20), hold, now=NINE) == NINE + timedelta(hours=18)
