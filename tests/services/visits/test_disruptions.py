"""A disruption stops the services that need what has failed, and no others; several may last at once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.disruptions import SecondPersonNeeded
from queue_app.domain.roles import Role
from queue_app.domain.visits import Outcome
from queue_app.models import AuditEntry, Disruption, DisruptionKind, StaffAssignment
from queue_app.services.visits.calling import recall, resume
from queue_app.services.visits.closing_today import close_today, reach_of
from queue_app.services.visits.disruptions import begin_disruption, disruptions_of, end_disruption, stopping
from queue_app.services.visits.serving import finish, hold, start, transfer
from tests.harness.factories import TESTER
from tests.harness.hall import Hall


def begin(hall: Hall, kind: DisruptionKind, *service_ids: int) -> Disruption:
    facts: dict[str, Any] = {"expected_until": None, "actor": TESTER, "now": hall.clock.now()}
    begun = begin_disruption(hall.session, hall.office_id, kind, service_ids=service_ids or None, **facts)
    hall.session.commit()
    return begun


def end(hall: Hall, disruption: Disruption) -> None:
    by = {"disruption_id": disruption.id, "actor": TESTER, "now": hall.clock.now()}
    end_disruption(hall.session, hall.office_id, close=None, **by)
    hall.session.commit()


def test_only_what_is_stopped_is_not_called(hall: Hall) -> None:
    recorded, held, passed_on, waiting = hall.arrive(1, 2, 3, 4)
    assert hall.call(2) == recorded
    hall.press(transfer, recorded, to_service_id=hall.other_service_id, at=2)
    hall.call(1)
    hall.press(hold, held)
    device = begin(hall, DisruptionKind.DEVICE, hall.service_id)
    with hall.refused("disrupted"):
        hall.call(1)  # which gives nothing else
    with hall.refused("disrupted"):
        hall.press(resume, held, at=1)
    assert hall.call(2) == recorded  # for the other service
    hall.press(recall, recorded, at=2)
    hall.press(start, recorded, at=2)
    hall.press(finish, recorded, Outcome.DONE, at=2)
    assert hall.call(2) is None
    assert hall.order() == [passed_on, waiting]  # who keep their places
    end(hall, device)
    assert hall.call(2) == passed_on


def test_several_last_at_once_and_each_ends_by_itself(hall: Hall, session: Session) -> None:
    one, two = hall.service_id, hall.other_service_id
    device, power = begin(hall, DisruptionKind.DEVICE, one), begin(hall, DisruptionKind.POWER)
    assert [found.id for found in disruptions_of(session, hall.office_id)] == [device.id, power.id]
    end(hall, power)
    assert stopping(session, hall.office_id, one) is device
    assert stopping(session, hall.office_id, two) is None


def test_a_second_one_of_a_kind_adds_its_services(hall: Hall, session: Session) -> None:
    one, two = hall.service_id, hall.other_service_id
    first = begin(hall, DisruptionKind.DEVICE, one)
    assert begin(hall, DisruptionKind.DEVICE, one).id == first.id
    assert [service.id for service in first.services] == [one]
    begin(hall, DisruptionKind.DEVICE, two)
    assert {service.id for service in first.services} == {one, two}
    begin(hall, DisruptionKind.DEVICE)
    assert first.services == []  # the whole office, whatever it gives tomorrow
    begin(hall, DisruptionKind.DEVICE, one)
    assert first.services == []
    changes = session.scalars(
        select(AuditEntry.after).where(AuditEntry.action == "office.disrupted").order_by(AuditEntry.id)
    )
    assert [change.get("services") for change in changes] == [["KTP_REKAM"], ["KK", "KTP_REKAM"], None]


def test_all_services_of_an_office_are_the_whole_office(hall: Hall) -> None:
    assert begin(hall, DisruptionKind.POWER, hall.service_id, hall.other_service_id).services == []
    with hall.refused("not_found"):
        begin(hall, DisruptionKind.DEVICE, 4711)


def test_closing_the_day_sends_home_only_those_of_the_stopped_services(hall: Hall, session: Session) -> None:
    gone, stays = hall.arrive(1, 2)
    hall.call(2)
    hall.press(transfer, gone, to_service_id=hall.other_service_id, at=2)
    device = begin(hall, DisruptionKind.DEVICE, hall.other_service_id)
    reach = reach_of(session, device, now=hall.clock.now())
    assert ([ticket.id for ticket in reach.waiting], reach.people) == ([gone], 1)
    assert (reach.told, reach.unreachable) == (0, 1)  # nobody is written to who gave no e-mail
    whole = begin(hall, DisruptionKind.POWER)
    assert {ticket.id for ticket in reach_of(session, whole, now=hall.clock.now()).waiting} == {gone, stays}


@pytest.mark.parametrize(
    ("roles", "second", "why"),
    [
        ((Role.ADMINISTRATOR,), None, None),
        ((Role.DESK,), None, "missing"),
        ((Role.DESK,), 0, "the_same"),
        ((Role.DESK, Role.VILLAGE), 1, "not_allowed"),
        ((Role.DESK, Role.COUNTER), 1, None),
    ],
)
def test_an_administrator_or_two_persons_close_the_day(
    hall: Hall, session: Session, roles: tuple[Role, ...], second: int | None, why: str | None
) -> None:
    people = [hall.officer(f"petugas{index}") for index in range(len(roles))]
    for staff_id, role in zip(people, roles, strict=True):
        session.add(StaffAssignment(staff_id=staff_id, office_id=hall.office_id, role=role))
    power = begin(hall, DisruptionKind.POWER)
    by: dict[str, Any] = {"staff_id": people[0], "second_id": None if second is None else people[second]}
    by["now"] = hall.clock.now()
    if why:
        with pytest.raises(SecondPersonNeeded) as refusal:
            close_today(session, hall.office_id, power.id, ("Listrik padam", ""), **by)
        assert refusal.value.details == {"why": why}
        session.rollback()
        assert disruptions_of(session, hall.office_id)
        return
    assert close_today(session, hall.office_id, power.id, ("Listrik padam", ""), **by).closed_day
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "office.closed_today")).one()
    assert entry.actor == f"staff:{people[0]}"
    assert entry.after.get("confirmed_by") == (f"staff:{people[1]}" if len(people) > 1 else None)
