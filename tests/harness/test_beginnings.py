"""What is put there as rows is what the product made, and what is made after it goes on from there."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from queue_app.models import Office, OfficeService, Schedule, ScheduleWindow, Service, ServiceDay, Slot
from queue_app.models.base import Base
from tests.harness.beginnings import Beginnings
from tests.harness.factories import begin_offering, make_office, slots_of
from tests.harness.fakes import MONDAY_MORNING, THURSDAY

MADE: tuple[type[Base], ...] = (Slot, ServiceDay, ScheduleWindow, Schedule, OfficeService, Service, Office)


def rows(session: Session) -> dict[str, list[tuple[object, ...]]]:
    found = {table.name: session.execute(table.select()).all() for table in Base.metadata.sorted_tables}
    return {name: sorted(map(tuple, rows), key=repr) for name, rows in found.items()}


def test_the_second_time_everything_is_as_the_first(session: Session) -> None:
    beginnings = Beginnings()
    first = begin_offering(session, beginnings, now=MONDAY_MORNING, capacity=3).id
    made = rows(session)
    for table in MADE:
        session.execute(delete(table))
    session.commit()
    session.expunge_all()
    again = begin_offering(session, beginnings, now=MONDAY_MORNING, capacity=3)
    assert not session.in_transaction()  # it would see nothing of what others write from now on
    assert again.id == first
    assert rows(session) == made
    assert [slot.capacity for slot in slots_of(session, again, THURSDAY)] == [3, 3]
    assert make_office(session, "gemolong").id > again.office_id


def test_upon_what_is_there_it_is_made_anew(session: Session) -> None:
    beginnings = Beginnings()
    beginnings.begin(session, "office", lambda: (make_office(session, "here"),))
    (office,) = beginnings.begin(session, "office", lambda: (make_office(session, "there"),))
    assert office.slug == "there"
