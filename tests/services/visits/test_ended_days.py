"""The evening closes the day, whoever looks first: the sweep, or a counter next morning."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.domain.stages import Stage
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import AuditEntry, Counter
from queue_app.queries.booking.lives import life_of
from queue_app.queries.records.invariants import verify
from queue_app.services.visits.calling import call_next, recall, skip
from queue_app.services.visits.counters import counter_of, open_call
from queue_app.services.visits.day_end import end_visits, free_counters
from queue_app.services.visits.seats import pause, sign_in
from queue_app.services.visits.serving import finish, hold, start
from queue_app.services.visits.without_counter import step_in_list
from tests.harness.factories import TESTER
from tests.harness.hall import Hall

pytestmark = pytest.mark.offering(opens_days_before=7, weekdays=(3,))


@pytest.fixture
def left(hall: Hall) -> dict[str, int]:
    """Somebody in each state that an evening may find."""
    hall.office.skips_before_absent = 0
    hall.session.commit()
    absent, held, served, serving, called, waiting = hall.arrive(1, 2, 3, 4, 5, 6)
    assert hall.call() == absent
    for _ in range(2):
        hall.press(recall, absent)
    hall.press(skip, absent)
    assert hall.call() == held
    hall.press(hold, held)
    assert hall.call() == served
    hall.serve(served)
    assert hall.call() == serving
    hall.press(start, serving)
    assert hall.call(2) == called
    return {"absent": absent, "held": held, "served": served, "serving": serving, "called": called, "waiting": waiting}


def evening(hall: Hall) -> None:
    """Three hours after the last window, when nobody has done anything for as long."""
    hall.clock.set(hall.slots[-1].ends_at + timedelta(hours=3))


def sweep(hall: Hall) -> int:
    ended = end_visits(hall.session, now=hall.clock.now()) + free_counters(hall.session, now=hall.clock.now())
    hall.session.commit()
    return ended


def test_who_is_left_ends_with_a_reason_and_counters_are_free(
    hall: Hall, session: Session, left: dict[str, int], keyring: Keyring
) -> None:
    pause(session, hall.counters[1], staff_id=hall.officers[1], reason="Salat", now=hall.clock.now())
    session.commit()
    assert sweep(hall) == 0  # the day goes on
    evening(hall)
    assert sweep(hall) == 4 + 2
    found = {name: (hall.visit(ticket_id).state, hall.visit(ticket_id).outcome) for name, ticket_id in left.items()}
    ended, unserved = VisitState.DAY_ENDED, Outcome.NOT_SERVED
    assert found == {
        "absent": (VisitState.ABSENT, None),
        "served": (VisitState.SERVED, Outcome.DONE),
        "held": (ended, unserved),
        "serving": (ended, Outcome.UNRECORDED),
        "called": (ended, unserved),
        "waiting": (ended, unserved),
    }
    assert hall.visit(left["called"]).ended_at == hall.clock.now()
    counters = session.scalars(select(Counter).execution_options(populate_existing=True)).all()
    assert all(one.staff_id is one.paused_at is one.pause_reason is None for one in counters)
    actors = session.scalars(
        select(AuditEntry.actor).where(AuditEntry.action == "visit.day_ended").order_by(AuditEntry.id)
    )
    assert set(actors) == {"system:day-end"}
    assert life_of(session, hall.visit(left["waiting"]).ticket).stage(now=hall.clock.now()) is Stage.OVER
    broken = verify(session, keyring=keyring, now=hall.clock.now())
    assert not [one for one in broken if one.breaches and one.code in {"I12", "I13"}]
    assert sweep(hall) == 0  # again: nothing


def test_an_office_that_still_works_is_left_alone(hall: Hall, left: dict[str, int]) -> None:
    evening(hall)
    hall.press(finish, left["serving"], Outcome.DONE)
    assert sweep(hall) == 0
    hall.clock.advance(hours=1)
    assert sweep(hall) == 3 + 2


def test_a_sweep_takes_so_many_and_the_next_one_the_rest(hall: Hall, left: dict[str, int]) -> None:
    evening(hall)
    assert end_visits(hall.session, now=hall.clock.now(), limit=3) == 3
    assert end_visits(hall.session, now=hall.clock.now(), limit=3) == 1


def test_in_the_morning_nobody_of_yesterday_is_at_a_counter_though_no_sweep_ran(
    hall: Hall, session: Session, left: dict[str, int]
) -> None:
    pause(session, hall.counters[1], staff_id=hall.officers[1], reason="Salat", now=hall.clock.now())
    session.commit()
    hall.clock.advance(days=1)
    now, officer, other = hall.clock.now(), hall.officers[1], hall.officer("pengganti")
    assert counter_of(session, officer, hall.office_id, now=now) is None
    # Somebody else may sit down there, and whoever was there yesterday too.
    counter = sign_in(session, hall.counters[1], office_id=hall.office_id, staff_id=other, now=now)
    assert (counter.staff_id, counter.paused_at) == (other, None)
    assert hall.visit(left["serving"]).outcome is Outcome.UNRECORDED
    again = sign_in(session, hall.counters[2], office_id=hall.office_id, staff_id=hall.officers[2], now=now)
    assert again.signed_in_at == now
    assert hall.visit(left["called"]).state is VisitState.DAY_ENDED
    assert hall.visit(left["waiting"]).state is VisitState.WAITING  # nobody looks for them: the sweep will


def test_a_counter_that_is_still_open_begins_the_day_with_todays_people(
    hall: Hall, session: Session, left: dict[str, int]
) -> None:
    hall.clock.advance(days=1)
    by = {"staff_id": hall.officers[1], "nonce": "in-the-morning", "now": hall.clock.now()}
    assert call_next(session, hall.counters[1], **by) is None
    assert open_call(session, hall.counters[1]) is None
    assert hall.visit(left["serving"]).state is VisitState.DAY_ENDED


def test_the_end_of_a_day_is_final(hall: Hall, session: Session, left: dict[str, int]) -> None:
    evening(hall)
    sweep(hall)
    by = {"office_id": hall.office_id, "actor": TESTER, "now": hall.clock.now()}
    with hall.refused("illegal_visit_step"):
        hall.undo(left["called"])
    for target in (VisitState.WAITING, VisitState.IN_SERVICE, VisitState.SERVED):
        with hall.refused("illegal_visit_step"):
            step_in_list(session, left["waiting"], target, **by)
