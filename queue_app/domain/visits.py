"""What happens to a person between the check-in and the door."""

from __future__ import annotations

from enum import StrEnum


class VisitState(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    IN_SERVICE = "in_service"
    HELD = "held"
    SERVED = "served"
    ABSENT = "absent"  # called, and not there


OPEN_STATES = (VisitState.CALLED, VisitState.IN_SERVICE)  # a counter has them just now
# Who takes a step back undoes it (`services/visits/steps.py`): then the visit becomes what it was, whatever this says.
LEGAL_VISIT_STEPS: dict[VisitState, frozenset[VisitState]] = {
    VisitState.WAITING: frozenset({VisitState.CALLED, VisitState.IN_SERVICE}),
    VisitState.CALLED: frozenset({VisitState.WAITING, VisitState.IN_SERVICE, VisitState.HELD, VisitState.ABSENT}),
    VisitState.IN_SERVICE: frozenset({VisitState.WAITING, VisitState.HELD, VisitState.SERVED}),
    VisitState.HELD: frozenset({VisitState.WAITING, VisitState.CALLED}),
    VisitState.SERVED: frozenset({VisitState.WAITING, VisitState.IN_SERVICE}),  # for a further service; not done yet
    VisitState.ABSENT: frozenset({VisitState.WAITING}),  # they have come after all
}
