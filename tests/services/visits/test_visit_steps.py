"""A step of a visit: the domain says which there are, and each press of a key is one."""

from collections.abc import Callable

import pytest

from queue_app.domain import visits
from queue_app.domain.errors import IllegalVisitStep
from queue_app.domain.visits import LEGAL_VISIT_STEPS, Outcome, StepKind, VisitState, check_visit_step
from queue_app.services.visits import calling, serving
from tests.harness.hall import Hall


def test_the_domain_is_asked_before_a_step(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.arrive(1)
    ticket_id = hall.call()
    forbidden = {**LEGAL_VISIT_STEPS, VisitState.CALLED: LEGAL_VISIT_STEPS[VisitState.CALLED] - {VisitState.HELD}}
    with monkeypatch.context() as patch:
        patch.setattr(visits, "LEGAL_VISIT_STEPS", forbidden)
        with hall.refused("illegal_visit_step"):
            hall.press(serving.hold, ticket_id)
    assert hall.press(serving.hold, ticket_id).state is VisitState.HELD


@pytest.mark.parametrize(
    ("state", "kind", "target"),
    [
        (VisitState.WAITING, StepKind.FINISH, VisitState.SERVED),
        (VisitState.HELD, StepKind.START, VisitState.IN_SERVICE),
        (VisitState.CALLED, StepKind.START, VisitState.HELD),  # legal steps, but not by this key
        (VisitState.ABSENT, StepKind.CALL, VisitState.CALLED),
    ],
)
def test_no_other_steps_are_known(state: VisitState, kind: StepKind, target: VisitState) -> None:
    with pytest.raises(IllegalVisitStep):
        check_visit_step(state, kind, target)


def test_taking_back_asks_nobody() -> None:
    check_visit_step(VisitState.SERVED, StepKind.UNDO, VisitState.CALLED)


def serve(hall: Hall) -> int:
    ticket_id = hall.call()
    hall.press(serving.start, ticket_id)
    return ticket_id


def call_thrice(hall: Hall) -> int:
    ticket_id = hall.call()
    for _ in range(2):
        hall.press(calling.recall, ticket_id)
    return ticket_id


def hold(hall: Hall) -> int:
    ticket_id = hall.call()
    hall.press(serving.hold, ticket_id)
    return ticket_id


@pytest.mark.parametrize(
    ("key", "values", "before"),
    [
        (calling.recall, (), Hall.call),
        (calling.skip, (), call_thrice),
        (serving.start, (), Hall.call),
        (serving.finish, (Outcome.DONE,), serve),
        (serving.hold, (), serve),
        (calling.resume, (), hold),
        (serving.transfer, (), serve),
    ],
)
def test_a_press_sent_twice_is_one_step(
    hall: Hall, key: Callable[..., object], values: tuple[object, ...], before: Callable[[Hall], int]
) -> None:
    """The answer to the first one got lost; the second one changes nothing and is told nothing else."""
    hall.arrive(1, 2)
    ticket_id = before(hall)
    first = hall.press(key, ticket_id, *values, nonce="press-1")
    steps, state = len(hall.steps(ticket_id)), first.state
    again = hall.press(key, ticket_id, *values, nonce="press-1")
    assert (len(hall.steps(ticket_id)), again.state) == (steps, state)
    with hall.refused("not_your_counter"):
        hall.press(key, ticket_id, *values, nonce="press-1", at=2)
