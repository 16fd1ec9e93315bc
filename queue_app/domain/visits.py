"""A visit, between the check-in and the door: its states, the legal steps, the outcomes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from .errors import DomainError, IllegalVisitStep

UNDO_STEP_WITHIN = timedelta(minutes=1)  # a press at a counter; an admission may be taken back for longer
# An office often goes on after its last window: a day that still moves does not end before midnight.
DAY_ENDS_AFTER_WINDOW = timedelta(hours=2)
DAY_ENDS_AFTER_QUIET = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(minutes=45)  # three times what a recording takes


class CalledAtCounters(DomainError):
    """The service is called at counters: nobody is begun with in the list, unless with a reason."""

    code = "called_at_counters"


class VisitState(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    IN_SERVICE = "in_service"
    HELD = "held"
    SERVED = "served"
    ABSENT = "absent"  # called, and not there
    DAY_ENDED = "day_ended"  # the office's day was over before anybody had finished with them


class Outcome(StrEnum):
    """What came of a service."""

    DONE = "done"  # recorded, or whatever the service is about
    FAILED_IRIS = "failed_iris"
    FAILED_FINGERPRINT = "failed_fingerprint"
    FAILED_DATA = "failed_data"  # the data do not match the central ones
    FAILED_DEVICE = "failed_device"
    FAILED_NETWORK = "failed_network"
    REFUSED = "refused"  # documents are missing
    NOT_SERVED = "not_served"  # the day ended while they waited
    UNRECORDED = "unrecorded"  # they were being served, and nobody has said with which outcome


FAILED = frozenset(outcome for outcome in Outcome if outcome.value.startswith("failed"))
# Not the citizen's fault: they may come again, outside the public quota (docs/rules.md R-REVISIT-1).
MAY_COME_AGAIN = FAILED | {Outcome.NOT_SERVED}
OF_DAY_END = frozenset({Outcome.NOT_SERVED, Outcome.UNRECORDED})  # no counter gives these


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
    OUT_OF_ORDER = "out_of_order"  # begun in the list, past the published order, with a reason
    DAY_END = "day_end"
    UNDO = "undo"


OPEN_STATES = (VisitState.CALLED, VisitState.IN_SERVICE)  # a counter has them just now
# Who is still to be dealt with; the end of the day leaves nobody in them.
UNFINISHED = (VisitState.WAITING, *OPEN_STATES, VisitState.HELD)
# Who takes a step back undoes it (`services/visits/steps.py`): then the visit becomes what it was, whatever this says.
LEGAL_VISIT_STEPS: dict[VisitState, frozenset[VisitState]] = {
    VisitState.WAITING: frozenset({VisitState.CALLED, VisitState.IN_SERVICE, VisitState.DAY_ENDED}),
    VisitState.CALLED: frozenset(
        {VisitState.WAITING, VisitState.IN_SERVICE, VisitState.HELD, VisitState.ABSENT, VisitState.DAY_ENDED}
    ),
    VisitState.IN_SERVICE: frozenset({VisitState.WAITING, VisitState.HELD, VisitState.SERVED, VisitState.DAY_ENDED}),
    VisitState.HELD: frozenset({VisitState.WAITING, VisitState.CALLED, VisitState.DAY_ENDED}),
    VisitState.SERVED: frozenset({VisitState.WAITING, VisitState.IN_SERVICE}),  # for a further service; not done yet
    VisitState.ABSENT: frozenset({VisitState.WAITING}),  # they have come after all
    VisitState.DAY_ENDED: frozenset(),
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
    StepKind.OUT_OF_ORDER: VisitState.IN_SERVICE,
    StepKind.DAY_END: VisitState.DAY_ENDED,
}


def check_visit_step(state: VisitState, kind: StepKind, target: VisitState) -> None:
    """Raise IllegalVisitStep unless a visit may go from ``state`` to ``target`` by a step of this kind.

    Taking a step back asks nobody: the visit becomes what it was.
    """
    if kind is StepKind.UNDO:
        return
    if target is not LEADS_TO.get(kind, target) or (target is not state and target not in LEGAL_VISIT_STEPS[state]):
        raise IllegalVisitStep(state=state, target=target)


def day_is_over(
    day: date, *, today: date, last_window_ends: datetime | None, last_busy: datetime | None, now: datetime
) -> bool:
    """Whether nobody of that day is served any more (`docs/rules.md` R-DAYEND-1): another day has come, or its last
    arrival window is long over and nobody has come or pressed a key for an hour.
    """
    if day != today or last_window_ends is None:
        return day < today
    quiet = last_busy is None or now - last_busy >= DAY_ENDS_AFTER_QUIET
    return quiet and now - last_window_ends >= DAY_ENDS_AFTER_WINDOW


def is_probably_forgotten(state: VisitState, started_at: datetime | None, *, now: datetime) -> bool:
    """Whether somebody has been served for so long that it is likelier that nobody pressed the key at the end."""
    return state is VisitState.IN_SERVICE and started_at is not None and now - started_at >= FORGOTTEN_AFTER
