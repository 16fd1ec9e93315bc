"""The nonce of a press belongs to one key and one person."""

from __future__ import annotations

import pytest

from queue_app.domain.errors import RepeatedRequest
from queue_app.domain.visits import VisitState
from queue_app.models import Visit
from queue_app.services.visits import serving
from queue_app.services.visits.steps import end_visit
from tests.harness.hall import Hall


def test_another_key_or_another_person_is_refused(hall: Hall) -> None:
    hall.arrive(1, 2)
    first = hall.call(nonce="press")
    with hall.refused("request_changed"):
        hall.press(serving.start, first, nonce="press")
    hall.press(serving.start, first, nonce="start")
    hall.press(serving.hold, first)
    second = hall.call()
    with hall.refused("request_changed"):
        hall.press(serving.start, second, nonce="start")
    assert hall.session.get_one(Visit, second).state is VisitState.CALLED


def test_a_press_whose_visit_is_no_more_is_no_error(hall: Hall) -> None:
    """Their admission was taken back since; the same press would call the next one under a nonce that is used up."""
    hall.arrive(1, 2)
    first = hall.session.get_one(Visit, hall.call(nonce="press"))
    end_visit(hall.session, first.ticket, now=hall.clock.now(), also=VisitState.CALLED)
    hall.session.commit()
    with pytest.raises(RepeatedRequest):
        hall.call(nonce="press")
