"""What is out of the ordinary, and what is only the work of a day: each rule at its edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from queue_app.domain.exceptions import (
    BOOKINGS_A_KEY,
    BOOKINGS_A_PHONE,
    BOOKINGS_AN_OPERATOR,
    IN_NO_TIME_LEAST,
    TAKEN_WITHIN,
    DayAct,
    Deed,
    ExceptionKind,
    findings,
    is_in_no_time,
    is_odd_hour,
    staff_tallies,
)

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
HOURS = (NOON - timedelta(hours=4), NOON + timedelta(hours=3))
STAFF = {"staff:1": False, "staff:2": False, "staff:3": False, "staff:9": True}
serial = count(1)


def act(deed: Deed = Deed.BOOKED, actor: str = "citizen", *, minutes: float = 0, **facts: object) -> DayAct:
    number = next(serial)
    values = {"ticket_id": number, "booking_id": number, "slot_id": 7, "person": str(number).encode(), **facts}
    return DayAct(number, NOON + timedelta(minutes=minutes), actor, deed, **values)


def kinds(*acts: DayAct) -> list[ExceptionKind]:
    return [one.kind for one in findings(acts, HOURS, STAFF)]


def of(actor: str, times: int, deed: Deed = Deed.BOOKED) -> list[DayAct]:
    return [act(deed, actor, slot_id=next(serial)) for _ in range(times)]


@pytest.mark.parametrize(
    ("deed", "kind"),
    [
        (Deed.BEYOND_QUOTA, ExceptionKind.BEYOND_QUOTA),
        (Deed.ORDER_CHANGED, ExceptionKind.ORDER_CHANGED),
        (Deed.REVEALED, ExceptionKind.DATA_REVEALED),
    ],
)
def test_each_of_these_is_a_line(deed: Deed, kind: ExceptionKind) -> None:
    found = findings([act(deed, reason="Sakit"), act(deed)], HOURS, STAFF)
    assert [one.kind for one in found] == [kind, kind]
    assert [one.is_ordinary for one in found] == [deed is Deed.REVEALED] * 2


@pytest.mark.parametrize(
    ("mine", "theirs", "stands_out"),
    [
        (10, (3, 3), True),
        (9, (1, 1), False),  # too few to say anything
        (12, (4, 4), False),  # three times as many, and not more
        (13, (4, 4), True),
        (13, (4, 40), False),  # the middle of the others is 22
        (50, (), False),  # nobody to compare with
    ],
)
def test_who_stands_out_among_the_colleagues(mine: int, theirs: tuple[int, ...], stands_out: bool) -> None:
    acts = of("staff:1", mine) + [one for number, times in enumerate(theirs, 2) for one in of(f"staff:{number}", times)]
    found = findings(acts, HOURS, STAFF)
    outlying = [one.actor for one in found if one.kind is ExceptionKind.OUTLYING_BOOKINGS and one.actor == "staff:1"]
    assert bool(outlying) is stands_out
    cancelled = [replace(one, deed=Deed.CANCELLED) for one in acts]
    again = {one.kind for one in findings(cancelled, HOURS, STAFF) if one.actor == "staff:1"}
    assert (ExceptionKind.OUTLYING_CANCELLATIONS in again) is stands_out


def test_a_move_is_no_booking_and_an_operator_no_colleague() -> None:
    acts = of("staff:2", 1) + of("staff:9", 30) + [replace(one, is_move=True) for one in of("staff:1", 30)]
    assert kinds(*acts) == []
    tallies = {
        one.actor: (one.booked, one.cancelled) for one in staff_tallies(acts + of("staff:1", 2, Deed.CANCELLED), ())
    }
    assert tallies == {"staff:9": (30, 0), "staff:1": (0, 2), "staff:2": (1, 0)}


def test_bookings_with_one_telephone() -> None:
    several = [act(contact="+62812", slot_id=number) for number in range(BOOKINGS_A_PHONE)]
    assert kinds(*several) == [ExceptionKind.ONE_PHONE]
    assert kinds(*several[:-1]) == []
    party = [replace(one, booking_id=1) for one in several]
    assert kinds(*party) == [], "a family is one booking"
    assert kinds(*(replace(one, contact=None) for one in several)) == []
    assert "+62812" not in repr(findings(several, HOURS, STAFF))


@pytest.mark.parametrize(("actor", "most"), [("staff:9", BOOKINGS_AN_OPERATOR), ("api-key:3", BOOKINGS_A_KEY)])
def test_bookings_by_one_operator(actor: str, most: int) -> None:
    assert kinds(*of(actor, most)) == []
    assert kinds(*of(actor, most + 1)) == [ExceptionKind.ONE_OPERATOR]


@pytest.mark.parametrize("freed", [Deed.CANCELLED, Deed.LEFT])
@pytest.mark.parametrize(
    ("after", "is_one"),
    [
        ({"contact": "+62812"}, True),
        ({"contact": "+62812", "minutes": TAKEN_WITHIN.total_seconds() / 60}, True),
        ({"contact": "+62812", "minutes": TAKEN_WITHIN.total_seconds() / 60 + 0.1}, False),
        ({"contact": "+62812", "minutes": -1}, False),  # taken before it was given up
        ({"contact": "+62812", "slot_id": 8}, False),
        ({"contact": "+62812", "person": b"same"}, False),  # they changed their mind
        ({"contact": "+62813"}, False),
        ({"contact": None}, False),
    ],
    ids=str,
)
def test_a_place_that_is_passed_on(freed: Deed, after: dict[str, object], is_one: bool) -> None:
    before = act(freed, contact="+62812", person=b"same")
    taken = act(**after)
    assert kinds(before, taken) == ([ExceptionKind.PLACE_PASSED_ON] if is_one else [])


def test_a_place_is_passed_on_once_and_by_staff_and_programs_too() -> None:
    before = act(Deed.CANCELLED, "staff:1")
    assert kinds(before, act(actor="staff:1", minutes=1), act(actor="staff:1", minutes=2)) == [
        ExceptionKind.PLACE_PASSED_ON
    ]
    key = act(Deed.CANCELLED, "api-key:3")
    assert kinds(key, act(actor="api-key:3", minutes=1)) == [ExceptionKind.PLACE_PASSED_ON]
    citizen = act(Deed.CANCELLED)
    assert kinds(citizen, act(minutes=1)) == [], "the next in a rush is a stranger"


@pytest.mark.parametrize(
    ("at", "is_odd"),
    [
        (HOURS[0] - timedelta(minutes=60), False),
        (HOURS[0] - timedelta(minutes=61), True),
        (HOURS[1] + timedelta(minutes=60), False),
        (HOURS[1] + timedelta(minutes=61), True),
    ],
)
def test_odd_hours(at: datetime, is_odd: bool) -> None:
    assert is_odd_hour(at, HOURS) is is_odd
    assert is_odd_hour(at, None), "closed"
    found = findings([replace(act(Deed.LOGGED_IN, "staff:1"), at=at)], HOURS, STAFF)
    assert [one.kind for one in found] == ([ExceptionKind.ODD_HOUR] if is_odd else [])


@pytest.mark.parametrize(
    ("seconds", "stated", "is_one"),
    [
        (29.9, 0, True),
        (30, 0, False),
        (29.9, 15, True),  # a tenth would be a minute and a half
        (30, 15, False),
        (17.9, 3, True),
        (18, 3, False),
        (0, 1, True),
    ],
)
def test_a_service_that_is_done_in_no_time(seconds: float, stated: int, is_one: bool) -> None:
    assert is_in_no_time(timedelta(seconds=seconds), stated) is is_one


def test_who_served_some_in_no_time_is_a_line_from_a_few_on() -> None:
    some = of("staff:1", IN_NO_TIME_LEAST, Deed.DONE_IN_NO_TIME)
    (found,) = findings(some, HOURS, STAFF)
    assert (found.kind, found.actor, found.count) == (ExceptionKind.IN_NO_TIME, "staff:1", IN_NO_TIME_LEAST)
    assert kinds(*some[:-1], *of("staff:2", IN_NO_TIME_LEAST - 1, Deed.DONE_IN_NO_TIME)) == []
