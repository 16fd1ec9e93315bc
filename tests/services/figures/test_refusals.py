"""Refused attempts: counted beside every request, written down now and then, and never too many."""

from __future__ import annotations

from collections import Counter

from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from queue_app.adapters.refused import RefusedAttempts, refused
from queue_app.domain.figures.refusals import RefusalReason
from queue_app.models import DayRefusal
from queue_app.queries.figures.refused import found_full
from queue_app.queries.figures.refused import refused as refused_attempts
from queue_app.server.refused_attempts import write_down
from queue_app.services.figures.refusals import add_refusals
from tests.harness.fakes import FRIDAY, THURSDAY
from tests.services.conftest import Slots

FULL, CLOSED = RefusalReason.FULL.value, RefusalReason.DAY_CLOSED.value


def test_they_add_up_by_day_service_and_reason(session: Session, slots: Slots) -> None:
    first, second = slots(THURSDAY)
    (other, _) = slots(FRIDAY)
    for _ in range(2):
        add_refusals(session, {(first.id, FULL): 3, (second.id, FULL): 2, (other.id, CLOSED): 1, (10**6, FULL): 9})
    rows = session.scalars(select(DayRefusal).order_by(DayRefusal.day)).all()
    assert [(row.day, row.reason, row.attempts) for row in rows] == [
        (THURSDAY, RefusalReason.FULL, 10),
        (FRIDAY, RefusalReason.DAY_CLOSED, 2),
    ]
    ((_service, counts),) = refused_attempts(session, first.office_id, THURSDAY, FRIDAY)
    assert counts == {RefusalReason.FULL: 10, RefusalReason.DAY_CLOSED: 2}
    assert found_full(session, first.office_id, THURSDAY, FRIDAY) == {THURSDAY: 10}


def test_the_memory_is_bounded_and_taken_once() -> None:
    counting = RefusedAttempts()
    for slot_id in range(20_005):
        counting.count(slot_id, FULL)
    counting.count(1, FULL)
    taken = counting.take()
    assert (len(taken), taken[1, FULL]) == (20_000, 2)
    assert not counting
    counting.put_back(taken)
    assert counting.take() == taken


def test_what_cannot_be_stored_waits(app: Flask, session: Session, slots: Slots) -> None:
    (slot, _), _nothing = slots(), refused.take()
    slot_id = slot.id
    session.commit()
    refused.count(slot_id, FULL)
    session.execute(text("ALTER TABLE day_refusal RENAME TO away"))
    session.commit()
    assert write_down(app) == 0
    session.execute(text("ALTER TABLE away RENAME TO day_refusal"))
    session.commit()
    assert write_down(app) == 1
    assert write_down(app) == 0
    session.expire_all()
    assert session.scalars(select(DayRefusal.attempts)).all() == [1]
    assert refused.take() == Counter()
