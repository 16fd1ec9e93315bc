"""Where a service is called at counters, nobody is begun with in the list without a reason that everybody can see."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.domain.overrides import Overrider
from queue_app.domain.visits import Outcome, StepKind, VisitState
from queue_app.models import AuditEntry, Counter
from queue_app.queries.arrivals.arrivals import arrivals_of_day
from queue_app.queries.records.invariants import verify
from queue_app.queries.visits.hall import hall as read_hall
from queue_app.services.visits.serving import transfer
from queue_app.services.visits.without_counter import start_out_of_order, step_in_list
from tests.harness.factories import TESTER
from tests.harness.hall import Hall

REASON = "Harus kembali ke rumah sakit"


def begin(hall: Hall, ticket_id: int, reason: str = REASON) -> VisitState:
    by = {"office_id": hall.office_id, "actor": TESTER, "now": hall.clock.advance(seconds=1), "who": Overrider(None)}
    visit = start_out_of_order(hall.session, ticket_id, reason=reason, **by)
    hall.session.commit()
    return visit.state


def in_list(hall: Hall, ticket_id: int, target: VisitState) -> VisitState:
    by = {"office_id": hall.office_id, "actor": TESTER, "now": hall.clock.advance(seconds=1)}
    state = step_in_list(hall.session, ticket_id, target, **by).state
    hall.session.commit()
    return state


def test_the_list_does_not_begin_what_counters_call(hall: Hall, session: Session) -> None:
    (one,) = hall.arrive(1)
    with hall.refused("called_at_counters"):
        in_list(hall, one, VisitState.IN_SERVICE)
    for counter in session.scalars(select(Counter)):
        counter.active = False
    session.commit()
    assert in_list(hall, one, VisitState.IN_SERVICE) is VisitState.IN_SERVICE  # as before, where there are none


def test_out_of_order_needs_a_reason_and_stays_in_history_audit_and_hall(
    hall: Hall, session: Session, keyring: Keyring
) -> None:
    first, second = hall.arrive(1, 2)
    for reason in (" ", "NIK 3314990101900001"):
        with hall.refused("reason_required"):
            begin(hall, second, reason)
    for _twice in range(2):
        assert begin(hall, second) is VisitState.IN_SERVICE
    (step,) = hall.steps(second)
    assert (step.kind, step.reason) == (StepKind.OUT_OF_ORDER, REASON)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "visit.in_service")).one()
    assert (entry.actor, entry.reason) == (TESTER.label, REASON)
    shown = read_hall(session, hall.office, hall.office.calling_rules, now=hall.clock.now())
    assert [(one.number, one.service) for one in shown.out_of_order] == [("A-002", "KTP_REKAM")]
    rows = arrivals_of_day(session, hall.office_id, hall.slots[0].day, now=hall.clock.now()).people(keyring)
    assert [row.out_of_order for row in rows] == [None, REASON]
    assert hall.call() == first
    assert in_list(hall, second, VisitState.SERVED) is VisitState.SERVED
    assert hall.visit(second).outcome is Outcome.DONE
    assert read_hall(session, hall.office, hall.office.calling_rules, now=hall.clock.now()).out_of_order == ()
    broken = verify(session, keyring=keyring, now=hall.clock.now())
    assert not [one for one in broken if one.breaches and one.code in {"I12", "I13"}]


def test_nobody_is_taken_from_a_counter(hall: Hall) -> None:
    called, sent = hall.arrive(1, 2)
    hall.call()
    with hall.refused("illegal_visit_step"):
        begin(hall, called)
    hall.call(2)
    hall.press(transfer, sent, to_counter_id=hall.counters[1], at=2)
    with hall.refused("illegal_visit_step"):
        begin(hall, sent)
    with hall.refused("not_found"):
        begin(hall, 4711)


@pytest.mark.parametrize("service", ["booked", "other"])
def test_the_list_says_what_somebody_waits_for_now(
    hall: Hall, session: Session, keyring: Keyring, service: str
) -> None:
    (one,) = hall.arrive(1)
    expected, name = hall.service_id, "Perekaman KTP-el"
    if service == "other":
        hall.call(2)
        hall.press(transfer, one, to_service_id=hall.other_service_id, at=2)
        expected, name = hall.other_service_id, "Layanan KK"
    listed = arrivals_of_day(session, hall.office_id, hall.slots[0].day, now=hall.clock.now())
    (person,) = listed.people(keyring)
    assert (person.service_number, person.service_id) == (expected, name)
    assert [row.id for row in listed.of_service(expected).rows] == [one]
