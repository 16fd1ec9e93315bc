"""Each step is taken back within a minute, and leaves nothing behind."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.roles import Actor
from queue_app.domain.visits import Outcome, StepKind, VisitState
from queue_app.models import VisitStep
from queue_app.services.visits.calling import recall, resume, skip
from queue_app.services.visits.serving import finish, hold, start, transfer
from queue_app.services.visits.steps import CHANGING, undo
from queue_app.services.visits.waiting import come_back, more_time
from tests.harness.factories import TESTER, make_office
from tests.harness.hall import Hall

DESK = Actor.staff(1)


def test_each_step_is_taken_back_as_if_it_had_not_been(hall: Hall, session: Session) -> None:
    one, *_others = hall.arrive(*range(1, 4))
    now = hall.clock.now

    def facts() -> tuple[object, ...]:
        visit = hall.visit(one)
        return (*(getattr(visit, name) for name in CHANGING if name != "since"), hall.order())

    def more() -> None:
        more_time(session, one, rules=hall.office.calling_rules, actor=DESK, now=now())

    def back() -> None:
        come_back(session, one, office_id=hall.office_id, actor=DESK, now=now())

    pressed = {
        StepKind.MORE_TIME: more,
        StepKind.CALL: hall.call,
        StepKind.RECALL: lambda: hall.press(recall, one),
        StepKind.SKIP: lambda: hall.press(skip, one),
        StepKind.ABSENT: lambda: hall.press(skip, one),
        StepKind.START: lambda: hall.press(start, one),
        StepKind.HOLD: lambda: hall.press(hold, one),
        StepKind.TRANSFER: lambda: hall.press(transfer, one, to_service_id=hall.other_service_id),
        StepKind.FINISH: lambda: hall.press(finish, one, Outcome.FAILED_IRIS),
    }

    def press_and_undo(kind: StepKind) -> None:
        before = facts()
        pressed[kind]()
        session.commit()
        assert hall.steps(one)[-1].kind is kind
        assert facts() != before
        hall.undo(one)
        assert facts() == before, kind

    for kind in (StepKind.MORE_TIME, StepKind.CALL):
        press_and_undo(kind)
    for kind in (StepKind.RECALL, StepKind.HOLD, StepKind.TRANSFER, StepKind.START):
        if not hall.steps(one):
            hall.call()
        press_and_undo(kind)
    for _ in range(2):
        hall.press(recall, one)
    press_and_undo(StepKind.SKIP)
    hall.visit(one).skips = 1
    session.commit()
    press_and_undo(StepKind.ABSENT)
    hall.press(start, one)
    for kind in (StepKind.FINISH, StepKind.HOLD, StepKind.TRANSFER):
        press_and_undo(kind)
    hall.press(hold, one)
    pressed[StepKind.RESUME] = lambda: hall.press(resume, one, at=2)
    press_and_undo(StepKind.RESUME)
    pressed[StepKind.RESUME] = back
    press_and_undo(StepKind.RESUME)


def test_a_call_taken_back_gives_the_line_its_memory_again(hall: Hall) -> None:
    hall.arrive(1, 2, 3)
    (walk_in,) = hall.arrive(50, walk_in=True)
    for ticket_id in hall.order()[:3]:
        hall.call()
        hall.serve(ticket_id)
    before = hall.memory()
    assert hall.call() == walk_in
    assert hall.memory() != before
    hall.undo(walk_in)
    assert (hall.memory(), hall.order()) == (before, [walk_in])


def test_who_was_called_since_keeps_the_place_in_the_line_memory(hall: Hall) -> None:
    one, two = hall.arrive(1, 2)
    hall.call()
    hall.call(counter=2)
    hall.undo(one)
    assert (hall.memory()[0], hall.visit(two).state, hall.order()) == (2, VisitState.CALLED, [one])


def test_after_a_minute_nothing_is_taken_back(hall: Hall) -> None:
    (one,) = hall.arrive(1)
    hall.call()
    hall.clock.advance(seconds=60)
    hall.undo(one)
    hall.call()
    hall.clock.advance(seconds=61)
    with hall.refused("undo_expired"):
        hall.undo(one)


def test_only_the_last_step_is_taken_back_and_only_once(hall: Hall, session: Session) -> None:
    (one,) = hall.arrive(1)
    hall.call()
    (call,) = hall.steps(one)
    hall.press(start, one)
    with hall.refused("illegal_visit_step"):
        undo(session, call.id, office_id=hall.office_id, actor=TESTER, now=hall.clock.now())
    begun = hall.steps(one)[-1]
    for _ in range(2):  # pressed twice
        visit = undo(session, begun.id, office_id=hall.office_id, actor=TESTER, now=hall.clock.now())
        assert visit.state is VisitState.CALLED
    session.commit()
    hall.undo(one)
    assert hall.steps(one) == []
    kinds = session.scalars(select(VisitStep.kind).order_by(VisitStep.id)).all()
    assert kinds == [StepKind.CALL, StepKind.START, StepKind.UNDO, StepKind.UNDO]


def test_nobody_returns_to_a_counter_that_has_called_somebody_else(hall: Hall) -> None:
    one, two = hall.arrive(1, 2)
    hall.call()
    hall.press(start, one)
    hall.press(finish, one, Outcome.DONE)
    assert hall.call() == two
    with hall.refused("call_open"):
        hall.undo(one)
    assert hall.visit(one).state is VisitState.SERVED


def test_another_office_takes_nothing_back(hall: Hall, session: Session) -> None:
    (one,) = hall.arrive(1)
    hall.call()
    elsewhere = make_office(session, "lain")
    session.commit()
    for step_id, office_id in ((hall.steps(one)[0].id, elsewhere.id), (4711, hall.office_id)):
        with hall.refused("not_found"):
            undo(session, step_id, office_id=office_id, actor=TESTER, now=hall.clock.now())
