"""Where a ticket stands: one table for every state, day, hour and visit."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import BeforeDay, BookingRules
from queue_app.domain.stages import IN_THE_HALL, TO_COME, VALID, Act, Stage, TicketLife
from queue_app.domain.visits import Outcome, VisitState

ZONE = "Asia/Makassar"
DAY = date(2026, 11, 26)
NINE = datetime(2026, 11, 26, 9, tzinfo=ZoneInfo(ZONE))
BEFORE, ON, AFTER = (NINE + timedelta(days=days) for days in (-1, 0, 1))
RULES = BookingRules(BeforeDay(30, time(7)), BeforeDay(1, time(16)), changes_close=BeforeDay(1, time(12)), zone=ZONE)
BOOKED = TicketLife(TicketState.BOOKED, DAY, NINE, ZONE, given=True)
HERE = replace(BOOKED, state=TicketState.CHECKED_IN, visit=VisitState.WAITING)


@pytest.mark.parametrize(
    ("life", "before", "on", "after"),
    [
        (BOOKED, Stage.BOOKED, Stage.TODAY, Stage.OVER),
        (replace(BOOKED, given=False), Stage.WITHDRAWN, Stage.WITHDRAWN, Stage.WITHDRAWN),
        (HERE, Stage.ARRIVED, Stage.ARRIVED, Stage.OVER),
        (replace(HERE, visit=None), Stage.ARRIVED, Stage.ARRIVED, Stage.OVER),
        (replace(HERE, visit=VisitState.HELD), Stage.ARRIVED, Stage.ARRIVED, Stage.OVER),
        (replace(HERE, visit=VisitState.CALLED), Stage.CALLED, Stage.CALLED, Stage.OVER),
        (replace(HERE, visit=VisitState.IN_SERVICE), Stage.IN_SERVICE, Stage.IN_SERVICE, Stage.OVER),
        (replace(HERE, visit=VisitState.SERVED, outcome=Outcome.DONE), *[Stage.SERVED] * 3),
        (replace(HERE, visit=VisitState.ABSENT), *[Stage.MISSED] * 3),
        (replace(HERE, given=False), *[Stage.WITHDRAWN] * 3),
        (replace(HERE, given=False, visit=None), *[Stage.WITHDRAWN] * 3),
        (replace(HERE, given=False, visit=VisitState.IN_SERVICE), Stage.IN_SERVICE, Stage.IN_SERVICE, Stage.OVER),
        (replace(HERE, given=False, visit=VisitState.SERVED), *[Stage.SERVED] * 3),
        (replace(HERE, visit=VisitState.DAY_ENDED, outcome=Outcome.NOT_SERVED), *[Stage.OVER] * 3),
        (replace(HERE, visit=VisitState.DAY_ENDED, outcome=Outcome.UNRECORDED), *[Stage.SERVED] * 3),
        (replace(HERE, visit=VisitState.DAY_ENDED, outcome=Outcome.NOT_SERVED, given=False), *[Stage.WITHDRAWN] * 3),
        (replace(BOOKED, state=TicketState.NO_SHOW), *[Stage.MISSED] * 3),
        (replace(BOOKED, state=TicketState.CANCELLED, given=False), *[Stage.CANCELLED] * 3),
        (replace(BOOKED, state=TicketState.RESCHEDULED), *[Stage.MOVED] * 3),
    ],
)
def test_each_life_has_one_stage(life: TicketLife, before: Stage, on: Stage, after: Stage) -> None:
    assert [life.stage(now=now) for now in (BEFORE, ON, AFTER)] == [before, on, after]


def test_the_day_is_the_offices_day() -> None:
    """Midnight in WITA is 23.00 in WIB: a ticket is of today from the office's midnight on."""
    midnight = datetime(2026, 11, 26, tzinfo=ZoneInfo(ZONE))
    assert BOOKED.stage(now=midnight) is Stage.TODAY
    assert BOOKED.stage(now=midnight - timedelta(seconds=1)) is Stage.BOOKED


ALL_LIVES = [
    replace(BOOKED, state=state, given=given, visit=visit)
    for state, given, visit in product(TicketState, (True, False), (None, *VisitState))
    if visit is None or state is TicketState.CHECKED_IN
]


@pytest.mark.parametrize("now", [BEFORE, ON, AFTER])
def test_nobody_is_asked_to_come_for_a_place_that_was_taken_away(now: datetime) -> None:
    for life in ALL_LIVES:
        stage = life.stage(now=now)
        if not life.given and life.outcome is not Outcome.UNRECORDED:
            assert stage not in TO_COME | {Stage.ARRIVED, Stage.CALLED}
        if stage in VALID:
            assert life.state in {TicketState.BOOKED, TicketState.CHECKED_IN}
        if stage in IN_THE_HALL:
            assert life.day >= now.date()


def test_what_is_booked_can_be_given_back_until_the_hour_of_arrival() -> None:
    noon = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo(ZONE))
    second = timedelta(seconds=1)
    assert BOOKED.acts(RULES, now=noon - second) == set(Act)
    assert BOOKED.acts(RULES, now=noon) == {Act.CANCEL, Act.MOVE_HOUR}
    assert BOOKED.acts(RULES, now=NINE - second) == {Act.CANCEL, Act.MOVE_HOUR}
    assert BOOKED.acts(RULES, now=NINE) == set()


def test_whose_place_was_taken_away_may_always_choose_another() -> None:
    for life in ALL_LIVES:
        assert life.acts(RULES, now=AFTER) == (
            set(Act) if life.state is TicketState.BOOKED and not life.given else set()
        )


def test_a_cut_off_after_the_hour_of_arrival_ends_with_it() -> None:
    late = replace(RULES, changes_close=BeforeDay(0, time(23)))
    assert late.moves_close(DAY, NINE) == NINE
