"""Each key of a counter: what it does, and when it refuses."""

from __future__ import annotations

from sqlalchemy.orm import Session

from queue_app.domain.roles import Actor
from queue_app.domain.visits import FAILED, Outcome, StepKind, VisitState
from queue_app.services.visits.calling import recall, resume, skip
from queue_app.services.visits.counters import set_counter
from queue_app.services.visits.serving import finish, hold, start, transfer
from queue_app.services.visits.steps import end_visit
from queue_app.services.visits.waiting import come_back, more_time
from tests.harness.factories import TESTER, make_office
from tests.harness.hall import Hall

DESK = Actor.staff(1)


def test_people_are_called_in_the_published_order_and_the_line_remembers(hall: Hall) -> None:
    one, two, three, four = hall.arrive(4, 3, 2, 1)
    (first,) = hall.arrive(9, priority=True)
    (walk_in,) = hall.arrive(50, walk_in=True)
    (later,) = hall.arrive(20, window=1)
    published = hall.order()
    assert published == [first, one, two, walk_in, three, four, later]
    called = []
    for place, ticket_id in enumerate(published):
        assert hall.order() == published[place:]
        called.append(hall.call(counter=1 + place % 2))
        hall.serve(ticket_id, at=1 + place % 2)
    assert called == published
    assert hall.memory() == (7, 3, 6)
    assert hall.call() is None
    visit = hall.visit(first)
    assert visit.state is VisitState.SERVED
    assert visit.arrived_at < visit.called_at < visit.started_at < visit.ended_at
    assert [step.kind for step in hall.steps(first)] == [StepKind.CALL, StepKind.START, StepKind.FINISH]
    assert {step.counter_id for step in hall.steps(first)} == {hall.counters[1]}


def test_late_ones_stand_in_the_window_in_which_they_came(hall: Hall) -> None:
    hall.clock.advance(minutes=65)
    (late,) = hall.arrive(1, late=True)
    in_time = hall.arrive(21, 22, window=1)
    assert hall.order() == [*in_time, late]


def test_one_call_is_open_at_a_counter(hall: Hall) -> None:
    one, two = hall.arrive(1, 2)
    hall.call()
    with hall.refused("call_open"):
        hall.call()
    hall.press(start, one)
    with hall.refused("call_open"):
        hall.call()
    assert hall.call(counter=2) == two


def test_a_press_sent_twice_calls_nobody_twice(hall: Hall) -> None:
    one, two = hall.arrive(1, 2)
    assert hall.call(nonce="press") == hall.call(nonce="press") == one
    hall.serve(one)
    assert hall.call(nonce="press") == one  # an answer that was long under way
    with hall.refused("not_your_counter"):
        hall.call(counter=2, nonce="press")
    assert (hall.memory()[0], hall.call()) == (1, two)
    hall.undo(two)
    assert hall.call(nonce="press") == one


def test_nobody_is_skipped_before_the_third_call_then_stands_back_and_at_last_is_absent(
    hall: Hall, session: Session
) -> None:
    absent, *others = hall.arrive(*range(1, 8))
    assert hall.call() == absent
    for _ in range(2):
        with hall.refused("call_again_first"):
            hall.press(skip, absent)
        hall.press(recall, absent)
    assert hall.visit(absent).calls == 3
    with hall.refused("enough_calls"):
        hall.press(recall, absent)
    skipped = hall.press(skip, absent)
    assert (skipped.state, skipped.counter_id, skipped.calls, skipped.skips) == (VisitState.WAITING, None, 0, 1)
    assert hall.order() == [*others[:5], absent, others[5]]
    for expected in [*others[:5], absent]:
        assert hall.call() == expected
        if expected != absent:
            hall.serve(expected)
    for _ in range(2):
        hall.press(recall, absent)
    assert hall.press(skip, absent).state is VisitState.ABSENT
    assert hall.visit(absent).ended_at
    for _ in range(2):  # pressed twice
        back = come_back(session, absent, office_id=hall.office_id, actor=DESK, now=hall.clock.now())
        assert (back.state, back.skips, back.ended_at) == (VisitState.WAITING, 0, None)
    assert hall.call() == absent
    with hall.refused("illegal_visit_step"):  # the counter has them
        come_back(session, absent, office_id=hall.office_id, actor=DESK, now=hall.clock.now())


def test_who_is_alone_in_a_line_and_was_skipped_is_not_called_at_once_again(hall: Hall) -> None:
    absent, other = hall.arrive(1, 2)
    hall.press(transfer, hall.call(counter=2), at=2, to_service_id=hall.other_service_id)
    assert hall.call(counter=2) == absent
    for _ in range(2):
        hall.press(recall, absent, at=2)
    hall.press(skip, absent, at=2)
    assert hall.call(counter=2) == other
    hall.serve(other, at=2)
    assert hall.call(counter=2) == absent


def test_a_service_ends_with_its_outcome(hall: Hall) -> None:
    tickets = hall.arrive(*range(1, len(Outcome) + 1))
    for ticket_id, outcome in zip(tickets, Outcome, strict=True):
        hall.call()
        with hall.refused("illegal_visit_step"):
            hall.press(finish, ticket_id, outcome)
        hall.press(start, ticket_id)
        for key in (start, recall, skip):
            with hall.refused("illegal_visit_step"):
                hall.press(key, ticket_id)
        visit = hall.press(finish, ticket_id, outcome)
        assert (visit.state, visit.outcome, visit.ended_at) == (VisitState.SERVED, outcome, hall.clock.now())
        with hall.refused("illegal_visit_step"):
            hall.press(finish, ticket_id, outcome)
    assert len(FAILED) == 5


def test_who_is_put_aside_leaves_the_counter_free_and_is_called_back_to_any(hall: Hall, session: Session) -> None:
    one, two, three = hall.arrive(1, 2, 3)
    hall.call()
    hall.press(start, one)
    assert hall.press(hold, one).state is VisitState.HELD
    assert hall.call() == two
    with hall.refused("call_open"):
        hall.press(resume, one)
    with hall.refused("illegal_visit_step"):
        hall.press(resume, two, at=2)
    resumed = hall.press(resume, one, at=2)
    assert (resumed.state, resumed.counter_id, resumed.calls) == (VisitState.CALLED, hall.counters[2], 1)
    assert hall.memory()[0] == 2  # nobody's turn was taken
    hall.press(hold, one, at=2)
    come_back(session, one, office_id=hall.office_id, actor=DESK, now=hall.clock.now())
    assert hall.order() == [one, three]


def test_who_needs_another_service_keeps_number_and_hour_there(hall: Hall, session: Session) -> None:
    one, two = hall.arrive(1, 2)
    hall.call()
    hall.press(start, one)
    hall.press(transfer, one, to_service_id=hall.other_service_id)
    assert hall.order(hall.other_service_id) == [one]
    assert hall.call(counter=2) == one  # before two, who came later
    hall.serve(one, at=2)
    assert hall.visit(one).ticket.queue_number == 1
    assert [(step.kind, step.service_id) for step in hall.steps(one)][-4:] == [
        (StepKind.TRANSFER, hall.service_id),
        *((kind, hall.other_service_id) for kind in (StepKind.CALL, StepKind.START, StepKind.FINISH)),
    ]
    assert (hall.memory(), hall.memory(hall.other_service_id)) == ((1, 1, 1001), (1, 1, 1001))
    come_back(session, one, office_id=hall.office_id, actor=DESK, now=hall.clock.now())  # once more
    assert (hall.visit(one).outcome, hall.order(hall.other_service_id)) == (None, [one])
    assert hall.call() == two


def test_who_was_sent_to_a_counter_is_called_by_no_other(hall: Hall, session: Session) -> None:
    one, two = hall.arrive(1, 2)
    hall.call(counter=2)
    elsewhere = make_office(session, "lain")
    session.commit()
    for keywords in (
        {"to_service_id": 4711},
        {"to_counter_id": 4711},
        {"to_counter_id": hall.counters[2]},
        {"to_counter_id": hall.counters[1], "to_service_id": hall.other_service_id},  # which counter 1 has not
    ):
        with hall.refused("not_found"):
            hall.press(transfer, one, at=2, **keywords)
    hall.press(transfer, one, at=2, to_counter_id=hall.counters[1])
    assert hall.call(counter=2) == two
    hall.serve(two, at=2)
    assert hall.call(counter=2) is None
    facts = {"office_id": hall.office_id, "service_ids": [hall.other_service_id], "actor": TESTER}
    set_counter(session, hall.counters[1], active=True, now=hall.clock.now(), **facts)
    assert hall.call(counter=2) == one  # counter 1 gives other services now
    with hall.refused("not_found"):
        come_back(session, one, office_id=elsewhere.id, actor=DESK, now=hall.clock.now())


def test_more_time_is_given_once_and_only_to_who_waits(hall: Hall, session: Session) -> None:
    tickets = hall.arrive(*range(1, 10))
    rules = hall.office.calling_rules

    def ask(ticket_id: int) -> None:
        more_time(session, ticket_id, rules=rules, actor=DESK, now=hall.clock.now())

    ask(tickets[1])
    assert hall.order() == [tickets[0], *tickets[2:7], tickets[1], *tickets[7:]]
    with hall.refused("no_more_time"):
        ask(tickets[1])
    hall.session.commit()
    hall.call()
    with hall.refused("no_more_time"):
        ask(tickets[0])
    with hall.refused("not_found"):
        ask(4711)


def test_only_the_counter_that_has_somebody_does_anything_with_them(hall: Hall) -> None:
    keys = {recall: [], skip: [], start: [], finish: [Outcome.DONE], hold: [], transfer: []}
    (one,) = hall.arrive(1)
    hall.call()
    for key, values in keys.items():
        with hall.refused("illegal_visit_step"):
            hall.press(key, one, *values, at=2)
    hall.officers[1] = hall.officers[2]
    for key, values in keys.items():
        with hall.refused("not_your_counter"):
            hall.press(key, one, *values)
    with hall.refused("not_your_counter"):
        hall.call()


def test_an_admission_is_taken_back_only_while_somebody_waits(hall: Hall, session: Session) -> None:
    one, two = hall.arrive(1, 2)
    hall.call()
    with hall.refused("illegal_visit_step"):
        end_visit(session, hall.visit(one).ticket, now=hall.clock.now())
    end_visit(session, hall.visit(two).ticket, now=hall.clock.now())
    assert hall.order() == []
