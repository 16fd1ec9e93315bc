"""What is read of the hall: measured times, and invariants that see what breaks them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.domain.visits import Outcome
from queue_app.models import VisitStep
from queue_app.queries.records.invariants import verify
from queue_app.queries.visits.waits import measured, under_way
from queue_app.services.visits.calling import recall, resume, skip
from queue_app.services.visits.serving import finish, hold, start, transfer
from tests.harness.fakes import THURSDAY
from tests.harness.hall import Hall

pytestmark = pytest.mark.offering(opens_days_before=7, weekdays=(3,))


def busy(hall: Hall, seconds: int, number: int) -> None:
    """Somebody comes and takes so many seconds of counter 1."""
    (ticket_id,) = hall.arrive(number)
    hall.call()
    hall.press(start, ticket_id)
    hall.clock.advance(seconds=seconds - 2)
    hall.press(finish, ticket_id, Outcome.DONE)


def test_times_are_measured_from_the_call_until_the_counter_is_free(hall: Hall, session: Session) -> None:
    def times(day=THURSDAY) -> list[float]:  # type: ignore[no-untyped-def]
        return measured(session, hall.office_id, hall.service_id, day)

    assert times() == []
    for week, seconds in enumerate((900, 400, 350, 300, 250), start=-5):  # a week too old; the newest a week ago
        busy(hall, seconds, 100 - week)
        then = THURSDAY + timedelta(weeks=week)
        session.execute(update(VisitStep).where(VisitStep.day == THURSDAY).values(day=then))
    assert times() == [250, 300, 350, 400]
    busy(hall, 200, 1)
    aside, sent, skipped = hall.arrive(2, 3, 4)
    hall.call()
    hall.clock.advance(seconds=29)
    hall.press(hold, aside)
    hall.press(resume, aside, at=2)
    hall.clock.advance(seconds=39)
    hall.press(finish, hall.press(start, aside, at=2).ticket_id, Outcome.FAILED_IRIS, at=2)
    hall.call()
    hall.clock.advance(seconds=49)
    hall.press(transfer, sent, to_service_id=hall.other_service_id)
    hall.call(counter=2)
    assert under_way(session, hall.office_id, hall.other_service_id, THURSDAY, now=hall.clock.now()) == [0]
    hall.call()
    for _ in range(2):
        hall.press(recall, skipped)
    hall.clock.advance(seconds=57)
    assert under_way(session, hall.office_id, hall.service_id, THURSDAY, now=hall.clock.now()) == [59]
    hall.press(skip, skipped)
    assert times() == [60, 50, 41, 30, 200, 250, 300, 350, 400]
    hall.undo(skipped)
    assert times()[0] == 50
    assert times(THURSDAY + timedelta(weeks=3))[-1] == 250
    assert times(THURSDAY + timedelta(days=1)) == []


def test_tampering_with_the_hall_is_seen(hall: Hall, session: Session, keyring: Keyring) -> None:
    one, two, *_ = hall.arrive(1, 2, 3)
    hall.call()
    hall.press(start, one)
    hall.press(finish, one, Outcome.DONE)
    hall.call()
    hall.undo(two)
    hall.call()
    hall.press(hold, two)

    def broken() -> set[str]:
        session.expire_all()
        found = verify(session, keyring=keyring, now=hall.clock.now())
        return {finding.code for finding in found if finding.breaches} & {"I12", "I13"}

    assert broken() == set()
    for code, statement in (
        ("I12", "UPDATE visit SET state = 'waiting' WHERE state = 'held'"),
        ("I12", "UPDATE visit SET state = 'called', counter_id = NULL WHERE state = 'waiting'"),
        ("I12", "DELETE FROM visit_step WHERE kind = 'start'"),
        ("I12", "UPDATE visit_step SET kind = 'absent' WHERE kind = 'hold'"),
        ("I13", "UPDATE line SET calls = calls + 2"),
        ("I13", "UPDATE line SET calls = calls - 1"),
        ("I13", "DELETE FROM line"),
        ("I13", "DELETE FROM visit_step WHERE kind = 'call'"),
    ):
        assert session.execute(text(statement)).rowcount > 0  # type: ignore[attr-defined]
        assert code in broken(), statement
        session.rollback()
