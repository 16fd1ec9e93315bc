"""What the front desk is told: a table, and which answer comes first when several are true."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from queue_app.domain.arrivals import ADMITTING, ArrivalRules, ScanResult, judge_arrival
from queue_app.domain.booking import TicketState

ZONE = "Asia/Jayapura"
DAY = date(2026, 11, 26)
HERE, THERE = 1, 2


def at(clock: str, day: date = DAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(ZONE))


def judge(
    state: TicketState = TicketState.BOOKED, *, now: datetime, desk: int = HERE, given: bool = True
) -> ScanResult:
    """A ticket for 09.00 to 10.00, with half an hour of patience on either side."""
    return judge_arrival(
        state=state,
        ticket_office=HERE,
        desk_office=desk,
        day=DAY,
        starts_at=at("09:00"),
        ends_at=at("10:00"),
        zone=ZONE,
        rules=ArrivalRules(early_minutes=30, late_minutes=30),
        given=given,
        now=now,
    )


@pytest.mark.parametrize("state", TicketState)
def test_nobody_is_sent_to_a_day_that_the_office_has_closed(state: TicketState) -> None:
    dead = {TicketState.CANCELLED: ScanResult.CANCELLED, TicketState.RESCHEDULED: ScanResult.RESCHEDULED}
    expected = dead.get(state, ScanResult.DAY_CLOSED)
    for desk in (HERE, THERE):
        for day in (DAY - timedelta(days=1), DAY):
            assert judge(state, now=at("09:30", day), desk=desk, given=False) is expected


@pytest.mark.parametrize(
    ("clock", "result"),
    [
        ("00:00", ScanResult.TOO_EARLY),
        ("08:29:59", ScanResult.TOO_EARLY),
        ("08:30", ScanResult.CHECKED_IN),
        ("10:30", ScanResult.CHECKED_IN),
        ("10:30:01", ScanResult.LATE),
        ("23:59", ScanResult.LATE),
    ],
)
def test_the_hours_of_the_day(clock: str, result: ScanResult) -> None:
    assert judge(now=at(clock)) is result
    assert (result in ADMITTING) == (result is not ScanResult.TOO_EARLY)


@pytest.mark.parametrize("state", [TicketState.BOOKED, TicketState.CHECKED_IN, TicketState.NO_SHOW])
def test_another_day_is_another_day_in_the_zone_of_the_office(state: TicketState) -> None:
    for day in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
        assert judge(state, now=at("09:30", day)) is ScanResult.WRONG_DAY
    assert judge(state, now=at("23:59", DAY - timedelta(days=1))) is ScanResult.WRONG_DAY


def test_who_is_here_is_here_already_whatever_the_hour() -> None:
    for clock in ("06:00", "09:30", "23:00"):
        assert judge(TicketState.CHECKED_IN, now=at(clock)) is ScanResult.ALREADY


def test_who_comes_after_the_no_shows_were_marked_is_late_and_not_lost() -> None:
    assert judge(TicketState.NO_SHOW, now=at("15:00")) is ScanResult.LATE


@pytest.mark.parametrize("now", [at("06:00"), at("09:30"), at("09:30", DAY + timedelta(days=1))])
@pytest.mark.parametrize("desk", [HERE, THERE])
def test_a_dead_ticket_is_said_to_be_dead_before_anything_else(now: datetime, desk: int) -> None:
    assert judge(TicketState.CANCELLED, now=now, desk=desk) is ScanResult.CANCELLED
    assert judge(TicketState.RESCHEDULED, now=now, desk=desk) is ScanResult.RESCHEDULED


@pytest.mark.parametrize("state", [TicketState.BOOKED, TicketState.CHECKED_IN, TicketState.NO_SHOW])
def test_the_wrong_office_comes_before_the_wrong_day(state: TicketState) -> None:
    for now in (at("06:00"), at("09:30"), at("09:30", DAY + timedelta(days=1))):
        assert judge(state, now=now, desk=THERE) is ScanResult.WRONG_OFFICE
