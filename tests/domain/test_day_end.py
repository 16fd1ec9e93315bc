"""When the day of an office is over, and when somebody has probably forgotten a key."""

from datetime import UTC, date, datetime, timedelta

import pytest

from queue_app.domain.visits import VisitState, day_is_over, is_probably_forgotten

TODAY = date(2026, 11, 26)
WINDOW_ENDS = datetime(2026, 11, 26, 8, tzinfo=UTC)  # 15.00 WIB
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "busy", "over"),
    [
        (WINDOW_ENDS + HOUR, WINDOW_ENDS - HOUR, False),  # the window is over, the work may not be
        (WINDOW_ENDS + 2 * HOUR, WINDOW_ENDS, True),
        (WINDOW_ENDS + 2 * HOUR, None, True),
        (WINDOW_ENDS + 3 * HOUR, WINDOW_ENDS + 2.5 * HOUR, False),  # somebody is still at work
        (WINDOW_ENDS + 4 * HOUR, WINDOW_ENDS + 2.5 * HOUR, True),
    ],
)
def test_an_evening_ends_the_day_once_it_is_quiet(now: datetime, busy: datetime | None, over: bool) -> None:
    assert day_is_over(TODAY, today=TODAY, last_window_ends=WINDOW_ENDS, last_busy=busy, now=now) is over


def test_every_other_day_is_past_or_to_come() -> None:
    facts = {"today": TODAY, "last_window_ends": None, "last_busy": WINDOW_ENDS, "now": WINDOW_ENDS}
    days = [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)]
    assert [day_is_over(day, **facts) for day in days] == [True, False, False]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "minutes", "forgotten"),
    [(VisitState.IN_SERVICE, 44, False), (VisitState.IN_SERVICE, 45, True), (VisitState.CALLED, 500, False)],
)
def test_who_is_served_for_very_long_was_probably_forgotten(state: VisitState, minutes: int, forgotten: bool) -> None:
    now = WINDOW_ENDS + timedelta(minutes=minutes)
    assert is_probably_forgotten(state, WINDOW_ENDS, now=now) is forgotten
