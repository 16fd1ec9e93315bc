"""A visit, between the check-in and the door: its states, the legal steps, the outcomes."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from .errors import IllegalVisitStep

UNDO_STEP_WITHIN = timedelta(minutes=1)  # a press at a counter; an admission may be taken back for longer


class VisitState(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    IN_SERVICE = "in_service"
    HELD = "held"
    SERVED = "served"
    ABSENT = "absent"  # called, and not there


class Outcome(StrEnum):
    """What came of a service."""

    DONE = "done"  # recorded, or whatever the service is about
    FAILED_IRIS = "failed_iris"
    FAILED_FINGERPRINT = "failed_fingerprint"
    FAILED_DATA = "failed_data"  # the data do not match the central ones
    FAILED_DEVICE = "failed_device"
    FAILED_NETWORK = "failed_network"
    REFUSED = "refused"  # documents are missing


# Not the citizen's fault: they may come again, outside the public quota.
FAILED = frozenset(outcome for outcome in Outcome if outcome.value.startswith("failed"))


class StepKind(StrEnum):
    """What was done with a visit, as its history names it."""

    CALL = "call"
    RECALL = "recall"
    SKIP = "skip"
    ABSENT = "absent"
    HOLD = "hold"
    RESUME = "resume"
    TRANSFER = "transfer"
    START = "start"
    FINISH = "finish"
    MORE_TIME = "more_time"
    UNDO = "undo"


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


# Where each kind of step leads. To resume is to be called back to a counter, or to stand in the queue again.
LEADS_TO = {
    StepKind.CALL: VisitState.CALLED,
    StepKind.RECALL: VisitState.CALLED,
    StepKind.SKIP: VisitState.WAITING,
    StepKind.ABSENT: VisitState.ABSENT,
    StepKind.HOLD: VisitState.HELD,
    StepKind.TRANSFER: VisitState.WAITING,
    StepKind.START: VisitState.IN_SERVICE,
    StepKind.FINISH: VisitState.SERVED,
    StepKind.MORE_TIME: VisitState.WAITING,
}


def check_visit_step(state: VisitState, kind: StepKind, target: VisitState) -> None:
    """Raise IllegalVisitStep unless a visit may go from ``state`` to ``target`` by a step of this kind.

    Taking a step back asks nobody: the visit becomes what it was.
    """
    if kind is StepKind.UNDO:
        return
    if target is not LEADS_TO.get(kind, target) or (target is not state and target not in LEGAL_VISIT_STEPS[state]):
        raise IllegalVisitStep(state=state, target=target)
