"""What happens to a person between the check-in and the door."""

from __future__ import annotations

from enum import StrEnum

from .errors import IllegalVisitStep


class VisitState(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    IN_SERVICE = "in_service"
    HELD = "held"
    SERVED = "served"
    ABSENT = "absent"  # called, and not there


# Each step has its way back: whoever presses the wrong button takes it back.
LEGAL_VISIT_STEPS: dict[VisitState, frozenset[VisitState]] = {
    VisitState.WAITING: frozenset({VisitState.CALLED, VisitState.IN_SERVICE, VisitState.HELD, VisitState.ABSENT}),
    VisitState.CALLED: frozenset({VisitState.WAITING, VisitState.IN_SERVICE, VisitState.HELD, VisitState.ABSENT}),
    VisitState.IN_SERVICE: frozenset({VisitState.WAITING, VisitState.CALLED, VisitState.HELD, VisitState.SERVED}),
    VisitState.HELD: frozenset({VisitState.WAITING, VisitState.CALLED, VisitState.IN_SERVICE, VisitState.ABSENT}),
    VisitState.SERVED: frozenset({VisitState.IN_SERVICE, VisitState.WAITING}),
    VisitState.ABSENT: frozenset({VisitState.WAITING, VisitState.CALLED}),
}


def check_visit_step(state: VisitState, target: VisitState) -> None:
    """Raise IllegalVisitStep unless the step is allowed."""
    if target not in LEGAL_VISIT_STEPS[state]:
        raise IllegalVisitStep(state=state, target=target)
