"""Four counters press the key at once: no number is called twice, nobody is lost, the order is the published one."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import Select

from queue_app.domain.visits import Outcome, StepKind, VisitState
from queue_app.models import Ticket, Visit, VisitStep
from queue_app.services.visits import calling, serving, steps
from tests.concurrency.counter_steps import called, open_calls, pressing, undoing
from tests.concurrency.races import Do, Interruption, Meeting, findings, in_parallel, together, without_row_locks
from tests.harness.hall import Hall

PEOPLE = 16
OF_THE_HALL = {"I12", "I13"}


def test_four_counters_call_everybody_once_in_the_published_order(app: Flask, hall: Hall) -> None:
    for number in range(PEOPLE):
        hall.arrive(PEOPLE - number, window=number % 2, priority=number % 5 == 0, walk_in=number % 4 == 1)
    published = hall.order()
    hall.session.rollback()

    def counter(at: int, do: Do) -> None:
        while ticket_id := do(pressing(hall, calling.call_next, at)).value:
            do(pressing(hall, serving.start, at, ticket_id))
            do(pressing(hall, serving.finish, at, ticket_id, Outcome.DONE))

    outcomes = in_parallel(app, *(partial(counter, at) for at in hall.counters))
    assert all(outcome.won for outcome in outcomes)
    assert called(hall) == published
    assert len(set(published)) == PEOPLE == hall.memory()[0]
    assert set(hall.session.scalars(select(Visit.state))) == {VisitState.SERVED}
    hall.session.rollback()
    assert not OF_THE_HALL & findings(app).keys()


def test_four_counters_that_press_once_call_the_first_four(app: Flask, hall: Hall) -> None:
    for turn in range(3):
        published = [*hall.order(), *hall.arrive(*range(10 * turn + 1, 10 * turn + 5))]
        hall.session.rollback()
        outcomes = together(app, *(pressing(hall, calling.call_next, at) for at in hall.counters))
        assert sorted(outcome.value for outcome in outcomes) == published
        for at, ticket_id in open_calls(hall).items():
            hall.session.rollback()
            together(app, pressing(hall, serving.start, at, ticket_id))
            together(app, pressing(hall, serving.finish, at, ticket_id, Outcome.DONE))


def test_control_without_lock_and_condition_two_counters_call_one_number(
    app: Flask, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    zero, *_others = hall.arrive(0, 1, 2)
    hall.call()  # so that the line is there: who makes it would make the others wait
    hall.serve(zero)
    hall.session.rollback()
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(calling, "step", Meeting(2).before(step_anyway))
    outcomes = together(app, *(pressing(hall, calling.call_next, at) for at in (1, 2)))
    assert len({outcome.value for outcome in outcomes}) == 1
    assert len(called(hall)) == 3
    hall.session.rollback()
    assert findings(app).keys() >= OF_THE_HALL


def test_control_without_the_lock_the_condition_still_lets_one_call(
    app: Flask, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    zero, *_others = hall.arrive(0, 1, 2)
    hall.call()  # so that the line is there: who makes it would make the others wait
    hall.serve(zero)
    hall.session.rollback()
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(calling, "step", Meeting(2).before(steps.step))
    outcomes = together(app, *(pressing(hall, calling.call_next, at) for at in (1, 2)))
    assert sorted(str(outcome.code) for outcome in outcomes) == ["None", "illegal_visit_step"]
    assert len(called(hall)) == 2


def step_anyway(session: Session, visit: Visit, kind: StepKind, *, queue: Any, actor: Any, **changes: Any) -> None:
    """A double that looks at nothing: whoever writes last is believed."""
    before = {"state": visit.state, "counter_id": None, "line": {"calls": queue.calls}}
    shared = {"office_id": visit.office_id, "service_id": visit.service_id, "day": visit.day, "at": changes.pop("now")}
    nonce = changes.pop("nonce")
    step = VisitStep(ticket_id=visit.ticket_id, kind=kind, actor=actor.label, before=before, nonce=nonce, **shared)
    step.counter_id = changes["counter_id"]
    session.add(step)
    session.execute(update(Visit).where(Visit.ticket_id == visit.ticket_id).values(**changes))
    session.flush()


def test_a_call_taken_back_while_others_call_is_lost_to_nobody(app: Flask, hall: Hall) -> None:
    for turn in range(4):
        hall.arrive(2 * turn + 1, 2 * turn + 2)
        first = hall.call()
        hall.session.rollback()
        assert first
        outcomes = together(app, undoing(hall, first), pressing(hall, calling.call_next, 2))
        assert all(outcome.won for outcome in outcomes)
        there = open_calls(hall)
        assert there == {2: outcomes[1].value}
        waiting = hall.order()
        assert (first in waiting) is (there[2] != first)
        for ticket_id in [there[2], *waiting]:
            if ticket_id != there[2]:
                assert hall.call(counter=2) == ticket_id
            hall.serve(ticket_id, at=2)
        hall.session.rollback()
    assert not OF_THE_HALL & findings(app).keys()


def test_somebody_returns_to_a_counter_or_the_next_one_comes(app: Flask, hall: Hall) -> None:
    """Undoing the end of a service, and the key for the next one, both want the counter: one of them gets it."""
    for turn in range(6):
        (one,) = hall.arrive(10 * turn + 1)
        assert hall.call() == one
        hall.serve(one)
        (two,) = hall.arrive(10 * turn + 2)
        hall.session.rollback()
        outcomes = together(app, undoing(hall, one), pressing(hall, calling.call_next, 1))
        assert [outcome.code for outcome in outcomes] in ([None, "call_open"], ["call_open", None])
        (there,) = open_calls(hall).values()
        assert there == (one if outcomes[0].won else two)
        if there == one:
            hall.press(serving.finish, one, Outcome.DONE)
            assert hall.call() == two
        hall.serve(two)
    hall.session.rollback()
    assert not OF_THE_HALL & findings(app).keys()


def test_somebody_taken_back_from_another_line_is_not_called_there(
    app: Flask, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.open(5, hall.other_service_id)
    (one,) = hall.arrive(1)
    hall.call()
    hall.press(serving.transfer, one, to_service_id=hall.other_service_id)
    meanwhile = Interruption(app, undoing(hall, one))
    monkeypatch.setattr(calling, "waiting_in", meanwhile.after(calling.waiting_in))
    (outcome,) = together(app, pressing(hall, calling.call_next, 5))
    assert meanwhile.outcome.won
    assert (outcome.won, outcome.value) == (True, None)
    assert open_calls(hall) == {1: one}
    hall.session.rollback()
    assert not OF_THE_HALL & findings(app).keys()


def test_who_is_called_while_the_admission_is_taken_back_is_here_or_gone(app: Flask, hall: Hall) -> None:
    def leaving(session: Session, ticket_id: int) -> None:
        steps.end_visit(session, session.get_one(Ticket, ticket_id), now=hall.clock.now())

    for turn in range(5):
        (one,) = hall.arrive(turn + 1)
        hall.session.rollback()
        call, gone = together(app, pressing(hall, calling.call_next, 1), partial(leaving, ticket_id=one))
        assert (call.value, gone.code) in ((one, "illegal_visit_step"), (None, None))
        if call.value:
            hall.serve(one)
            hall.session.rollback()
    assert not OF_THE_HALL & findings(app).keys()


def test_two_counters_send_somebody_to_each_other(app: Flask, hall: Hall) -> None:
    one, two = hall.arrive(1, 2)
    hall.call(counter=3)
    hall.call(counter=4)
    hall.session.rollback()
    there = pressing(hall, serving.transfer, 3, one, to_counter_id=hall.counters[4])
    back = pressing(hall, serving.transfer, 4, two, to_counter_id=hall.counters[3])
    assert all(outcome.won for outcome in together(app, there, back))
    assert (hall.call(counter=3), hall.call(counter=4)) == (two, one)
