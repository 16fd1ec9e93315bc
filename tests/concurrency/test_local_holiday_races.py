"""A holiday of one office meets people who book there and elsewhere, and others who add it too."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.domain.calendar import DayStatus
from queue_app.models import Holiday, ServiceDay
from queue_app.services.calendar import holiday_days, holidays
from tests.concurrency.conftest import ADMINISTRATOR, Place
from tests.concurrency.races import (
    Interruption,
    Meeting,
    Step,
    assert_sound,
    findings,
    together,
    without_row_locks,
)
from tests.harness.factories import make_office
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]


def test_whoever_books_there_is_before_it_or_refused(
    app: Flask, opened: Opened, booking: Any, clock: FixedClock
) -> None:
    here, there = opened(capacity=9), opened("gemolong", capacity=9)
    for turn, day in enumerate(here.days):
        declaring = _declaring(day, clock, here.office_id)
        booked = [booking(place.slots[turn][0]) for place in (here, there) for _ in range(2)]
        declared, *outcomes = together(app, *([declaring, *booked] if turn % 2 else [declaring, *reversed(booked)]))
        at_home = outcomes[:2] if turn % 2 else outcomes[2:]
        elsewhere = [outcome for outcome in outcomes if outcome not in at_home]
        assert declared.code == ("holiday_booked" if any(outcome.won for outcome in at_home) else None)
        assert {outcome.code for outcome in at_home} <= {None, "day_closed"}
        assert all(outcome.won for outcome in elsewhere)
        expected = DayStatus.HOLIDAY if declared.won else DayStatus.OPEN
        assert _statuses(app, day) == {here.office_id: expected, there.office_id: DayStatus.OPEN}
    assert_sound(app)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
def test_control_without_locks_a_day_becomes_a_holiday_under_somebody(
    app: Flask, opened: Opened, booking: Any, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = opened()
    booked = Interruption(app, booking(place.slot))
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(holidays, "booked_days", booked.after(holiday_days.booked_days))
    assert together(app, _declaring(place.days[0], clock, place.office_id))[0].won
    assert booked.outcome.won
    assert findings(app)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
def test_another_office_is_booked_while_it_is_being_added(
    app: Flask, opened: Opened, booking: Any, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of its locks are held and nothing is committed: at the other office nobody waits, here everybody does."""
    here, there = opened(), opened("gemolong")
    elsewhere = Interruption(app, booking(there.slot))
    monkeypatch.setattr(holidays, "follow_list", elsewhere.after(holiday_days.follow_list))
    assert together(app, _declaring(here.days[0], clock, here.office_id))[0].won
    assert elsewhere.outcome.won
    assert _statuses(app, here.days[0]) == {here.office_id: DayStatus.HOLIDAY, there.office_id: DayStatus.OPEN}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
def test_control_one_for_all_offices_lets_them_wait(
    app: Flask, opened: Opened, booking: Any, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = opened(), opened("gemolong")
    done = threading.Event()

    def try_meanwhile(session: Session, *arguments: Any) -> None:
        holiday_days.follow_list(session, *arguments)
        thread = threading.Thread(target=lambda: (outcomes.extend(together(app, booking(there.slot))), done.set()))
        thread.start()
        assert not done.wait(0.5)
        threads.append(thread)

    outcomes: list[Any] = []
    threads: list[threading.Thread] = []
    monkeypatch.setattr(holidays, "follow_list", try_meanwhile)
    assert together(app, _declaring(here.days[0], clock, None))[0].won
    threads[0].join(10)
    assert [outcome.code for outcome in outcomes] == ["day_closed"]


@pytest.mark.parametrize("gives_something", [True, False])
def test_of_several_who_add_it_one_has_done_it(
    app: Flask, opened: Opened, clock: FixedClock, gives_something: bool
) -> None:
    """Also at an office that gives nothing yet, and so has no calendar to lock."""
    place = opened()
    office_id = place.office_id if gives_something else _new_office(app)
    for day in place.days:
        outcomes = together(app, *(_declaring(day, clock, office_id) for _ in range(4)))
        refused = [outcome.refusal.details["reason"] for outcome in outcomes if outcome.refusal]
        assert refused == ["holiday_exists"] * 3
    assert _holidays(app) == len(place.days)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
def test_control_looking_before_adding_lets_two_add_it(
    app: Flask, opened: Opened, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unique index still stands behind it: the second one fails, with words that nobody understands."""
    place, meeting = opened(), Meeting(2)

    def look_then_add(session: Session, day: date, office_id: int | None, names: tuple[str, str]) -> None:
        found = select(Holiday.id).where(Holiday.date == day, Holiday.office_id == office_id)
        there = session.scalars(found).first()
        meeting.wait(session)
        if there is None:
            session.add(Holiday(date=day, office_id=office_id, name_id=names[0], name_en=names[1]))
            session.flush()

    monkeypatch.setattr(holidays, "_enter", look_then_add)
    office_id = _new_office(app)
    steps = [_declaring(place.days[0], clock, office_id) for _ in range(2)]
    outcomes = together(app, *steps, unguarded=True)
    assert sum(isinstance(outcome.failure, IntegrityError) for outcome in outcomes) == 1


def test_one_for_all_taken_off_while_the_local_one_is_added(app: Flask, opened: Opened, clock: FixedClock) -> None:
    """Whichever comes first, the office's own holds its day, and the other office opens."""
    here, there = opened(), opened("gemolong")
    for turn, day in enumerate(here.days):
        assert together(app, _declaring(day, clock, None))[0].won
        steps = [_taking_off(day, clock), _declaring(day, clock, here.office_id)]
        assert all(outcome.won for outcome in together(app, *(steps if turn % 2 else reversed(steps))))
        assert _statuses(app, day) == {here.office_id: DayStatus.HOLIDAY, there.office_id: DayStatus.OPEN}
    assert_sound(app)


def _declaring(day: date, clock: FixedClock, office_id: int | None) -> Step:
    return lambda session: holidays.add_holiday(
        session,
        day,
        office_id=office_id,
        name_id="Hari jadi kota",
        name_en="City day",
        reason="Peraturan daerah",
        actor=ADMINISTRATOR,
        now=clock.now(),
        today=clock.now().date(),
    )


def _taking_off(day: date, clock: FixedClock) -> Step:
    by = {"reason": "Keputusan diubah", "actor": ADMINISTRATOR, "now": clock.now(), "today": clock.now().date()}
    return lambda session: holidays.delete_holiday(session, day, **by)


def _new_office(app: Flask) -> int:
    (made,) = together(app, lambda session: make_office(session, "masaran").id)
    return int(made.value)


def _statuses(app: Flask, day: date) -> dict[int, DayStatus]:
    with app.app_context():
        rows = select(ServiceDay.office_id, ServiceDay.status).where(ServiceDay.day == day)
        return dict(db.session().execute(rows).all())


def _holidays(app: Flask) -> int:
    with app.app_context():
        return db.session().scalars(select(func.count()).select_from(Holiday)).one()
