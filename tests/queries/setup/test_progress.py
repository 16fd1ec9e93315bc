"""What an office still lacks."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date
from queue_app.domain.roles import Role
from queue_app.models import HolidayYear, Office, OfficeService, Staff, StaffAssignment
from queue_app.queries.setup.progress import can_be_booked, people_expected, progress_of
from queue_app.services.setup.offered import offer_services
from queue_app.services.visits.counters import create_counter
from tests.harness.factories import TESTER, make_offering, make_office
from tests.harness.fakes import MONDAY_MORNING

TODAY = office_date(MONDAY_MORNING, "Asia/Jakarta")
BY = {"actor": TESTER, "now": MONDAY_MORNING}


def test_a_bare_office_lacks_everything(session: Session) -> None:
    office = make_office(session)
    office.address = ""
    progress = progress_of(session, office.id, today=TODAY)
    assert progress.lacks == ("address", "hours", "contact")
    assert progress.done == frozenset()
    assert not can_be_booked(session, office.id, today=TODAY)
    assert progress.undecided == (2026, 2027)


def test_step_by_step_it_lacks_less(session: Session) -> None:
    offering = make_offering(session, now=MONDAY_MORNING)
    office = session.get_one(Office, offering.office_id)
    office.phone, office.opening_hours_id = "110", "Setiap hari"
    assert progress_of(session, office.id, today=TODAY).done == {"office", "services", "hours"}
    assert can_be_booked(session, office.id, today=TODAY)
    (other,) = offer_services(session, office.id, ["IKD"], **BY)
    assert progress_of(session, office.id, today=TODAY).without_places == (other.service,)
    assert not can_be_booked(session, office.id, today=TODAY)
    create_counter(session, office_id=office.id, number=1, service_ids=[offering.service_id], **BY)
    progress = progress_of(session, office.id, today=TODAY)
    assert (progress.counters, progress.without_counter) == (1, (other.service,))
    other.active = False
    session.add_all(
        HolidayYear(year=year, confirmed_at=MONDAY_MORNING, confirmed_by="system:tests") for year in (2026, 2027)
    )
    staff = Staff(username="a", name="A", password_hash="-", created_at=MONDAY_MORNING)
    staff.assignments = [StaffAssignment(office_id=office.id, role=role) for role in (Role.DESK, Role.COUNTER)]
    session.add(staff)
    session.flush()
    done = progress_of(session, office.id, today=TODAY).done
    assert done == {"office", "services", "hours", "holidays", "staff", "counters"}


def test_another_offices_things_do_not_count(session: Session) -> None:
    offering = make_offering(session, now=MONDAY_MORNING)
    empty = make_office(session, "kosong")
    assert progress_of(session, empty.id, today=TODAY).services == 0
    assert people_expected(session, session.scalars(select(OfficeService)).one(), today=TODAY) == 0
    assert offering.office_id != empty.id
