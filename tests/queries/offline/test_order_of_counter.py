"""What counters keep for a cut line: their lists share no number."""

import pytest
from sqlalchemy.orm import Session

from queue_app.models import Counter
from queue_app.queries.offline.snapshot import answering_to_code, fingerprint, order_of_counter, tickets_of_day
from tests.harness.fakes import THURSDAY
from tests.harness.hall import Hall

pytestmark = pytest.mark.offering(opens_days_before=7, weekdays=(3,))


def kept(hall: Hall, session: Session, number: int) -> list[tuple[str, bool]]:
    counter = session.get_one(Counter, hall.counters[number])
    rules, now = hall.office.calling_rules, hall.clock.now()
    order = order_of_counter(session, counter, THURSDAY, rules, now=now)
    return [(one.number, one.mine) for one in order]


def test_each_number_belongs_to_one_counter_that_is_at_work(hall: Hall, session: Session) -> None:
    hall.arrive(1, 2, 3, 4)
    first, second = kept(hall, session, 1), kept(hall, session, 2)
    assert [number for number, _ in first] == [number for number, _ in second] == ["A-001", "A-002", "A-003", "A-004"]
    assert [mine for _, mine in first] == [not mine for _, mine in second] == [False, True, False, True]
    session.get_one(Counter, hall.counters[2]).paused_at = hall.clock.now()
    session.flush()
    assert [mine for _, mine in kept(hall, session, 1)] == [True] * 4
    assert [mine for _, mine in kept(hall, session, 2)] == [False] * 4


def test_whoever_was_called_is_in_no_list(hall: Hall, session: Session) -> None:
    called, _ = hall.arrive(1, 2)
    assert hall.call() == called
    assert [number for number, _ in kept(hall, session, 2)] == ["A-002"]


def test_the_fingerprint_changes_with_what_a_device_shows(hall: Hall, session: Session) -> None:
    hall.arrive(1, 2)
    before = tickets_of_day(session, hall.office_id, THURSDAY)
    assert len(answering_to_code(before)) == 2
    assert fingerprint(before) == fingerprint(tickets_of_day(session, hall.office_id, THURSDAY))
    hall.call()
    assert fingerprint(before) != fingerprint(tickets_of_day(session, hall.office_id, THURSDAY))
