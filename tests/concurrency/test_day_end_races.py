"""Two sweeps end a day at once, and somebody presses a key while it ends: each visit ends once, and in one way."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import Select

from queue_app.domain.visits import Outcome, StepKind, VisitState
from queue_app.models import Counter, Visit, VisitStep
from queue_app.services.visits import day_end, seats, serving, steps
from queue_app.services.visits.seats import sign_in
from tests.concurrency.counter_steps import pressing
from tests.concurrency.races import Interruption, Meeting, attempt, findings, together, without_row_locks
from tests.harness.hall import Hall

pytestmark = pytest.mark.offering(opens_days_before=7, weekdays=(3,), capacity=40)


def left_over(hall: Hall) -> tuple[int, int]:
    """Six who wait, one who is called, and one who is served; it is late in the evening."""
    serving_one, called, *_waiting = hall.arrive(*range(1, 9))
    assert hall.call(1) == serving_one
    hall.press(serving.start, serving_one)
    assert hall.call(2) == called
    hall.clock.set(hall.slots[-1].ends_at + timedelta(hours=3))
    hall.session.rollback()
    return serving_one, called


def sweep(session: Session, now: Any) -> int:
    return day_end.end_visits(session, now=now)


def ends_of(hall: Hall) -> list[int]:
    """How often each visit was ended by the day."""
    hall.session.rollback()
    ends = select(func.count()).where(VisitStep.kind == StepKind.DAY_END).group_by(VisitStep.ticket_id)
    found = list(hall.session.scalars(ends))
    hall.session.rollback()
    return found


def test_of_two_sweeps_each_visit_is_ended_by_one(app: Flask, hall: Hall) -> None:
    left_over(hall)
    both = [partial(sweep, now=hall.clock.now())] * 3
    outcomes = together(app, *both)
    assert sum(outcome.value for outcome in outcomes) == 8
    assert ends_of(hall) == [1] * 8
    free = [partial(lambda session, now: day_end.free_counters(session, now=now), now=hall.clock.now())] * 3
    assert sum(outcome.value for outcome in together(app, *free)) == len(hall.counters)
    assert not {"I12", "I13"} & set(findings(app))


def test_control_without_the_condition_two_sweeps_end_a_visit_twice(
    app: Flask, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is the condition of the statement that changes a visit: as it was read, or not at all."""
    left_over(hall)
    now = hall.clock.now()
    monkeypatch.setattr(steps, "update", without_condition)
    monkeypatch.setattr(day_end, "step", Meeting(2).before(day_end.step))
    together(app, *[partial(sweep, now=now)] * 2, unguarded=True)
    assert max(ends_of(hall)) == 2


def test_a_press_during_the_sweep_is_either_first_or_refused(
    app: Flask, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving_one, called = left_over(hall)
    finish = pressing(hall, serving.finish, 1, serving_one, Outcome.DONE)
    begin = pressing(hall, serving.start, 2, called)
    now = hall.clock.now()
    hall.session.rollback()
    outcomes = together(app, partial(sweep, now=now), finish, begin)
    states = {ticket_id: hall.visit(ticket_id).state for ticket_id in (serving_one, called)}
    for outcome, ticket_id, won in zip(
        outcomes[1:], (serving_one, called), (VisitState.SERVED, VisitState.IN_SERVICE), strict=True
    ):
        assert outcome.code in (None, "illegal_visit_step")
        if outcome.won:  # and what came after it is not lost: the sweep may still have ended who was begun with
            assert states[ticket_id] in (won, VisitState.DAY_ENDED)
        else:
            assert states[ticket_id] is VisitState.DAY_ENDED
    assert all(count == 1 for count in ends_of(hall))
    assert not {"I12", "I13"} & set(findings(app))


def test_a_press_between_reading_and_ending_is_not_overwritten(
    app: Flask, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving_one, _called = left_over(hall)
    finish = Interruption(app, pressing(hall, serving.finish, 1, serving_one, Outcome.DONE))
    now = hall.clock.now()
    hall.session.rollback()
    monkeypatch.setattr(day_end, "step", finish.before(day_end.step))
    with app.app_context():
        assert attempt(partial(sweep, now=now)).won
    assert finish.outcome.won
    assert hall.visit(serving_one).outcome is Outcome.DONE
    assert hall.visit(serving_one).state is VisitState.SERVED
    assert not {"I12", "I13"} & set(findings(app))


def test_two_officers_sit_down_in_the_morning_at_a_counter_that_was_forgotten(
    app: Flask, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving_one, _called = left_over(hall)
    both = [hall.officer(name) for name in ("satu", "dua")]
    hall.session.commit()
    hall.clock.advance(days=1)
    facts = {"office_id": hall.office_id, "now": hall.clock.now()}
    taking = [partial(sign_in, counter_id=hall.counters[1], staff_id=staff_id, **facts) for staff_id in both]
    outcomes = together(app, *taking, partial(sweep, now=hall.clock.now()))
    assert sorted(str(outcome.code) for outcome in outcomes[:2]) == ["None", "counter_taken"]
    assert set(ends_of(hall)) == {1}
    assert hall.visit(serving_one).outcome is Outcome.UNRECORDED
    # A control: without the lock both sit there, and the second one takes the chair from under the first.
    hall.clock.advance(days=1)
    facts = {"office_id": hall.office_id, "now": hall.clock.now()}
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    taking = [partial(sign_in, counter_id=hall.counters[1], staff_id=staff_id, **facts) for staff_id in both]
    hall.session.rollback()
    monkeypatch.setattr(seats, "lock_counter", Meeting(2).after(seats.lock_counter))
    assert all(outcome.won for outcome in together(app, *taking, unguarded=True))
    assert hall.session.scalars(select(Counter.staff_id).where(Counter.number == 1)).one() in both


def without_condition(table: type) -> Any:
    """In the place of `update` in the module of steps: only the ticket says which visit is changed."""
    return Unconditional(update(table)) if table is Visit else update(table)


class Unconditional:
    def __init__(self, statement: Any) -> None:
        self.statement = statement

    def where(self, ticket: Any, *_as_it_was: Any) -> Any:
        return self.statement.where(ticket)
