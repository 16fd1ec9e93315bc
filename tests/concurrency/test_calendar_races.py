"""Schedules, new days and holidays meet each other and people who book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.domain.calendar import DayStatus
from queue_app.domain.holidays import KnownHoliday
from queue_app.models import Holiday, OfficeService, ServiceDay, Slot
from queue_app.services.calendar import days
from queue_app.services.calendar.holidays import add_holiday
from queue_app.services.calendar.proposals import propose_holidays
from tests.concurrency.conftest import ADMINISTRATOR, Place
from tests.concurrency.races import Interruption, Meeting, Step, assert_sound, together, without_row_locks
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]


def test_a_new_schedule_while_people_book_and_days_change(
    app: Flask, opened: Opened, booking: Any, setting_schedule: Any, setting_quota: Any, closing_day: Any
) -> None:
    """Windows come, go and shrink under bookings; two schedules and a closure meet: nobody waits in a circle."""
    place = opened(capacity=6, hours=(8, 9, 10))
    for turn, hours in enumerate([(8, 9), (8, 10, 11), (9, 13), (8, 9, 10, 11)]):
        first = place.days[0] + timedelta(days=turn % 2)
        steps = [
            setting_schedule(place, first, hours, 2),
            setting_schedule(place, place.days[0], (*hours, 14), 5),
            setting_quota(place.day_ids[2], 4 + turn),
            *(booking(slot) for of_day in place.slots for slot in of_day),
            *([closing_day(place.day_ids[1])] if turn == 3 else []),
        ]
        outcomes = together(app, *steps)
        assert {outcome.code for outcome in outcomes} <= {None, "slot_full", "day_closed", "quota_below_booked"}
        assert_sound(app)


def test_of_two_schedules_at_once_each_day_follows_the_right_one(
    app: Flask, opened: Opened, setting_schedule: Any
) -> None:
    """The one that begins later lies over the other, whichever is stored first."""
    for slug in ("sragen", "gemolong", "masaran", "plupuh"):
        place = opened(slug, capacity=1, hours=(8,))
        early = setting_schedule(place, place.days[0], (8,), 3)
        late = setting_schedule(place, place.days[1], (8,), 7)
        together(app, early, late)
        assert [_capacity(app, slots[0]) for slots in place.slots] == [3, 7, 7]


def test_control_without_the_calendar_lock_a_day_follows_the_wrong_schedule(
    app: Flask, opened: Opened, setting_schedule: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = opened(capacity=1, hours=(8,))
    late = Interruption(app, setting_schedule(place, place.days[1], (8,), 7))
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(days, "load_schedules", late.after(days.load_schedules))
    together(app, setting_schedule(place, place.days[0], (8,), 3))
    assert late.outcome.won
    assert [_capacity(app, slots[0]) for slots in place.slots] == [3, 3, 3]


def test_control_without_the_calendar_lock_a_new_day_misses_a_holiday(
    app: Flask, opened: Opened, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = opened()
    clock.advance(days=1)
    holiday = place.days[-1] + timedelta(days=days.BEYOND_HORIZON + 1)
    declared = Interruption(app, _declaring(holiday, clock))
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(days, "holidays_at", declared.after(days.holidays_at))
    assert together(app, _making(place, clock))[0].value == 1
    assert declared.outcome.won
    with app.app_context():
        row = db.session().scalars(select(ServiceDay).where(ServiceDay.day == holiday)).one()
        assert row.status is DayStatus.OPEN


def test_days_are_made_once_by_whoever_comes_first(app: Flask, opened: Opened, clock: FixedClock) -> None:
    place = opened(capacity=2, hours=(8, 9, 10))
    for _ in range(3):
        clock.advance(days=2)
        before = _count(app, ServiceDay)
        made = together(app, *(_making(place, clock) for _ in range(8)))
        assert sorted(outcome.value for outcome in made) == [0] * 7 + [2]
        assert _count(app, ServiceDay) == before + 2
        assert _count(app, Slot) == 3 * (before + 2)
    assert_sound(app)


def test_control_looking_before_inserting_lets_two_make_one_day(
    app: Flask, opened: Opened, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unique constraint still stands behind it: all but one makers fail, with nothing made."""
    place, meeting = opened(), Meeting(3)

    def look_then_insert(session: Session, table: Any, key: list[str], rows: list[dict[str, Any]]) -> list[Any]:
        keys = [tuple(row[name] for name in key) for row in rows]
        columns = tuple_(*(getattr(table, name) for name in key))
        there = {tuple(found) for found in session.execute(select(*columns.clauses).where(columns.in_(keys)))}
        meeting.wait(session)
        absent = [(of, row) for of, row in zip(keys, rows, strict=True) if of not in there]
        session.add_all(table(**row) for _, row in absent)
        session.flush()
        return [of for of, _ in absent]

    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(days, "insert_absent", look_then_insert)
    clock.advance(days=1)
    outcomes = together(app, *(_making(place, clock) for _ in range(3)), unguarded=True)
    assert sum(isinstance(outcome.failure, IntegrityError) for outcome in outcomes) == 2


def test_a_holiday_declared_while_days_are_made_and_booked(
    app: Flask, opened: Opened, booking: Any, clock: FixedClock
) -> None:
    """Whatever comes first, no day of that date is left open: days made a moment later know the holiday."""
    place = opened(capacity=2)
    for turn in range(4):
        clock.advance(days=1)
        with app.app_context():
            newest = db.session().scalars(select(func.max(ServiceDay.day))).one()
        holiday = newest + timedelta(days=1)
        steps = [_making(place, clock), _declaring(holiday, clock), _making(place, clock)]
        together(app, *(steps if turn % 2 else reversed(steps)))
        with app.app_context():
            row = db.session().scalars(select(ServiceDay).where(ServiceDay.day == holiday)).one()
            assert row.status is DayStatus.HOLIDAY
        assert _count(app, Holiday) == turn + 1
    clock.set(clock.now() - timedelta(days=4))
    declared, *booked = together(app, _declaring(place.days[2], clock), *(booking(place.slots[2][0]) for _ in range(2)))
    assert declared.code == ("holiday_booked" if any(outcome.won for outcome in booked) else None)
    assert_sound(app)


def test_a_proposal_meets_new_days_and_people_who_book(
    app: Flask, opened: Opened, booking: Any, clock: FixedClock
) -> None:
    """No new day opens beside the proposal, and nobody is on a day that became a probable holiday."""
    place = opened(capacity=4, hours=(8,))
    clock.advance(days=1)
    coming = place.days[-1] + timedelta(days=days.BEYOND_HORIZON + 1)
    proposed, *_ = together(app, _proposing(coming, clock), _making(place, clock), _proposing(coming, clock))
    assert proposed.won
    with app.app_context():
        row = db.session().scalars(select(ServiceDay).where(ServiceDay.day == coming)).one()
        assert row.status is DayStatus.HOLIDAY
    taken = place.days[2]
    _, *booked = together(app, _proposing(taken, clock), *(booking(place.slots[2][0]) for _ in range(3)))
    with app.app_context():
        row = db.session().scalars(select(ServiceDay).where(ServiceDay.day == taken)).one()
        assert row.status is (DayStatus.OPEN if any(outcome.won for outcome in booked) else DayStatus.HOLIDAY)
    assert {outcome.code for outcome in booked} <= {None, "day_closed"}
    assert _count(app, Holiday) == 2
    assert_sound(app)


def _proposing(day: date, clock: FixedClock) -> Step:
    known = KnownHoliday(day, "Idulfitri", "Eid", estimated=True)
    return lambda session: propose_holidays(session, [known], now=clock.now())


def _making(place: Place, clock: FixedClock) -> Step:
    return lambda session: days.make_days(session, session.get_one(OfficeService, place.offering_id), now=clock.now())


def _declaring(day: date, clock: FixedClock) -> Step:
    return lambda session: add_holiday(
        session,
        day,
        name_id="Cuti bersama",
        name_en="Joint leave",
        reason="Keputusan baru",
        actor=ADMINISTRATOR,
        now=clock.now(),
        today=clock.now().date(),
    )


def _capacity(app: Flask, slot_id: int) -> int:
    with app.app_context():
        return db.session().scalars(select(Slot.capacity).where(Slot.id == slot_id)).one()


def _count(app: Flask, table: Any) -> int:
    with app.app_context():
        return db.session().scalars(select(func.count()).select_from(table)).one()
