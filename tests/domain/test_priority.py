"""Which shares are open to whom, and the steps of a visit."""

import pytest

from queue_app.domain.calendar import Share
from queue_app.domain.priority import Priority, shares_open_to
from queue_app.domain.visits import LEGAL_VISIT_STEPS, UNFINISHED, VisitState

PRIORITY, ASSISTED, PUBLIC = Share.PRIORITY, Share.ASSISTED, Share.PUBLIC


@pytest.mark.parametrize("priority", Priority)
def test_who_goes_first_has_what_is_kept_for_them_before_anything_else(priority: Priority) -> None:
    assert shares_open_to(priority, walk_in=False, released=False) == (PRIORITY, ASSISTED, PUBLIC)
    assert shares_open_to(priority, walk_in=True, released=False) == (PRIORITY, ASSISTED)
    assert shares_open_to(priority, walk_in=True, released=True) == (PRIORITY, ASSISTED, PUBLIC)


def test_others_get_what_is_kept_for_those_who_go_first_only_when_nobody_claimed_it() -> None:
    assert shares_open_to(None, walk_in=False, released=False) == (ASSISTED, PUBLIC)
    assert shares_open_to(None, walk_in=False, released=True) == (ASSISTED, PUBLIC)  # a later hour
    assert shares_open_to(None, walk_in=True, released=False) == (ASSISTED,)
    assert shares_open_to(None, walk_in=True, released=True) == (ASSISTED, PUBLIC, PRIORITY)


def test_only_who_is_served_has_been_served_and_each_step_has_a_way_back() -> None:
    """Only the end of the day has none: another day's visit begins at the door."""
    assert {state for state in VisitState if VisitState.SERVED in LEGAL_VISIT_STEPS[state]} == {VisitState.IN_SERVICE}
    assert {state for state in VisitState if VisitState.DAY_ENDED in LEGAL_VISIT_STEPS[state]} == set(UNFINISHED)
    assert not LEGAL_VISIT_STEPS[VisitState.DAY_ENDED]
    for state, steps in LEGAL_VISIT_STEPS.items():
        for target in steps - {VisitState.DAY_ENDED}:
            assert _reaches(target, state), f"no way back from {target} to {state}"


def _reaches(start: VisitState, goal: VisitState) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        new = LEGAL_VISIT_STEPS[waiting.pop()] - seen
        seen |= new
        waiting += new
    return goal in seen
