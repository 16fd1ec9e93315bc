"""Which rows belong to an office, and who looks after whose account."""

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Role
from queue_app.models import OfficeService, Staff, StaffAssignment
from queue_app.queries.access.kiosks import device_at, devices_of
from queue_app.queries.access.office_rows import office_service_at, service_day_at
from queue_app.queries.access.staff import (
    administered_offices,
    administers_every_office,
    may_give_roles,
    may_look_after,
)
from tests.harness.factories import make_kiosk, make_office, slots_of
from tests.harness.fakes import THURSDAY, FixedClock


def test_a_row_of_another_office_is_not_even_there(
    session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    here, there = offering.office_id, make_office(session, "gemolong").id
    day_id = slots_of(session, offering, THURSDAY)[0].service_day_id
    make_kiosk(session, offering.office, now=clock.now(), locked=True)
    assert office_service_at(session, offering.id, here) is offering
    assert service_day_at(session, day_id, here)[1] is offering
    (kiosk,) = devices_of(session, here)
    assert device_at(session, kiosk.id, here) is kiosk
    with pytest.raises(NotFound):
        office_service_at(session, offering.id, there)
    with pytest.raises(NotFound):
        service_day_at(session, day_id, there)
    assert devices_of(session, there) == []
    assert device_at(session, kiosk.id, there) is None


def test_an_administrator_looks_after_colleagues_of_the_own_offices_only(
    session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    here, there = offering.office, make_office(session, "gemolong")

    def somebody(username: str, *roles: tuple[int, Role]) -> Staff:
        staff = Staff(username=username, name=username, password_hash="-", created_at=clock.now())
        staff.assignments = [StaffAssignment(office_id=office_id, role=role) for office_id, role in roles]
        session.add(staff)
        session.flush()
        return staff

    of_one = somebody("satu", (here.id, Role.ADMINISTRATOR), (there.id, Role.AUDITOR))
    of_both = somebody("dua", (here.id, Role.ADMINISTRATOR), (there.id, Role.ADMINISTRATOR))
    desk, both, nowhere = somebody("meja", (here.id, Role.DESK)), somebody("x", (here.id, Role.DESK)), somebody("y")
    both.assignments.append(StaffAssignment(office_id=there.id, role=Role.DESK))
    session.flush()
    assert administered_offices(session, of_one.id) == [here]
    assert (administers_every_office(session, of_one.id), administers_every_office(session, of_both.id)) == (
        False,
        True,
    )
    assert [may_look_after(session, of_one.id, who) for who in (desk, both, nowhere, of_one)] == [True] + [False] * 3
    assert [may_look_after(session, of_both.id, who) for who in (desk, both, nowhere, of_both)] == [True, True] + [
        False
    ] * 2
    assert [may_give_roles(session, of_one.id, who) for who in (desk, both, nowhere, of_one)] == [True, True] + [
        False
    ] * 2
