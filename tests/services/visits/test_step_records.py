"""Each step of a visit in the audit log: which it was, at which counter, and what came of it."""

from __future__ import annotations

from sqlalchemy import select

from queue_app.domain.visits import Outcome
from queue_app.models import AuditEntry
from queue_app.services.visits import calling, serving
from tests.harness.hall import Hall


def recorded(hall: Hall, ticket_id: int) -> list[dict[str, object]]:
    query = select(AuditEntry).where(AuditEntry.subject == "visit", AuditEntry.subject_id == ticket_id)
    return [entry.after or {} for entry in hall.session.scalars(query.order_by(AuditEntry.id))]


def test_steps_that_leave_the_state_as_it_is_are_recorded_too(hall: Hall) -> None:
    hall.arrive(1)
    ticket_id = hall.call()
    for _ in range(2):
        hall.press(calling.recall, ticket_id)
    hall.press(calling.skip, ticket_id)
    assert [(one["step"], one["state"], one.get("counter")) for one in recorded(hall, ticket_id)] == [
        ("call", "called", 1),
        ("recall", "called", 1),
        ("recall", "called", 1),
        ("skip", "waiting", 1),
    ]


def test_the_outcome_is_recorded_with_the_end_alone(hall: Hall) -> None:
    hall.arrive(1)
    ticket_id = hall.call()
    hall.press(serving.start, ticket_id)
    hall.press(serving.finish, ticket_id, outcome=Outcome.FAILED_IRIS)
    *before, last = recorded(hall, ticket_id)
    assert last == {"state": "served", "step": "finish", "counter": 1, "outcome": "failed_iris"}
    assert not [one for one in before if "outcome" in one]
